/* The viewer's own range of time: remembered in the browser, drawn from what the range callback answers. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const KEY = 'hub-monitor.range';
  const LIVE = 60;
  const BUTTONS = '#range-picker [data-seconds]';

  hub.Ranges = class Ranges {
    /** Until the buttons are there the remembered number is taken at its word: else the minute would flash. */
    seconds = Number(hub.remembered.read(KEY)) || LIVE;

    /** The last answer for the chosen range, null until it came. */
    data = null;

    /** The lengths that there are buttons for, in their order. */
    #all = [];

    #onChange;
    #mounted = false;

    constructor(onChange) {
      this.#onChange = onChange;
      document.addEventListener('click', (event) => {
        const button = event.target.closest?.(BUTTONS);
        if (button) this.choose(Number(button.dataset.seconds));
      });
    }

    get live() {
      return this.seconds === LIVE;
    }

    mounted() {
      this.#mounted = true;
      this.#all = [...document.querySelectorAll(BUTTONS)].map(({ dataset }) => Number(dataset.seconds));
      if (!this.#all.includes(this.seconds)) this.seconds = LIVE;
      this.#show();
      if (!this.live) this.#ask();
    }

    /** Choose by length in seconds. */
    choose(seconds) {
      if (!this.#all.includes(seconds) || seconds === this.seconds) return;
      this.seconds = seconds;
      this.data = null;
      hub.remembered.write(KEY, String(seconds));
      this.#show();
      this.#ask();
      this.#onChange();
    }

    /** Choose by position, from 1; where there is no button nothing happens. */
    pick(position) {
      this.choose(this.#all[position - 1]);
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
      for (const button of document.querySelectorAll(BUTTONS)) {
        const chosen = Number(button.dataset.seconds) === this.seconds;
        button.setAttribute('aria-pressed', String(chosen));
        if (chosen && button.dataset.from) {
          document.getElementById('export-link')?.setAttribute('href', `/export.csv?from=${button.dataset.from}`);
        }
      }
    }
  };
})();
