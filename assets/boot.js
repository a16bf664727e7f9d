/* Runs in <head> before the first paint, so that a dark page never flashes white. */
(function () {
  'use strict';
  let chosen = null;
  try {
    chosen = window.localStorage.getItem('hub-monitor.theme');
  } catch {
    // Storage can be forbidden; the system's preference serves.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-bs-theme', dark ? 'dark' : 'light');
})();
