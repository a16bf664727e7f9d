/* The six charts: a sliding minute, or a longer range of the viewer's own choice. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const STEPS = [[6 * MINUTE, MINUTE], [16 * MINUTE, 5 * MINUTE], [HOUR, 15 * MINUTE], [6 * HOUR, HOUR], [Infinity, 4 * HOUR]];

  const line = (loads, expectation) => (expectation ? hub.expected(loads, expectation) : null);

  class Chart {
    /** What is drawn: {t, x, traces, expected, span, at}, t in epoch ms, `at` leads from there to x, `expected` is the
     *  last of the traces where there is one; hover and overlays read it. */
    drawn = null;

    #figure = null;
    #axes = null;
    #pen = null;

    constructor(graph) {
      this.graph = graph;
      this.id = graph.id;
    }

    get area() {
      return this.#pen?.area ?? null;
    }

    /** Draw a picture's rows: see Charts. */
    draw({ t, x, traces, expected, axis, xaxis }) {
      const plot = this.graph;
      const figure = (this.#figure ??= JSON.parse(plot.dataset.figure));
      const rows = expected ? [...traces, expected] : traces;
      const empty = document.getElementById(`${this.id}-empty`);
      if (empty) empty.hidden = traces.some((values) => values.some((value) => value !== null));
      const now = t.at(-1) - 1000 * x.at(-1);
      const at = xaxis ? (moment) => moment : (moment) => (moment - now) / 1000;
      this.drawn = { t, x, traces: rows, expected, span: xaxis?.range ?? figure.layout.xaxis.range, at };
      const axes = JSON.stringify([axis ?? null, xaxis]);
      if (axes === this.#axes && this.#pen.write(x, rows)) {
        // Plotly keeps what it draws from here, so its next own drawing (another size, say) shows the same.
        plot.data.forEach((trace, index) => Object.assign(trace, { x, y: rows[index] }));
        return;
      }
      this.#axes = axes;
      const layout = { ...figure.layout, xaxis: { ...figure.layout.xaxis, ...xaxis } };
      if (axis) layout.yaxis = { ...layout.yaxis, range: [...axis] };
      const data = rows.map((y, index) => ({ ...figure.data[index], x, y }));
      window.Plotly.react(plot, data, layout, figure.config);
      if (!this.#pen) this.#adopt(plot);
    }

    /** Plotly listens to the window alone, and a chart changes its size without it. */
    fit() {
      const { graph } = this;
      const drawn = graph._fullLayout;
      if (!drawn || !graph.clientWidth) return;
      if (drawn.width === graph.clientWidth && drawn.height === graph.clientHeight) return;
      // Refused when the page was left meanwhile; it is fitted when it comes back.
      window.Plotly.Plots.resize(graph).catch(() => undefined);
    }

    #adopt(plot) {
      const title = document.getElementById(`${this.id}-title`)?.firstChild?.textContent ?? this.id;
      plot.tabIndex = 0;
      plot.setAttribute('role', 'img');
      plot.setAttribute('aria-label', `${title} over time; the arrow keys read it`);
      this.#pen = new hub.Pen(plot);
      // Plotly fills across gaps; the pen does not.
      const write = () => this.#pen.write(this.drawn.x, this.drawn.traces);
      plot.on('plotly_afterplot', write);
      write();
    }
  }

  hub.Charts = class Charts {
    #charts = new Map();
    #inSight = new Set();
    #watch = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '100px' });
    #sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => this.#charts.get(target.id)?.fit()));
    #afterwards;

    /** Chart id -> {t, x, traces, expected, axis, xaxis}: moments in epoch ms, their x, values by trace, what the
     *  baseline's service would show (null without one), y range, and the x axis where it is not the sliding
     *  minute. It stands until the next, whatever comes in meanwhile. */
    #picture = new Map();

    /** Chart id -> which of it is drawn. */
    #shown = new Map();

    /** `afterwards` is called when a chart that was out of sight comes into it; what nobody sees is not drawn. */
    constructor(afterwards) {
      this.#afterwards = afterwards;
    }

    /** All charts that are on the page. */
    all() {
      for (const graph of document.querySelectorAll('.live-chart')) {
        if (this.#charts.get(graph.id)?.graph === graph) continue;
        this.#charts.set(graph.id, new Chart(graph));
        this.#watch.observe(graph);
        this.#sizes.observe(graph);
      }
      return [...this.#charts.values()];
    }

    get(id) {
      return this.#charts.get(id);
    }

    /** Show the sliding minute that ends at `now`; `expected`: chart id -> what the baseline expects. */
    minute(points, axes, now, expected) {
      const x = points.ages(now);
      const t = [...points.t];
      const loads = points.series.get('load')?.[0] ?? [];
      this.#picture = new Map([...points.series].map(([id, series]) => {
        const traces = series.map((values) => [...values]);
        return [id, { t, x, traces, expected: line(loads, expected[id]), axis: axes.get(id), xaxis: null }];
      }));
    }

    /** Show a range as the server reduced it. */
    range(data, expected) {
      const [from, to] = data.x;
      const step = STEPS.find(([most]) => to - from <= most)[1];
      const tickvals = hub.clock.multiples(from, to, step);
      const xaxis = { range: [from, to], tickvals, ticktext: tickvals.map(hub.clock.minute) };
      const rows = Object.entries(data.axes);
      this.#picture = new Map(rows.map(([id, axis]) => [
        id,
        { t: data.t, x: data.t, traces: data[id], expected: line(data.load[0], expected[id]), axis, xaxis },
      ]));
    }

    /** Draw what is in sight and not drawn yet; false while there is nothing to draw on or with. */
    draw() {
      const charts = this.all();
      if (!window.Plotly || !charts.length) return false;
      for (const chart of charts) {
        const rows = this.#picture.get(chart.id);
        if (!rows || !this.#inSight.has(chart.id) || this.#shown.get(chart.id) === rows) continue;
        this.#shown.set(chart.id, rows);
        try {
          chart.draw(rows);
        } catch (error) {
          // One chart that fails must not stop the other five.
          window.reportError(error);
        }
      }
      return true;
    }

    #seen(entries) {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#inSight.add(target.id);
        else this.#inSight.delete(target.id);
      }
      if (entries.some((entry) => entry.isIntersecting)) this.#afterwards();
    }
  };
})();
