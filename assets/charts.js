/* The six charts: a sliding minute, or a longer range of the viewer's own choice. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** Plotly's cheapest public way to move a line: paths only, axes and layout untouched. */
  const MOVE = Object.freeze({
    mode: 'immediate',
    transition: { duration: 0 },
    frame: { duration: 0, redraw: false },
  });

  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const STEPS = [[6 * MINUTE, MINUTE], [16 * MINUTE, 5 * MINUTE], [HOUR, 15 * MINUTE], [6 * HOUR, HOUR], [Infinity, 4 * HOUR]];

  class Chart {
    /** What is drawn: {live, t, ages, traces}; the hover reads it. */
    drawn = null;

    #axis = null;
    #base = null;

    constructor(graph) {
      this.graph = graph;
      this.id = graph.id;
    }

    get plot() {
      return this.graph.querySelector('.js-plotly-plot');
    }

    /** Dash draws the empty chart first; until that is done nobody else may. */
    get ready() {
      const plot = this.plot;
      return Boolean(plot?.querySelector('.main-svg')) && !plot.classList.contains('dash-graph--pending');
    }

    get shown() {
      return this.graph.offsetParent !== null;
    }

    /** Lowest and highest x of what is drawn. */
    get span() {
      return this.drawn?.span ?? null;
    }

    /** Draw rows at `x`, of epoch ms `t`. `xaxis` null = the sliding minute. */
    draw(t, x, traces, range, xaxis) {
      const plot = this.plot;
      this.#base ??= { ...plot.layout.xaxis };
      const axis = JSON.stringify([range ?? null, xaxis]);
      this.drawn = { live: xaxis === null, t, x, traces, span: xaxis?.range ?? this.#base.range };
      const data = plot.data.map((trace, index) => ({ x, y: traces[index] ?? [] }));
      if (axis === this.#axis && xaxis === null) {
        return window.Plotly.animate(plot, { data, traces: data.map((_, index) => index) }, MOVE);
      }
      this.#axis = axis;
      const layout = { ...plot.layout, xaxis: { ...this.#base, ...xaxis } };
      if (range) layout.yaxis = { ...layout.yaxis, autorange: false, range: [...range] };
      return window.Plotly.react(plot, plot.data.map((trace, index) => ({ ...trace, ...data[index] })), layout, plot._context);
    }
  }

  hub.Charts = class Charts {
    #charts = new Map();
    #offscreen = new Set();
    #watch = null;
    #afterwards;

    /** `afterwards` is called when a chart that was out of sight has to be drawn. */
    constructor(afterwards) {
      this.#afterwards = afterwards;
      if (window.IntersectionObserver) {
        this.#watch = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '100px' });
      }
    }

    /** All charts that are on the page. */
    all() {
      for (const graph of document.querySelectorAll('.live-chart')) {
        if (this.#charts.get(graph.id)?.graph === graph) continue;
        this.#charts.set(graph.id, new Chart(graph));
        this.#watch?.observe(graph);
      }
      return [...this.#charts.values()];
    }

    get(id) {
      return this.#charts.get(id);
    }

    /** Draw the sliding minute that ends at `now`; false when some chart was not ready for it. */
    minute(points, axes, now) {
      const x = points.ages(now);
      // Copies: what is drawn stays as it is while the points go on, on a paused page for instance.
      const t = [...points.t];
      const traces = (id) => (points.series.get(id) ?? []).map((values) => [...values]);
      return this.#each((chart) => [t, x, traces(chart.id), axes.get(chart.id), null]);
    }

    /** Draw a range as the server reduced it. */
    range(data) {
      const [from, to] = data.x;
      const step = STEPS.find(([most]) => to - from <= most)[1];
      const tickvals = hub.clock.multiples(from, to, step);
      const xaxis = { range: [from, to], tickvals, ticktext: tickvals.map(hub.clock.minute) };
      return this.#each((chart) => [data.t, data.t, data[chart.id] ?? [], data.axes?.[chart.id], xaxis]);
    }

    #each(rows) {
      let all = true;
      for (const chart of this.all()) {
        if (this.#offscreen.has(chart.id) || !chart.shown) continue;
        if (!chart.ready) {
          all = false;
          continue;
        }
        Promise.resolve(chart.draw(...rows(chart))).catch(() => {
          // Plotly rejects a move that a newer one replaced: nothing is lost.
        });
      }
      return all && this.#charts.size > 0;
    }

    #seen(entries) {
      let back = false;
      for (const entry of entries) {
        if (entry.isIntersecting) back = this.#offscreen.delete(entry.target.id) || back;
        else this.#offscreen.add(entry.target.id);
      }
      if (back) this.#afterwards();
    }
  };
})();
