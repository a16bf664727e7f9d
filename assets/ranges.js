/* The viewer's own range of time: remembered in the browser, drawn from what the range callback answers. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const KEY = 'hub-monitor.range';
  const LIVE = 60;
  const ALL = Object.freeze([60, 300, 900, 3600, 21600, 86400]);

  function remembered() {
    try {
      const seconds = Number(window.localStorage.getItem(KEY));
      return ALL.includes(seconds) ? seconds : LIVE;
    } catch {
      return LIVE;
    }
  }

  hub.Ranges = class Ranges {
    seconds = remembered();

    /** The last answer for the chosen range, null until it came. */
    data = null;

    #onChange;
    #mounted = false;

    constructor(onChange) {
      this.#onChange = onChange;
      document.addEventListener('click', (event) => {
        const button = event.target.closest?.('#range-picker [data-seconds]');
        if (button) this.choose(Number(button.dataset.seconds));
      });
    }

    get live() {
      return this.seconds === LIVE;
    }

    mounted() {
      this.#mounted = true;
      this.#show();
      if (!this.live) this.#ask();
    }

    /** Choose by length in seconds. */
    choose(seconds) {
      if (!ALL.includes(seconds) || seconds === this.seconds) return;
      this.seconds = seconds;
      this.data = null;
      try {
        window.localStorage.setItem(KEY, String(seconds));
      } catch {
        // Not remembered, then.
      }
      this.#show();
      this.#ask();
      this.#onChange();
    }

    /** Choose by position, from 1. */
    pick(position) {
      this.choose(ALL[position - 1]);
    }

    /** Take an answer; one to an earlier choice is dropped. */
    take(data) {
      if (!data || data.range !== this.seconds) return false;
      this.data = data;
      return true;
    }

    /** Nobody looks: ask nothing. */
    rest(resting) {
      if (!this.#mounted || this.live) return;
      window.dash_clientside.set_props('range-interval', { max_intervals: resting ? 0 : -1 });
      if (!resting) window.dash_clientside.set_props('range-interval', { n_intervals: Date.now() });
    }

    #ask() {
      if (!this.#mounted) return;
      window.dash_clientside.set_props('range-interval', { max_intervals: this.live ? 0 : -1 });
      window.dash_clientside.set_props('range', { data: this.seconds });
    }

    #show() {
      for (const button of document.querySelectorAll('#range-picker [data-seconds]')) {
        const chosen = Number(button.dataset.seconds) === this.seconds;
        button.setAttribute('aria-pressed', String(chosen));
        if (chosen && button.dataset.from) {
          document.getElementById('export-link')?.setAttribute('href', `/export.csv?from=${button.dataset.from}`);
        }
      }
    }
  };
})();
