/* The ground of every picture of the History page: an SVG that stretches over the range, its axes, and its marks. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SVG = 'http://www.w3.org/2000/svg';
  const WIDE = 1000;
  const HIGH = 1000;
  const TICK_PX = 84;
  const BESIDE_PX = 6;

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
    #none = null;

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

    /** {low, high, ticks} around the values that are known, as hub.axis.values; without any there are no ticks, and
     *  the picture says so. */
    limits(known, chart) {
      const found = hub.axis.values(known, chart);
      const empty = known.every((value) => value === null || value === undefined);
      this.#none ??= made('span', 'history-plot__none', this.area);
      this.#none.textContent = empty ? 'no data' : '';
      return empty ? { ...found, ticks: [] } : found;
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
      const labels = ticks.map(({ text }) => {
        const label = made('span', 'history-plot__time');
        label.textContent = text;
        return label;
      });
      this.#times.replaceChildren(...labels);
      const wide = this.#times.clientWidth;
      const widths = labels.map((label) => label.offsetWidth);
      // The last one ends where the picture does.
      labels.forEach((label, index) => {
        label.style.left = `${Math.min(wide * this.share(ticks[index].at), wide - widths[index] / 2).toFixed(1)}px`;
      });
    }

    /** Draw events of the range as regions and lines; `named`: with their words. */
    mark(events, named = false) {
      const wide = this.marks.clientWidth;
      const placed = [];
      this.marks.replaceChildren(
        ...events.flatMap((event) => {
          const left = Math.max(0, this.share(event.at));
          const right = Math.min(1, this.share(event.until));
          if (left > 1 || right < 0) return [];
          const mark = made('div', `history-mark history-mark--${event.kind} history-mark--${event.state}`);
          mark.classList.toggle('history-mark--minor', event.minor);
          mark.style.left = `${(100 * left).toFixed(3)}%`;
          if (event.until > event.at) mark.style.width = `${(100 * (right - left)).toFixed(3)}%`;
          if (!named || event.kind !== 'change') return [mark];
          const place = { left: wide * left, right: wide * left };
          placed.push(place);
          if (event.minor) return [mark];
          place.words = made('span', `history-mark__words history-mark--${event.state}`);
          place.words.textContent = event.words;
          place.weight = hub.weight(event);
          return [mark, place.words];
        }),
      );
      hub.beside(placed, wide);
    }
  };

  /** How much an event's words are worth where there is no room for all: what came of a change comes first. */
  hub.weight = ({ state, percent }) => (state === 'none' ? 0 : 1000) + Math.abs(percent ?? 0);

  /** Put the `words` of marks that stand at `left`..`right` (px of `wide`) beside their own mark, where they touch no
   *  other mark and no words of more `weight`, or hide them. */
  hub.beside = function beside(marks, wide) {
    const taken = marks.map(({ left, right }) => [left, right]);
    const named = marks.filter(({ words }) => words).map((mark) => ({ ...mark, width: mark.words.offsetWidth }));
    for (const { words, left, right, width } of named.sort((a, b) => b.weight - a.weight)) {
      const at = [right + BESIDE_PX, left - BESIDE_PX - width].find(
        (side) => side >= 0 && side + width <= wide && taken.every(([from, to]) => to < side || from > side + width),
      );
      words.hidden = at === undefined;
      if (words.hidden) continue;
      words.style.left = `${at.toFixed(1)}px`;
      taken.push([at, at + width]);
    }
  };
})();
