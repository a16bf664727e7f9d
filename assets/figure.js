/* Numbers as a person reads them: the browser's half of monitor/ui/format.py. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const MINUS = '\u2212';
  const NO_DATA = 'no data';
  const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];
  const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

  /** Three significant digits where decimals exist, none lost where they do not. */
  hub.figure = function figure(value) {
    if (!known(value)) return NO_DATA;
    const size = Math.abs(value);
    const decimals = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    const rounded = size.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: decimals });
    return (value < 0 ? MINUS : '') + rounded;
  };

  /** A count in three digits: 12, 51.9 M. */
  hub.count = function count(value) {
    if (!known(value)) return NO_DATA;
    let size = Math.abs(value);
    let thousands = 0;
    while (size >= 999.5 && thousands < PREFIXES.length - 1) {
      size /= 1000;
      thousands += 1;
    }
    const text = thousands ? size.toPrecision(3) : String(Math.round(size));
    return `${value < 0 ? MINUS : ''}${text}${thousands ? ` ${PREFIXES[thousands]}` : ''}`;
  };

  /** A signed change in percent. */
  hub.change = function change(percent) {
    const size = Math.abs(percent);
    const sign = percent < 0 ? MINUS : '+';
    if (size >= 999.5) return `${sign}>999 %`;
    return `${sign}${size >= 99.95 ? size.toFixed(0) : size.toFixed(1)} %`;
  };

  /** A length of time in its two largest units: 42 s, 3 min 5 s, 2 h 10 min, 4 d 3 h; what is 0 is left out. */
  hub.duration = function duration(ms) {
    let rest = Math.round(ms / 1000);
    const parts = [];
    for (const [unit, seconds] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
      const whole = Math.floor(rest / seconds);
      rest -= whole * seconds;
      if (whole) parts.push(`${whole} ${unit}`);
      if (parts.length === 2 || (parts.length && !whole)) break;
    }
    return parts.join(' ') || '0 s';
  };
})();
