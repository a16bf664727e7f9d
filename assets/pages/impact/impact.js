/* The Impact page: what of it is more than text that the patches write. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.Pages.add('impact', class Impact {
    #ledger = new hub.Ledger();
    #course;
    #paused;

    /** `paused()` tells whether the viewer has stopped the page, `t()` the moment of the newest patch. */
    constructor({ announcer, paused, t }) {
      this.#paused = paused;
      this.#course = new hub.Course(t());
      new hub.Proof(announcer);
      new hub.Suggestions(announcer);
    }

    take(patch) {
      this.#course.take(patch);
    }

    draw() {
      this.#ledger.draw();
      this.#course.draw(this.#paused());
    }
  });
})();
