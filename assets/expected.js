/* What the baseline's service would show: the browser's half of monitor/core/expectation.py. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** The metric at each load by {reference, coefficients, range}; null where the baseline does not know the load. */
  hub.expected = function expected(loads, { reference, coefficients: [first, second, third], range }) {
    return loads.map((load) => {
      if (!range) return first;
      if (!(load > 0 && load >= range[0] && load <= range[1])) return null;
      const x = Math.log(load / reference);
      const value = first + x * (second + x * third);
      return value > 0 ? value : null;
    });
  };
})();
