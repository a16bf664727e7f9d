/* Corners of lines over spans of time. Knows no DOM. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const middle = (edges, index) => (edges[index] + edges[index + 1]) / 2;

  hub.lines = Object.freeze({
    /** Runs of known values: [[first, last], ...] by index. */
    runs(values) {
      const found = [];
      values.forEach((value, index) => {
        if (value === null) return;
        if (index && values[index - 1] !== null) found.at(-1)[1] = index;
        else found.push([index, index]);
      });
      return found;
    },

    /** A run's points: from the first span's beginning through the middles to the last one's end. */
    corners(edges, values, [first, last]) {
      const points = [[edges[first], values[first]]];
      for (let index = first; index <= last; index += 1) points.push([middle(edges, index), values[index]]);
      points.push([edges[last + 1], values[last]]);
      return points;
    },

    /** Each span level from its beginning to its end. */
    steps(edges, values, [first, last]) {
      const points = [];
      for (let index = first; index <= last; index += 1) {
        points.push([edges[index], values[index]], [edges[index + 1], values[index]]);
      }
      return points;
    },

    /** All runs of a line as a path's `d`; `pen` makes text of points, `shape` is corners or steps. */
    line: (edges, values, pen, shape = hub.lines.corners) =>
      hub.lines.runs(values).map((run) => `M${pen(shape(edges, values, run))}`).join(''),

    /** What lies between two lines, which are known at the same spans. */
    area: (edges, low, high, pen) =>
      hub.lines
        .runs(low)
        .map((run) => {
          const lower = hub.lines.corners(edges, low, run).reverse();
          return `M${pen([...hub.lines.corners(edges, high, run), ...lower])}Z`;
        })
        .join(''),
  });
})();
