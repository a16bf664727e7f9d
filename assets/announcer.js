/* The one polite live region: what changed, in words, never values. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SETTLE_MS = 1500;

  hub.Announcer = class Announcer {
    #timer = 0;

    /** Say it once it has stayed true for a moment: a connection that flickers is not worth a sentence each time. */
    say(sentence, settle = SETTLE_MS) {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => {
        const region = document.getElementById('live-region');
        if (region && region.textContent !== sentence) region.textContent = sentence;
      }, settle);
    }

    /** Take back what has not been said yet. */
    hush() {
      window.clearTimeout(this.#timer);
    }
  };
})();
