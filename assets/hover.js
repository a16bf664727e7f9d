/* The instant under the pointer: marked on every chart, read out on the one that is pointed at. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const PAGE_OF_KEYS = 10;
  const MOST_ALERTS = 3;

  function element(name, className) {
    const made = document.createElement(name);
    made.className = className;
    return made;
  }

  hub.Hover = class Hover {
    #charts;
    #spans;
    #marks = new Map();
    #label = null;

    /** The chart that is pointed at, and where: its share of the x axis, 0 to 1. */
    #pointed = null;
    #share = 0;

    /** `spans` gives the alerts on a chart by its id: [{from, to, severity, text}]. */
    constructor(charts, spans) {
      this.#charts = charts;
      this.#spans = spans;
      const move = (event) => this.#move(event);
      document.addEventListener('pointermove', move, { passive: true });
      document.addEventListener('pointerdown', move, { passive: true });
      document.addEventListener('pointercancel', () => this.hide(), { passive: true });
      // A finger leaves when it lifts, and what it pointed at is then to be read; the next touch elsewhere ends it.
      document.documentElement.addEventListener(
        'pointerleave',
        (event) => event.pointerType === 'touch' || this.hide(),
        { passive: true },
      );
      document.addEventListener('keydown', (event) => this.#key(event));
      document.addEventListener('focusout', (event) => {
        if (event.target.matches?.('.live-chart')) this.hide();
      });
    }

    /** Follow the data after it moved; free of cost while nothing is pointed at. */
    refresh() {
      if (this.#pointed) this.#show();
    }

    hide() {
      if (!this.#pointed) return;
      this.#pointed = null;
      for (const mark of this.#marks.values()) mark.hidden = true;
      this.#label.hidden = true;
    }

    #move(event) {
      const graph = event.target.closest?.('.live-chart');
      const chart = graph && this.#charts.get(graph.id);
      const plot = chart?.drawn && chart.area;
      if (!plot) {
        this.hide();
        return;
      }
      const share = (event.clientX - graph.getBoundingClientRect().left - plot.left) / plot.width;
      this.#pointed = chart;
      this.#share = Math.min(1, Math.max(0, share));
      this.#show();
    }

    #key(event) {
      const graph = event.target;
      if (!graph.matches?.('.live-chart')) return;
      const chart = this.#charts.get(graph.id);
      if (!chart?.drawn?.t.length) return;
      if (event.key === 'Escape') {
        this.hide();
        return;
      }
      const { t, x, span } = chart.drawn;
      const at = this.#pointed === chart ? this.#index(chart) : t.length - 1;
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -PAGE_OF_KEYS, PageDown: PAGE_OF_KEYS, Home: -at, End: t.length - 1 - at };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const next = this.#pointed === chart ? Math.min(t.length - 1, Math.max(0, at + steps[event.key])) : at;
      this.#pointed = chart;
      this.#share = Math.min(1, Math.max(0, (x[next] - span[0]) / (span[1] - span[0])));
      this.#show();
    }

    #index({ drawn: { x, span } }) {
      return hub.nearest(x, span[0] + this.#share * (span[1] - span[0]));
    }

    #show() {
      const at = this.#index(this.#pointed);
      if (at < 0) {
        this.hide();
        return;
      }
      const x = this.#pointed.drawn.x[at];
      for (const chart of this.#charts.all()) this.#mark(chart, x);
      this.#read(this.#pointed, at);
    }

    #mark(chart, x) {
      let mark = this.#marks.get(chart);
      if (!mark?.isConnected) {
        mark = element('div', 'chart-mark');
        chart.graph.append(mark);
        this.#marks.set(chart, mark);
      }
      const plot = chart.drawn && chart.area;
      const span = chart.drawn?.span;
      mark.hidden = !plot || x < span[0] || x > span[1];
      if (mark.hidden) return;
      mark.style.top = `${plot.top}px`;
      mark.style.height = `${plot.height}px`;
      mark.style.transform = `translateX(${Math.round(this.#left(chart, plot, x))}px)`;
    }

    #left({ drawn: { span } }, plot, x) {
      return plot.left + ((x - span[0]) / (span[1] - span[0])) * plot.width;
    }

    #read(chart, at) {
      const label = (this.#label ??= this.#box());
      if (label.parentNode !== chart.graph) chart.graph.append(label);
      const { t, x, traces } = chart.drawn;
      const unit = chart.graph.layout.meta?.unit ?? '';
      for (const alert of label.querySelectorAll('.chart-label__alert')) alert.remove();
      const [time, ...rows] = label.children;
      time.textContent = hub.clock.time(t[at]);
      chart.graph.data.forEach((trace, index) => {
        const row = rows[index] ?? label.appendChild(this.#row());
        const [, name, value] = row.children;
        name.textContent = trace.name ?? '';
        const shown = hub.figure(traces[index]?.[at]);
        value.textContent = unit && shown !== 'no data' ? `${shown} ${unit}` : shown;
      });
      rows.slice(chart.graph.data.length).forEach((row) => row.remove());
      for (const { severity, text } of this.#alerts(chart, t[at])) {
        const row = label.appendChild(element('div', `chart-label__alert alert-sign--${severity}`));
        row.textContent = text;
      }
      label.hidden = false;
      const plot = chart.area;
      const left = this.#left(chart, plot, x[at]);
      const beside = left > plot.left + plot.width / 2 ? left - label.offsetWidth - 8 : left + 8;
      label.style.transform = `translate(${Math.round(Math.max(0, beside))}px, ${Math.round(plot.top + 4)}px)`;
    }

    /** The alerts of an instant, the newest last. */
    #alerts(chart, moment) {
      return this.#spans(chart.id).filter(({ from, to }) => from <= moment && (to === null || moment <= to)).slice(-MOST_ALERTS);
    }

    #box() {
      const label = element('div', 'chart-label');
      label.append(element('div', 'chart-label__time'));
      return label;
    }

    #row() {
      const row = element('div', 'chart-label__row');
      row.append(
        element('span', 'chart-label__key'),
        element('span', 'chart-label__name'),
        element('span', 'chart-label__value'),
      );
      return row;
    }
  };
})();
