/* Axes of the History page: round limits and ticks. Knows no DOM. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const STEPS = [
    ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
    ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
    ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
    ...[1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY),
  ];
  const MARGIN = 1.08;
  const FLAT = 0.5;
  const ROUND = [1, 2, 2.5, 5, 10];
  const LINES = 5;

  /** The smallest round number that is not smaller. */
  function ceiling(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return ROUND.find((one) => one * power >= value * (1 - 1e-9)) * power;
  }

  hub.axis = Object.freeze({
    /** {low, high, ticks} around the values that are known; `chart`: {floor, least, most} as in monitor/ui/chart.py. */
    values(known, { floor, least, most }) {
      let low = Infinity;
      let high = -Infinity;
      for (const value of known) {
        if (value === null || value === undefined) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (low > high) [low, high] = [0, least];
      else if (floor || low <= FLAT * high) {
        [low, high] = [Math.min(0, low), Math.max(high * MARGIN, least)];
      } else {
        const span = Math.max(high - low, least, high / 8) / 2;
        [low, high] = [low - span * 0.25, high + span * 0.25];
      }
      if (low === high) high = low + 1;
      const step = ceiling((high - low) / LINES);
      if (most !== null && high > most && known.every((value) => !(value > most))) high = most;
      const ticks = [];
      for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) {
        ticks.push(Number((n * step).toPrecision(12)));
      }
      return { low, high, ticks };
    },

    /** [{at, text}]: moments on the viewer's clock, `most` of them or fewer; a day's first one says the day. */
    time(from, to, most) {
      const step = STEPS.find((one) => (to - from) / one <= most) ?? STEPS.at(-1);
      let day = null;
      return hub.clock.multiples(from, to, step).map((at) => {
        const own = hub.clock.day(at);
        const fresh = day !== null && own !== day;
        day = own;
        if (step >= DAY || (fresh && step >= HOUR)) return { at, text: own };
        return { at, text: step < MINUTE ? hub.clock.time(at) : hub.clock.minute(at) };
      });
    },
  });
})();
