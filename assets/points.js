/* The last minute of every chart's points, by epoch milliseconds. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  // As in monitor/core/series.py, which says why.
  const HOLE_INTERVALS = 1.75;

  hub.Points = class Points {
    /** Epoch ms, rising. Where the server saw nothing for more than HOLE_INTERVALS a row of nulls breaks the line. */
    t = [];

    /** Chart id -> one array of values per trace, as long as `t`; null is a gap. */
    series = new Map();

    #span;

    constructor(span = 60000) {
      this.#span = span;
    }

    get newest() {
      return this.t.length ? this.t[this.t.length - 1] : -Infinity;
    }

    clear() {
      this.t = [];
      this.series = new Map();
    }

    /** Take the rows that are newer than all held: {"t": [ms], "<chart id>": [[values], ..]}. */
    append(rows, interval) {
      const times = rows?.t ?? [];
      for (const [id, traces] of Object.entries(rows ?? {})) {
        if (id !== 't' && !this.series.has(id)) {
          this.series.set(id, traces.map(() => new Array(this.t.length).fill(null)));
        }
      }
      for (let row = 0; row < times.length; row += 1) {
        if (times[row] <= this.newest) continue;
        if (this.t.length && times[row] - this.newest > HOLE_INTERVALS * interval) this.#push(this.newest + interval, null, 0);
        this.#push(times[row], rows, row);
      }
      this.#trim();
    }

    /** Seconds before `now` (epoch ms) of each row, negative. */
    ages(now) {
      return this.t.map((t) => (t - now) / 1000);
    }

    #push(t, rows, row) {
      this.t.push(t);
      for (const [id, traces] of this.series) {
        traces.forEach((values, trace) => values.push(rows?.[id]?.[trace]?.[row] ?? null));
      }
    }

    /** One row before the span stays, so that the line enters at the chart's edge. */
    #trim() {
      const edge = this.newest - this.#span;
      let drop = 0;
      while (drop + 1 < this.t.length && this.t[drop + 1] <= edge) drop += 1;
      if (!drop) return;
      this.t.splice(0, drop);
      for (const traces of this.series.values()) traces.forEach((values) => values.splice(0, drop));
    }
  };

  /** Index of the element of a rising array that is nearest to a value, -1 for an empty one. */
  hub.nearest = function nearest(rising, value) {
    let low = 0;
    let high = rising.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (rising[middle] < value) low = middle;
      else high = middle;
    }
    return high < 0 || value - rising[low] <= rising[high] - value ? Math.min(low, high) : high;
  };
})();
