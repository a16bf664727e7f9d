/* The ground of every picture of the History page: an SVG that stretches over the range, its axes, and its marks. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SVG = 'http://www.w3.org/2000/svg';
  const WIDE = 1000;
  const HIGH = 1000;
  const TICK_PX = 84;

  const made = (name, className, parent) => {
    const element = document.createElement(name);
    element.className = className;
    parent?.append(element);
    return element;
  };

  hub.HistoryPlot = class HistoryPlot {
    /** The range, epoch ms. */
    from = 0;
    to = 1;

    constructor(root) {
      this.root = root;
      root.replaceChildren();
      this.#values = made('div', 'history-plot__values', root);
      this.area = made('div', 'history-plot__area', root);
      this.svg = document.createElementNS(SVG, 'svg');
      this.svg.setAttribute('viewBox', `0 0 ${WIDE} ${HIGH}`);
      this.svg.setAttribute('preserveAspectRatio', 'none');
      this.svg.setAttribute('aria-hidden', 'true');
      this.area.append(this.svg);
      this.marks = made('div', 'history-plot__marks', this.area);
      this.#times = made('div', 'history-plot__times', root);
      for (const part of [this.#values, this.marks, this.#times]) part.setAttribute('aria-hidden', 'true');
    }

    #values;
    #times;

    /** Ms from one figure to the next. */
    step = 1;

    span(from, to, step) {
      this.from = from;
      this.to = to;
      this.step = step;
    }

    /** Share of the width at a moment, 0 to 1 within the range. */
    share(at) {
      return (at - this.from) / (this.to - this.from);
    }

    x(at) {
      return (this.share(at) * WIDE).toFixed(1);
    }

    /** A function from values to y between two limits. */
    y(low, high) {
      return (value) => (((high - value) / (high - low)) * HIGH).toFixed(1);
    }

    path(className) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', className);
      this.svg.append(path);
      return path;
    }

    rect(className, [left, right], [top, bottom], opacity) {
      const rect = document.createElementNS(SVG, 'rect');
      rect.setAttribute('class', className);
      rect.setAttribute('x', left);
      rect.setAttribute('width', Math.max(0, right - left).toFixed(1));
      rect.setAttribute('y', top);
      rect.setAttribute('height', Math.max(0, bottom - top).toFixed(1));
      rect.setAttribute('fill-opacity', opacity);
      this.svg.append(rect);
    }

    /** Write the values' axis: [{share: 0 at the top .. 1, text}]. */
    values(ticks) {
      this.#values.replaceChildren(
        ...ticks.map(({ share, text }) => {
          const label = made('span', 'history-plot__value');
          label.textContent = text;
          label.style.top = `${(100 * share).toFixed(2)}%`;
          return label;
        }),
      );
    }

    /** Write the time axis: [{at, text}], by itself as many clock times as its width has room for. */
    times(ticks = hub.axis.time(this.from, this.to, Math.max(2, Math.floor(this.area.clientWidth / TICK_PX)))) {
      this.#times.replaceChildren(
        ...ticks.map(({ at, text }) => {
          const label = made('span', 'history-plot__time');
          label.textContent = text;
          label.style.left = `${(100 * this.share(at)).toFixed(3)}%`;
          return label;
        }),
      );
    }

    /** Draw events of the range as regions and lines; `named`: with their words. */
    mark(events, named = false) {
      this.marks.replaceChildren(
        ...events.flatMap((event) => {
          const left = Math.max(0, this.share(event.at));
          const right = Math.min(1, this.share(event.until));
          if (left > 1 || right < 0) return [];
          const mark = made('div', `history-mark history-mark--${event.kind} history-mark--${event.state}`);
          mark.classList.toggle('history-mark--minor', event.minor);
          mark.style.left = `${(100 * left).toFixed(3)}%`;
          if (event.until > event.at) mark.style.width = `${(100 * (right - left)).toFixed(3)}%`;
          if (named && event.kind === 'change' && !event.minor) {
            const words = made('span', 'history-mark__words', mark);
            words.textContent = event.words;
            words.dataset.weight = hub.weight(event);
          }
          return [mark];
        }),
      );
      if (!named) return;
      this.#turn();
      hub.apart(this.marks.querySelectorAll('.history-mark__words'));
    }

    /** Words stand at the right of their mark, unless there is more room at its left. */
    #turn() {
      const { left, right } = this.marks.getBoundingClientRect();
      const words = [...this.marks.querySelectorAll('.history-mark__words')];
      const boxes = words.map((word) => [word.offsetWidth, word.parentNode.getBoundingClientRect().left]);
      words.forEach((word, index) => {
        const [width, at] = boxes[index];
        word.parentNode.classList.toggle('history-mark--left', at + width > right - 8 && at - left > right - at);
      });
    }
  };

  /** How much an event's words are worth where there is no room for all: what came of a change comes first. */
  hub.weight = ({ state, percent }) => (state === 'none' ? 0 : 1000) + Math.abs(percent ?? 0);

  /** Hide words that would stand on others of more weight. */
  hub.apart = function apart(words) {
    const shown = [];
    for (const word of [...words].sort((a, b) => b.dataset.weight - a.dataset.weight)) {
      word.hidden = false;
      const box = word.getBoundingClientRect();
      const free = shown.every((other) => other.right + 6 < box.left || other.left > box.right + 6);
      word.hidden = !free;
      if (free) shown.push(box);
    }
  };
})();
