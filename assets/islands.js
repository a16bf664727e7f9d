/* The parts of the page that are markup and no components of Dash's: see monitor/ui/islands.py. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** Write the markup of each island, which comes with the layout, into it. */
  hub.fillIslands = function fillIslands() {
    for (const island of document.querySelectorAll('[data-html]')) {
      island.innerHTML = island.dataset.html;
      island.removeAttribute('data-html');
    }
  };
})();
