/* How long something has been going on: counted by the time of what is shown, so that it ends where the data does. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.Ages = class Ages {
    #now;

    /** `now` gives the server's time of what is shown, epoch ms, null before there is any. */
    constructor(now) {
      this.#now = now;
    }

    draw() {
      const now = this.#now();
      if (now === null) return;
      for (const element of document.querySelectorAll('[data-since]')) {
        const whole = Math.floor((now - Number(element.dataset.since)) / 1000);
        const text = hub.duration(1000 * Math.max(0, whole)).replaceAll(/(\d) /g, '$1\u00a0');
        if (element.textContent !== text) element.textContent = text;
      }
    }
  };
})();
