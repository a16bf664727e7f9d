/* Says aloud what the target's notice shows, when it comes and when it goes. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.Notice = class Notice {
    #announcer;
    #shown = false;

    constructor(announcer) {
      this.#announcer = announcer;
    }

    look() {
      const notice = document.getElementById('notice');
      if (!notice || notice.hidden !== this.#shown) return;
      this.#shown = !notice.hidden;
      const sentence = this.#shown ? document.getElementById('notice-text').textContent : 'The target answers again';
      this.#announcer.say('target', sentence);
    }
  };
})();
