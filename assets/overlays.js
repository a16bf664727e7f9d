/* What stands on the charts besides their lines: the name of the expected one, the limits of the rules, the alerts, and
 * the changes that were noted. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** Changes so near to each other are one line; words with less room than that say nothing. */
  const SAME_PX = 3;
  const LEAST_PX = 28;

  /** Height of a row of words, from one place that is tried to the next, and the padding at both sides of words. */
  const ROW_PX = 14;
  const STEP_PX = 24;
  const PADDING_PX = 9;

  /** Words whose place is remembered. */
  const MOST_KEPT = 100;

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

    /** Where words stood last, as shares and rows, by what they say: there they are first looked for again. */
    #kept = new Map();

    #ruler = null;

    constructor(graph) {
      this.#graph = graph;
    }

    draw({ area, drawn, range }, markers, { limits, spans }) {
      let made = null;
      const room = () => (made ??= new hub.Room({ area, drawn, range }));
      this.#call({ area, drawn, range }, room);
      const part = (moment) => (drawn.at(moment) - drawn.span[0]) / (drawn.span[1] - drawn.span[0]);
      this.#shade(area, part, spans);
      this.#limit(area, range, limits, room);
      this.#change(area, part, markers, room);
    }

    /** How wide words are, px. */
    #wide(text) {
      if (!this.#ruler) {
        this.#ruler = document.createElement('canvas').getContext('2d');
        this.#ruler.font = getComputedStyle(this.#name ?? this.#changes[0] ?? this.#limits[0]).font;
      }
      return Math.ceil(this.#ruler.measureText(text).width) + PADDING_PX;
    }

    /** Of [{key, at: [left, top]}] the one where words stand on no line, or on least of them; where they stood the last
     *  time they stay as long as nothing is there. */
    #settle(room, text, wide, places) {
      const kept = places.find(({ key }) => key === this.#kept.get(text));
      const order = kept ? [kept, ...places] : places;
      const found = room().find(wide, ROW_PX, order.map(({ at }) => at));
      const chosen = order.find(({ at }) => at === found);
      if (this.#kept.size > MOST_KEPT) this.#kept.clear();
      this.#kept.set(text, chosen.key);
      return chosen;
    }

    /** One line for each change; its words take the room up to the next one, and those of one moment go together. */
    #change(area, part, markers, room) {
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
        const most = next && next.left !== left ? gap / 2 : gap;
        const words = most < LEAST_PX ? '' : text;
        line.hidden = false;
        if (line.textContent !== words) line.textContent = words;
        line.classList.toggle('chart-change--left', left);
        const down = words ? this.#down(area, x, left, words, Math.floor(most), room) : 0;
        Object.assign(line.style, {
          top: `${area.top}px`, height: `${area.height}px`, maxWidth: `${Math.floor(most)}px`, paddingTop: `${down}px`,
          transform: `translateX(${x}px)${left ? ' translateX(-100%)' : ''}`,
        });
      });
      this.#changes.slice(shown.length).forEach((line) => (line.hidden = true));
    }

    /** How far down (px) beside its line the words of a change hide nothing. */
    #down(area, x, left, words, most, room) {
      const wide = Math.min(most, this.#wide(words));
      const rows = Array.from({ length: Math.max(1, Math.floor(area.height / ROW_PX)) }, (_, row) => row);
      const places = rows.map((row) => ({ key: row, at: [left ? x - wide : x, area.top + row * ROW_PX] }));
      return this.#settle(room, words, wide, places).key * ROW_PX;
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

    /** One line for each limit that is within the axis, its words above or below it. */
    #limit(area, [low, high], limits, room) {
      const shown = limits.filter(({ value }) => value >= low && value <= high);
      shown.forEach(({ value, text }, index) => {
        const line = (this.#limits[index] ??= place(this.#graph, 'chart-limit'));
        const y = area.top + ((high - value) / (high - low)) * area.height;
        line.hidden = false;
        if (line.textContent !== text) line.textContent = text;
        const wide = this.#wide(text);
        const steps = Math.max(1, Math.floor((area.width - wide) / STEP_PX) + 1);
        // At the upper edge there is no room above the line.
        const sides = y - ROW_PX < area.top ? [true] : [false, true];
        const places = sides.flatMap((below) => Array.from({ length: steps }, (_, step) => (
          { key: `${below} ${step}`, below, right: step * STEP_PX, at: [area.left + step * STEP_PX, below ? y + 1 : y - ROW_PX] })));
        const { below, right } = this.#settle(room, text, wide, places);
        line.classList.toggle('chart-limit--below', below);
        Object.assign(line.style, {
          width: `${area.width}px`, textIndent: `${right}px`,
          transform: `translate(${Math.round(area.left)}px, ${Math.round(y)}px)`,
        });
      });
      this.#limits.slice(shown.length).forEach((line) => (line.hidden = true));
    }

    /** Write the expected line's name above or below it, as near to its newest point as it hides nothing. */
    #call({ area, drawn: { x, span, expected }, range }, room) {
      const last = expected?.findLastIndex((value) => value !== null) ?? -1;
      const known = last >= 0 && expected[last] <= range[1] && expected[last] >= range[0] && x[last] >= span[0];
      if (known) {
        this.#name ??= place(this.#graph, 'chart-expected');
        this.#name.textContent = this.#graph.data.at(-1).name;
        const wide = this.#wide(this.#name.textContent);
        const newest = area.left + ((x[last] - span[0]) / (span[1] - span[0])) * area.width;
        const from = Math.max(area.left, newest - wide);
        const level = area.top + ((range[1] - expected[last]) / (range[1] - range[0])) * area.height;
        const steps = Array.from({ length: Math.floor((from - area.left) / STEP_PX) + 1 }, (_, step) => step);
        // Beside its own line, else beside all of them.
        const places = [this.#graph.data.length - 1, null].flatMap((line) => steps.flatMap((step) => {
          const left = from - step * STEP_PX;
          const [top, bottom] = room().extent(left, left + wide, line) ?? [level, level];
          return [
            { key: `above ${line} ${step}`, at: [left, top - ROW_PX - 3] },
            { key: `below ${line} ${step}`, at: [left, bottom + 3] },
          ];
        }));
        const { at: [left, top] } = this.#settle(room, this.#name.textContent, wide, places);
        this.#name.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
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
