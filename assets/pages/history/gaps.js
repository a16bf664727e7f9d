/* Spans of which too little was measured: the browser's half of monitor/core/gaps.py. Knows no DOM. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const ENOUGH = 0.75;

  hub.gaps = Object.freeze({
    /** Of which spans `count` samples are enough; what was sampled more slowly once is no gap. */
    measured(edges, count, interval) {
      const pace = count.map((samples, index) => samples / (edges[index + 1] - edges[index]));
      return count.map((samples, index) => {
        const nearby = Math.max(pace[index - 1] ?? 0, pace[index], pace[index + 1] ?? 0);
        const due = (edges[index + 1] - edges[index]) * Math.min(1 / interval, nearby);
        return samples > 0 && samples + 1 > ENOUGH * due;
      });
    },

    /** Of which seconds it is known what took how long: those that were measured, and those without an operation. */
    latencyCount: ({ metrics: { latency_ms: latency, answered } }) =>
      latency.count.map((samples, index) => Math.max(samples, (answered.count[index] * (answered.mean[index] ?? 0)) / 100)),

    /** Counts of spans within coarser ones. */
    coarser(count, edges, wider) {
      const sums = Array(wider.length - 1).fill(0);
      let place = 0;
      count.forEach((samples, index) => {
        while (place < sums.length - 1 && edges[index] >= wider[place + 1]) place += 1;
        sums[place] += samples;
      });
      return sums;
    },
  });
})();
