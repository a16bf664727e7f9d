/* Epoch milliseconds as clock time in the viewer's zone. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const seconds = new Intl.DateTimeFormat(undefined, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

  const dates = new Intl.DateTimeFormat(undefined, {
    day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  const years = new Intl.DateTimeFormat(undefined, {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });

  const day = (ms) => new Date(ms).toDateString();

  hub.clock = Object.freeze({
    /** Names the viewer's day. */
    day,

    /** HH:MM:SS of today; of another day the date and HH:MM. */
    moment(ms) {
      if (!Number.isFinite(ms) || day(ms) === day(Date.now())) return hub.clock.time(ms);
      return (new Date(ms).getFullYear() === new Date().getFullYear() ? dates : years).format(ms);
    },

    /** HH:MM:SS */
    time: (ms) => (Number.isFinite(ms) ? seconds.format(ms) : '–'),

    /** HH:MM */
    minute: (ms) => minutes.format(ms),

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
