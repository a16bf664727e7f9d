/* What stands on the charts besides their lines: the name of the expected one, and the changes that were noted. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

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

    constructor(graph) {
      this.#graph = graph;
    }

    draw({ area, drawn, range }, markers) {
      this.#call({ area, drawn, range });
      const shown = markers
        .map(({ at, text }) => ({ text, share: (drawn.at(at) - drawn.span[0]) / (drawn.span[1] - drawn.span[0]) }))
        .filter(({ share }) => share >= 0 && share <= 1);
      shown.forEach(({ text, share }, index) => {
        const line = (this.#changes[index] ??= place(this.#graph, 'chart-change'));
        line.hidden = false;
        if (line.textContent !== text) line.textContent = text;
        line.classList.toggle('chart-change--left', share > 0.6);
        Object.assign(line.style, {
          top: `${area.top}px`, height: `${area.height}px`,
          transform: `translateX(${Math.round(area.left + share * area.width)}px)`,
        });
      });
      this.#changes.slice(shown.length).forEach((line) => (line.hidden = true));
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

    /** `markers`: [{at: epoch ms, text}]. */
    draw(markers) {
      for (const chart of this.#charts.all()) {
        const { graph, drawn, area } = chart;
        const range = graph._fullLayout?.yaxis?.range;
        if (!drawn || !area || !range) continue;
        let overlay = this.#overlays.get(graph);
        if (!overlay) this.#overlays.set(graph, (overlay = new Overlay(graph)));
        overlay.draw({ area, drawn, range }, markers);
      }
    }
  };
})();
