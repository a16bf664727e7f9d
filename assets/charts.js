/* The six charts: a sliding minute, or a longer range of the viewer's own choice. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const STEPS = [[6 * MINUTE, MINUTE], [16 * MINUTE, 5 * MINUTE], [HOUR, 15 * MINUTE], [6 * HOUR, HOUR], [Infinity, 4 * HOUR]];

  class Chart {
    /** What is drawn: {t, x, traces, span}, t in epoch ms; the hover reads it. */
    drawn = null;

    #axis = null;
    #base = null;
    #pen = null;

    constructor(graph) {
      this.graph = graph;
      this.id = graph.id;
    }

    get plot() {
      return this.graph.querySelector('.js-plotly-plot');
    }

    /** Dash draws the empty chart first, in one go. It then fits it to its place, which draws what is there then. */
    get ready() {
      return Boolean(this.plot?.querySelector('.main-svg'));
    }

    get area() {
      return this.#pen?.area ?? null;
    }

    /** Draw rows at `x`, of epoch ms `t`; `range` is of the y axis; `xaxis` null = the sliding minute. */
    draw(t, x, traces, range, xaxis) {
      const { plot } = this;
      if (!this.#pen) this.#adopt(plot);
      const rows = plot.data.map((_, index) => traces[index] ?? []);
      const empty = document.getElementById(`${this.id}-empty`);
      if (empty) empty.hidden = rows.some((values) => values.some((value) => value !== null));
      this.drawn = { t, x, traces: rows, span: xaxis?.range ?? this.#base.range };
      const axis = JSON.stringify([range ?? null, xaxis]);
      if (axis === this.#axis && this.#pen.write(x, rows)) {
        // Plotly keeps what it draws from here, so its next own drawing (another size, say) shows the same.
        plot.data.forEach((trace, index) => Object.assign(trace, { x, y: rows[index] }));
        return;
      }
      this.#axis = axis;
      const layout = { ...plot.layout, xaxis: { ...this.#base, ...xaxis } };
      if (range) layout.yaxis = { ...layout.yaxis, autorange: false, range: [...range] };
      // The hover is ours, see hover.js.
      layout.hovermode = false;
      const data = plot.data.map((trace, index) => ({ ...trace, x, y: rows[index] }));
      window.Plotly.react(plot, data, layout, plot._context);
    }

    #adopt(plot) {
      const title = document.getElementById(`${this.id}-title`)?.firstChild?.textContent ?? this.id;
      this.graph.tabIndex = 0;
      this.graph.setAttribute('role', 'img');
      this.graph.setAttribute('aria-label', `${title} over time; the arrow keys read it`);
      this.#pen = new hub.Pen(plot);
      this.#base = { ...plot.layout.xaxis };
      // Plotly fills across gaps; the pen does not.
      plot.on('plotly_afterplot', () => this.drawn && this.#pen.write(this.drawn.x, this.drawn.traces));
    }
  }

  hub.Charts = class Charts {
    #charts = new Map();
    #inSight = new Set();
    #watch = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '100px' });
    #afterwards;

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
        if (!this.#inSight.has(chart.id)) continue;
        if (!chart.ready) {
          all = false;
          continue;
        }
        try {
          chart.draw(...rows(chart));
        } catch (error) {
          // One chart that fails must not stop the other five.
          window.reportError(error);
        }
      }
      return all && this.#charts.size > 0;
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
