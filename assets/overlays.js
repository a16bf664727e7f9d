/* What stands on the charts besides their lines: the baseline's level, and the changes that were noted. */
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
    #level = null;
    #changes = [];

    constructor(graph) {
      this.#graph = graph;
    }

    draw({ area, drawn, range }, level, markers) {
      const known = Number.isFinite(level) && level >= range[0] && level <= range[1];
      if (known) {
        this.#level ??= place(this.#graph, 'chart-level');
        const top = area.top + ((range[1] - level) / (range[1] - range[0])) * area.height;
        Object.assign(this.#level.style, {
          left: `${area.left}px`, width: `${area.width}px`, transform: `translateY(${Math.round(top)}px)`,
        });
      }
      if (this.#level) this.#level.hidden = !known;
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
  }

  hub.Overlays = class Overlays {
    #charts;
    #overlays = new Map();

    constructor(charts) {
      this.#charts = charts;
    }

    /** `levels`: chart id -> the baseline's mean; `markers`: [{at: epoch ms, text}]. */
    draw(levels, markers) {
      for (const chart of this.#charts.all()) {
        const { graph, drawn, area } = chart;
        const range = graph._fullLayout?.yaxis?.range;
        if (!drawn || !area || !range) continue;
        let overlay = this.#overlays.get(graph);
        if (!overlay) this.#overlays.set(graph, (overlay = new Overlay(graph)));
        overlay.draw({ area, drawn, range }, levels[chart.id], markers);
      }
    }
  };
})();
