/* What is deleted is gone: it takes a second press, on the same thing, soon. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** A delete button that was pressed once waits so long for the second time. */
  const ARMED_MS = 5000;

  hub.Sure = class Sure {
    #announcer;
    #calm = 0;

    constructor(announcer) {
      this.#announcer = announcer;
    }

    /** Tell whether the button was pressed the second time for the thing of this id. */
    press(button, identity, sentence = 'Press again to delete it') {
      window.clearTimeout(this.#calm);
      const sure = button.dataset.armed === identity;
      this.#disarm();
      if (sure) return true;
      const label = button.getAttribute('aria-label');
      button.dataset.armed = identity;
      button.dataset.calm = label;
      button.setAttribute('aria-label', `Really ${label[0].toLowerCase()}${label.slice(1)}?`);
      this.#announcer.say('sure', sentence);
      this.#calm = window.setTimeout(() => this.#disarm(), ARMED_MS);
      return false;
    }

    #disarm() {
      for (const button of document.querySelectorAll('[data-armed]')) {
        button.setAttribute('aria-label', button.dataset.calm);
        delete button.dataset.armed;
      }
    }
  };
})();
