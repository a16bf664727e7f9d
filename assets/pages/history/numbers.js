/* The period in numbers. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const NO_DATA = 'no data';
  const PERCENTILES = ['latency_p50_ms', 'latency_p95_ms', 'latency_p99_ms'];

  /** Cut, not rounded: 100 % means all of it. */
  const share = (percent) => (percent === 100 ? '100 %' : `${(Math.floor(percent * 100 + 1e-6) / 100).toFixed(2)} %`);

  function texts(period) {
    const latencies = PERCENTILES.map((metric) => period[metric]);
    return {
      operations: period.operations === null ? NO_DATA : hub.count(period.operations),
      uptime: period.lost_seconds === null
        ? NO_DATA
        : `${share(period.uptime_percent)} · ${hub.duration(1000 * period.lost_seconds)} lost`,
      latency: latencies.every((value) => value === null)
        ? NO_DATA
        : `${latencies.map((value) => (value === null ? '–' : hub.figure(value))).join(' / ')} ms`,
      errors: period.error_percent === null
        ? NO_DATA
        : `${hub.figure(period.error_percent)} % · ${hub.count(period.errors)}`,
      measured: hub.duration(1000 * Math.max(period.measured_seconds, period.asked_seconds)),
    };
  }

  hub.historyNumbers = function historyNumbers({ from, to, period }, before) {
    const now = texts(period);
    const then = before ? texts(before.period) : null;
    for (const [name, text] of Object.entries(now)) {
      const cell = document.getElementById(`history-number-${name}`);
      cell.textContent = text;
      cell.classList.toggle('fact__none', text === NO_DATA);
      if (!then) continue;
      const small = document.createElement('small');
      small.className = 'history-numbers__before';
      small.textContent = `before: ${then[name]}`;
      cell.append(small);
    }
    const words = then ? `Before: the ${hub.duration(to - from)} until ${hub.clock.moment(before.to)}.` : '';
    document.getElementById('history-number-before').textContent = words;
  };
})();
