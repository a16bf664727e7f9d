/* One metric over the range: smallest to largest as a band, the mean or the percentiles as lines, the period before
 * dashed beneath. Own paths instead of Plotly's: its fills close over gaps. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** Values, null where too little of their span was measured. */
  const kept = (values, enough) => values.map((value, index) => (enough[index] ? value : null));

  /** Runs of spans in which the target did not answer all the time, as events. */
  hub.outages = function outages({ edges, metrics: { answered } }) {
    const lost = answered.mean.map((mean) => (mean !== null && mean < 100 ? mean : null));
    return hub.lines.runs(lost).map(([first, last]) => ({
      kind: 'outage', at: edges[first], until: edges[last + 1], state: 'critical', words: 'no answer', minor: false,
    }));
  };

  hub.HistoryChart = class HistoryChart {
    /** What is read out: [{name, edges, values, key}], the first in the first row. */
    rows = [];

    #settings;
    #paths = [];

    constructor(root) {
      this.#settings = JSON.parse(root.dataset.chart);
      this.plot = new hub.HistoryPlot(root);
    }

    get id() {
      return this.plot.root.id;
    }

    get unit() {
      return this.#settings.unit;
    }

    get metric() {
      return this.#settings.metric;
    }

    /** `found`: an answer of /api/v1/history/spans; `before`: that of the period before, null without. */
    draw(found, before, events) {
      const { plot } = this;
      plot.span(found.from, found.to, found.span_ms);
      const shift = before ? found.from - before.from : 0;
      const { low: lows, high: highs } = found.metrics[this.metric];
      const enough = this.#enough(found, found.edges);
      const band = { low: kept(lows, enough), high: kept(highs, enough) };
      const lines = this.#lines(found, 0);
      const old = before ? this.#lines(before, shift) : [];
      const known = [band.low, band.high, ...[...lines, ...old].map(({ values }) => values)].flat();
      const { low, high, ticks } = plot.limits(known, this.#settings);
      const y = plot.y(low, high);
      const pen = (points) => points.map(([at, value]) => `${plot.x(at)},${y(value)}`).join('L');
      for (const path of this.#paths) path.remove();
      this.#paths = [];
      const write = (className, d) => {
        const path = plot.path(className);
        path.setAttribute('d', d);
        this.#paths.push(path);
      };
      write('history-chart__grid', ticks.map((tick) => `M0,${y(tick)}H1000`).join(''));
      write('history-chart__band', hub.lines.area(found.edges, band.low, band.high, pen));
      for (const { edges, values, key, step } of [...old, ...lines]) {
        const shape = step ? hub.lines.steps : hub.lines.corners;
        write(`history-chart__line ${key}`, hub.lines.line(edges, values, pen, shape));
      }
      plot.values(ticks.map((tick) => ({ share: (high - tick) / (high - low), text: hub.figure(tick) })));
      plot.times();
      plot.mark(events.filter((event) => this.#concerns(event)), this.id === 'history-throughput');
      this.#describe(found, lines, old);
      this.#read(found, band, lines, old);
    }

    /** An alert stands on the chart of its metric, anything else on all of them. */
    #concerns({ kind, metric }) {
      return kind !== 'alert' || metric === this.metric || metric in (this.#settings.percentiles ?? {});
    }

    /** Mean, or percentiles where there are any: [{name, edges, values, key, step}], `shift` ms later. */
    #lines(found, shift) {
      const later = (edges) => (shift ? edges.map((at) => at + shift) : edges);
      const before = shift ? ' history-chart__line--before' : '';
      const { latency } = found;
      const names = Object.entries(this.#settings.percentiles ?? {});
      if (names.some(([metric]) => latency[metric].some((value) => value !== null))) {
        const edges = later(latency.edges);
        const step = latency.span_ms > found.span_ms;
        const enough = this.#enough(found, latency.edges);
        return names.map(([metric, name], place) => ({
          name, edges, values: kept(latency[metric], enough), key: `history-key--${place + 1}${before}`, step,
        }));
      }
      const values = kept(found.metrics[this.metric].mean, this.#enough(found, found.edges));
      return [{ name: 'mean', edges: later(found.edges), values, key: `history-key--1${before}`, step: false }];
    }

    /** Of which spans between `edges`, the range's own or coarser ones, enough was measured. */
    #enough(found, edges) {
      const own = found.metrics[this.metric].count;
      const count = this.metric === 'latency_ms' ? hub.gaps.latencyCount(found) : own;
      return hub.gaps.measured(edges, hub.gaps.coarser(count, found.edges, edges), found.interval_ms);
    }

    #describe(found, lines, old) {
      const per = hub.duration(found.span_ms);
      const { unit } = this.#settings;
      const percentiles = lines.length > 1;
      const legend = document.getElementById(`${this.id}-legend`);
      if (legend) legend.hidden = !percentiles;
      const words = percentiles
        ? `${unit}, of all requests per ${hub.duration(found.latency.span_ms)}; band: means of a second per ${per}`
        : `${unit ? `${unit}, ` : ''}minimum to maximum and mean per ${per}`;
      document.getElementById(`${this.id}-unit`).textContent = words;
      document.getElementById(`${this.id}-before`).hidden = !old.some(({ values }) => values.some((value) => value !== null));
    }

    #read(found, { low, high }, lines, old) {
      const { edges } = found;
      const name = lines.length > 1 ? 'means of a second' : 'minimum to maximum';
      const extremes = [{ name, edges, values: low, upto: high, key: 'history-key--band' }];
      const before = old.map((one) => ({ ...one, name: `${one.name} before` }));
      this.rows = [...lines, ...extremes, ...before];
    }
  };
})();
