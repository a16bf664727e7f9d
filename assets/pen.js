/* Moves the lines that Plotly drew. The one file that knows what Plotly's picture is made of: see
 * docs/decisions/2026-11-23-live-lines.md for why, and for what happens when a later Plotly draws differently. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const px = (value) => Math.round(value * 10) / 10;

  hub.Pen = class Pen {
    #plot;

    constructor(plot) {
      this.#plot = plot;
    }

    /** Where the lines are within the plot's element, in px: {left, top, width, height}; null before the first drawing. */
    get area() {
      const size = this.#plot._fullLayout?._size;
      return size ? { left: size.l, top: size.t, width: size.w, height: size.h } : null;
    }

    /** Draw `traces` (one array of values each, null = gap) at `x`; false when Plotly has to. */
    write(x, traces) {
      const { area } = this;
      const groups = this.#plot.querySelectorAll('.scatterlayer > .trace');
      const layout = this.#plot._fullLayout;
      if (!area || groups.length !== traces.length || !layout.xaxis || !layout.yaxis) return false;
      const [left, right] = layout.xaxis.range;
      const [low, high] = layout.yaxis.range;
      const scale = {
        x: (value) => px(((value - left) / (right - left)) * area.width),
        y: (value) => px(((high - value) / (high - low)) * area.height),
      };
      const columns = x.map(scale.x);
      return traces.every((values, index) => this.#line(groups[index], columns, values, scale.y));
    }

    #line(group, columns, values, y) {
      const [line, ...others] = group.querySelectorAll('.lines > path.js-line');
      const [fill, ...fills] = group.querySelectorAll('.fills path.js-fill');
      const pieces = Pen.pieces(columns, values, y);
      if (!line) return pieces.length === 0;
      line.setAttribute('d', pieces.map((piece) => piece.path).join(''));
      if (fill) {
        const zero = y(0);
        fill.setAttribute('d', pieces.map((p) => `M${p.first},${zero}L${p.path.slice(1)}V${zero}Z`).join(''));
      }
      // Plotly gives each piece of a broken line a path of its own; ours holds them all.
      for (const other of [...others, ...fills]) other.setAttribute('d', '');
      return true;
    }

    /** The unbroken pieces of a line: [{first: x, path}]. A value between two gaps is a dot (with round line ends). */
    static pieces(columns, values, y) {
      const pieces = [];
      let piece = null;
      for (let i = 0; i < columns.length; i += 1) {
        const value = values[i];
        if (value === null || value === undefined) {
          piece = null;
        } else if (piece) {
          piece.path += `L${columns[i]},${y(value)}`;
        } else {
          piece = { first: columns[i], path: `M${columns[i]},${y(value)}h0` };
          pieces.push(piece);
        }
      }
      return pieces;
    }
  };
})();
