/* The page stops moving; what arrives meanwhile is kept. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.Pause = class Pause {
    #since = null;
    #onChange;

    constructor(onChange) {
      this.#onChange = onChange;
      document.addEventListener('click', (event) => {
        if (event.target.closest?.('#pause-button')) this.toggle();
      });
    }

    get active() {
      return this.#since !== null;
    }

    /** Milliseconds since the page was paused, null when it moves. */
    get behind() {
      return this.active ? performance.now() - this.#since : null;
    }

    toggle() {
      this.#since = this.active ? null : performance.now();
      document.getElementById('pause-button')?.setAttribute('aria-pressed', String(this.active));
      const icon = document.getElementById('pause-icon');
      if (icon) icon.className = this.active ? 'bi bi-play-fill' : 'bi bi-pause-fill';
      const label = document.getElementById('pause-label');
      if (label) label.textContent = this.active ? 'Resume' : 'Pause';
      this.#onChange();
    }
  };
})();
