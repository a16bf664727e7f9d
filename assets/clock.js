/* Epoch milliseconds as clock time in the viewer's zone. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const seconds = new Intl.DateTimeFormat(undefined, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

  const days = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
  const years = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
  const year = (ms) => new Date(ms).getFullYear();
  const day = (ms) => (year(ms) === year(Date.now()) ? days : years).format(ms);

  hub.clock = Object.freeze({
    /** HH:MM:SS of today; of another day the date and HH:MM. */
    stamp: (ms) =>
      !Number.isFinite(ms) || day(ms) === day(Date.now()) ? hub.clock.time(ms) : hub.clock.moment(ms),

    /** HH:MM:SS */
    time: (ms) => (Number.isFinite(ms) ? seconds.format(ms) : '–'),

    /** HH:MM */
    minute: (ms) => minutes.format(ms),

    /** 22 Nov, of another year with it */
    day,

    /** 22 Nov 14:10 */
    moment: (ms) => `${day(ms)} ${minutes.format(ms)}`,

    /** Multiples of `step` ms on the viewer's clock within [from, to]. One offset serves the whole range, so the
     *  ticks stay evenly spaced across a change to or from daylight saving time; each label is its own true time. */
    multiples(from, to, step) {
      const offset = new Date(to).getTimezoneOffset() * 60000;
      const ticks = [];
      for (let t = Math.ceil((from - offset) / step) * step + offset; t <= to; t += step) ticks.push(t);
      return ticks;
    },
  });
})();
