/* Where on a chart no line is: words that stand there hide nothing of what was measured. Knows no DOM. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** Width of a column, px; of each it is known from where to where a line is. */
  const COLUMN_PX = 4;

  /** Half of a line's own width, and some air. */
  const AIR_PX = 2;

  /** What it counts to stand on other words, in columns. */
  const WORDS = 1000;

  hub.Room = class Room {
    #area;
    #lines;
    #taken = [];

    /** `area`: {left, top, width, height} px; `drawn`: {x, traces, span}; `range`: of the values, [low, high]. */
    constructor({ area, drawn: { x, traces, span }, range }) {
      this.#area = area;
      const columns = x.map((value) => ((value - span[0]) / (span[1] - span[0])) * area.width);
      const y = (value) => ((range[1] - value) / (range[1] - range[0])) * area.height;
      this.#lines = traces.map((values) => this.#line(columns, values, y));
    }

    /** The first of the places [left, top] px where words so wide and high touch no line and no other words, which is
     *  theirs from now on; where there is none, the one where they touch least. */
    find(wide, high, places) {
      let [found, least] = [places[0], Infinity];
      for (const place of places) {
        const [left, top] = place;
        const touched = this.#touched(left, top, left + wide, top + high);
        if (touched < least) [found, least] = [place, touched];
        if (!touched) break;
      }
      this.#taken.push([found[0], found[1], found[0] + wide, found[1] + high]);
      return found;
    }

    /** From where to where (px) lines are between two places: [top, bottom], null where there are none. Of the lines
     *  one by its index, or all. */
    extent(left, right, index = null) {
      const lines = index === null ? this.#lines : [this.#lines[index]];
      const columns = lines.flatMap((line) => this.#columns(line, left, right));
      if (!columns.length) return null;
      const [tops, bottoms] = [columns.map(([top]) => top), columns.map(([, bottom]) => bottom)];
      return [this.#area.top + Math.min(...tops), this.#area.top + Math.max(...bottoms)];
    }

    #line(columns, values, y) {
      const count = Math.max(1, Math.ceil(this.#area.width / COLUMN_PX));
      const line = { top: new Float32Array(count).fill(Infinity), bottom: new Float32Array(count).fill(-Infinity) };
      const put = (column, value) => {
        if (column < 0 || column >= count) return;
        line.top[column] = Math.min(line.top[column], value);
        line.bottom[column] = Math.max(line.bottom[column], value);
      };
      const at = (place) => Math.floor(place / COLUMN_PX);
      values.forEach((value, index) => {
        if (value === null || value === undefined) return;
        const [right, low] = [columns[index], y(value)];
        put(at(right), low);
        const before = index ? values[index - 1] : null;
        if (before === null || before === undefined) return;
        const [left, high] = [columns[index - 1], y(before)];
        const along = (place) => high + ((low - high) * (place - left)) / (right - left || 1);
        for (let column = Math.max(0, at(left)); column <= Math.min(count - 1, at(right)); column += 1) {
          put(column, along(Math.max(left, column * COLUMN_PX)));
          put(column, along(Math.min(right, (column + 1) * COLUMN_PX)));
        }
      });
      return line;
    }

    /** [[top, bottom], ...] of a line in the columns between two places, where it is there. */
    #columns({ top, bottom }, left, right) {
      const first = Math.max(0, Math.floor((left - this.#area.left) / COLUMN_PX));
      const last = Math.min(top.length - 1, Math.floor((right - this.#area.left) / COLUMN_PX));
      const found = [];
      for (let column = first; column <= last; column += 1) {
        if (top[column] <= bottom[column]) found.push([top[column], bottom[column]]);
      }
      return found;
    }

    /** In how many columns a line is in the way; Infinity beyond the chart, and very many on other words. */
    #touched(left, top, right, bottom) {
      const area = this.#area;
      if (left < area.left - 1 || right > area.left + area.width + 1) return Infinity;
      if (top < area.top - 1 || bottom > area.top + area.height + 1) return Infinity;
      const words = this.#taken.some(([l, t, r, b]) => l < right && r > left && t < bottom && b > top);
      const [from, to] = [top - area.top - AIR_PX, bottom - area.top + AIR_PX];
      const lines = this.#lines.map((line) => this.#columns(line, left, right).filter(([high, low]) => high <= to && low >= from));
      return lines.reduce((sum, columns) => sum + columns.length, words ? WORDS : 0);
    }
  };
})();
