/* What stands on the charts besides their lines: the name of the expected one, the limits of the rules, the alerts, and
 * the changes that were noted. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** Changes so near to each other are one line; words with less room than that say nothing. */
  const SAME_PX = 3;
  const LEAST_PX = 28;

  /** Beyond this share of the width words stand at the left of their line. */
  const TURNED = 0.6;

  function place(parent, className) {
    const made = document.createElement('div');
    made.className = className;
    made.setAttribute('aria-hidden', 'true');
    parent.append(made);
    return made;
  }

  /** The overlays of one chart. */
  class Overlay {
    #graph;
    #name = null;
    #changes = [];
    #limits = [];
    #spans = [];

    constructor(graph) {
      this.#graph = graph;
    }

    draw({ area, drawn, range }, markers, { limits, spans }) {
      this.#call({ area, drawn, range });
      const part = (moment) => (drawn.at(moment) - drawn.span[0]) / (drawn.span[1] - drawn.span[0]);
      this.#shade(area, part, spans);
      this.#limit(area, range, limits);
      this.#change(area, part, markers);
    }

    /** One line for each change; its words take the room up to the next one, and those of one moment go together. */
    #change(area, part, markers) {
      const shown = [];
      for (const { at, text } of markers) {
        const share = part(at);
        if (share < 0 || share > 1) continue;
        const x = Math.round(area.left + share * area.width);
        const before = shown.at(-1);
        if (before && x - before.x < SAME_PX) before.text += `, ${text}`;
        else shown.push({ x, text, left: share > TURNED });
      }
      shown.forEach(({ x, text, left }, index) => {
        const line = (this.#changes[index] ??= place(this.#graph, 'chart-change'));
        const next = shown[index + (left ? -1 : 1)];
        const gap = Math.abs((next?.x ?? area.left + (left ? 0 : area.width)) - x);
        const room = next && next.left !== left ? gap / 2 : gap;
        const words = room < LEAST_PX ? '' : text;
        line.hidden = false;
        if (line.textContent !== words) line.textContent = words;
        line.classList.toggle('chart-change--left', left);
        Object.assign(line.style, {
          top: `${area.top}px`, height: `${area.height}px`, maxWidth: `${Math.floor(room)}px`,
          transform: `translateX(${x}px)${left ? ' translateX(-100%)' : ''}`,
        });
      });
      this.#changes.slice(shown.length).forEach((line) => (line.hidden = true));
    }

    /** One band for each alert, as long as it lasted, or to the edge while it goes on. */
    #shade(area, part, spans) {
      const shown = spans
        .map(({ from, to, severity }) => ({ severity, from: Math.max(0, part(from)), to: to === null ? 1 : Math.min(1, part(to)) }))
        .filter((span) => span.from <= 1 && span.to >= 0);
      shown.forEach(({ severity, from, to }, index) => {
        const band = (this.#spans[index] ??= place(this.#graph, 'chart-alert'));
        band.hidden = false;
        band.className = `chart-alert chart-alert--${severity}`;
        Object.assign(band.style, {
          top: `${area.top}px`, height: `${area.height}px`, width: `${Math.max(1, Math.round((to - from) * area.width))}px`,
          transform: `translateX(${Math.round(area.left + from * area.width)}px)`,
        });
      });
      this.#spans.slice(shown.length).forEach((band) => (band.hidden = true));
    }

    /** One line for each limit that is within the axis. */
    #limit(area, [low, high], limits) {
      const shown = limits.filter(({ value }) => value >= low && value <= high);
      shown.forEach(({ value, text }, index) => {
        const line = (this.#limits[index] ??= place(this.#graph, 'chart-limit'));
        const share = (high - value) / (high - low);
        line.hidden = false;
        if (line.textContent !== text) line.textContent = text;
        // At the upper edge there is no room above the line.
        line.classList.toggle('chart-limit--below', share < 0.12);
        Object.assign(line.style, {
          width: `${area.width}px`,
          transform: `translate(${Math.round(area.left)}px, ${Math.round(area.top + share * area.height)}px)`,
        });
      });
      this.#limits.slice(shown.length).forEach((line) => (line.hidden = true));
    }

    /** Write the expected line's name above its newest point. */
    #call({ area, drawn: { x, span, expected }, range }) {
      const at = expected?.findLastIndex((value) => value !== null) ?? -1;
      const known = at >= 0 && expected[at] <= range[1] && expected[at] >= range[0] && x[at] >= span[0];
      if (known) {
        this.#name ??= place(this.#graph, 'chart-expected');
        this.#name.textContent = this.#graph.data.at(-1).name;
        const top = area.top + ((range[1] - expected[at]) / (range[1] - range[0])) * area.height;
        const left = area.left + ((x[at] - span[0]) / (span[1] - span[0])) * area.width;
        const width = this.#name.offsetWidth;
        this.#name.style.transform =
          `translate(${Math.round(Math.max(area.left, left - width))}px, ${Math.round(top)}px)`;
      }
      if (this.#name) this.#name.hidden = !known;
    }
  }

  hub.Overlays = class Overlays {
    #charts;
    #overlays = new Map();

    constructor(charts) {
      this.#charts = charts;
    }

    /** `markers`: [{at: epoch ms, text}]; `alerts`: see monitor/ui/alert_marks.py. */
    draw(markers, alerts) {
      for (const chart of this.#charts.all()) {
        const { graph, drawn, area } = chart;
        const range = graph._fullLayout?.yaxis?.range;
        if (!drawn || !area || !range) continue;
        let overlay = this.#overlays.get(graph);
        if (!overlay) this.#overlays.set(graph, (overlay = new Overlay(graph)));
        const own = { limits: alerts?.limits[chart.id] ?? [], spans: alerts?.spans[chart.id] ?? [] };
        overlay.draw({ area, drawn, range }, markers, own);
      }
    }
  };
})();
