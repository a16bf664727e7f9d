/* The heat map: which share of a span's requests took how long. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const LEAST_SHARE = 0.0005;
  const MOST_READ = 4;

  const limit = (ms) => (ms >= 1000 ? `${hub.figure(ms / 1000)} s` : `${hub.figure(ms)} ms`);
  const percent = (share) => (share < 0.001 ? '<0.1 %' : `${hub.figure(Number((100 * share).toPrecision(3)))} %`);

  hub.HistoryBands = class HistoryBands {
    #bands = null;

    constructor(root) {
      this.plot = new hub.HistoryPlot(root);
    }

    get id() {
      return this.plot.root.id;
    }

    draw(found, events) {
      const { plot } = this;
      const { edges, limits_ms: limits, shares, span_ms: span } = (this.#bands = found.bands);
      const bands = limits.length - 1;
      plot.root.hidden = bands < 1;
      document.getElementById('history-bands-none').hidden = bands >= 1;
      document.getElementById('history-bands-most').parentNode.hidden = bands < 1;
      document.getElementById('history-bands-unit').textContent = `share of requests per ${hub.duration(span)}`;
      plot.svg.replaceChildren();
      if (bands < 1) return;
      plot.span(found.from, found.to, span);
      const most = Math.max(LEAST_SHARE, ...shares.flat().filter((share) => share !== null));
      document.getElementById('history-bands-most').textContent = percent(most);
      const y = (place) => ((1 - place / bands) * 1000).toFixed(1);
      shares.forEach((row, index) => {
        const sides = [plot.x(edges[index]), plot.x(edges[index + 1])];
        row.forEach((share, band) => {
          if (share === null || share < LEAST_SHARE) return;
          plot.rect('history-bands__cell', sides, [y(band + 1), y(band)], (0.06 + 0.94 * (share / most)).toFixed(3));
        });
      });
      plot.values(limits.map((ms, place) => ({ share: 1 - place / bands, text: limit(ms) })));
      plot.times();
      plot.mark(events);
    }

    /** The largest shares of the span at a moment: {from, to, rows: [[name, text]]}. */
    read(at) {
      const { edges, limits_ms: limits, shares, beyond } = this.#bands;
      const index = hub.within(edges, at);
      if (index < 0) return null;
      const rows = shares[index]
        .map((share, band) => ({ share, name: `${limit(limits[band])} to ${limit(limits[band + 1])}`, band }))
        .filter(({ share }) => share !== null && share >= LEAST_SHARE)
        .sort((a, b) => b.share - a.share)
        .slice(0, MOST_READ)
        .sort((a, b) => b.band - a.band)
        .map(({ name, share }) => ({ name, text: percent(share), key: '' }));
      if (beyond[index] >= LEAST_SHARE) rows.unshift({ name: 'slower than any bucket', text: percent(beyond[index]), key: '' });
      if (!rows.length) rows.push({ name: 'requests', text: 'no data', key: '' });
      return { from: edges[index], to: edges[index + 1], rows };
    }
  };
})();
