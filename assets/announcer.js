/* The one polite live region: changes of state in words, never values. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SETTLE_MS = 1500;

  hub.Announcer = class Announcer {
    #timer = 0;
    #pending = new Map();

    /** Say a sentence once it has stayed true for a moment; a later one on the same topic replaces it. */
    say(topic, sentence) {
      this.#pending.set(topic, sentence);
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#speak(), SETTLE_MS);
    }

    #speak() {
      const region = document.getElementById('live-region');
      if (!region) return;
      region.textContent = [...this.#pending.values()].join('. ');
      this.#pending.clear();
    }
  };
})();
