/* The range of the History page as its address says it: ?from=now-6h&to=now, epoch ms, ISO 8601; &compare=1.
 * Each choice is a step of the browser's own history. What the words mean, and whether they are any, the server says. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.HistoryAddress = class HistoryAddress {
    #onChange;

    /** `onChange` is called when the browser goes back or forward. */
    constructor(onChange) {
      this.#onChange = onChange;
      window.addEventListener('popstate', () => this.#onChange());
    }

    /** {from, to, compare} as the address has it; from and to are null where it says nothing. */
    get range() {
      const query = new URLSearchParams(window.location.search);
      return { from: query.get('from'), to: query.get('to'), compare: query.get('compare') === '1' };
    }

    /** Go on to another range, which is drawn as if the browser had gone there. */
    go({ from, to, compare }) {
      const query = new URLSearchParams({ from: String(from), to: String(to) });
      if (compare) query.set('compare', '1');
      const search = `?${query}`;
      if (search === window.location.search) return;
      window.history.pushState({}, '', window.location.pathname + search);
      // Dash's own record of the address; it would put the old one back.
      window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
      this.#onChange();
    }
  };
})();
