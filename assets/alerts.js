/* Says of an alert that somebody has seen it, or wants no more of it: the buttons of every list of alerts. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const NAME = 'hub-monitor.by';

  /** By what name this browser acknowledges and dismisses; '' where nobody gave one. */
  hub.signature = Object.freeze({
    read: () => hub.remembered.read(NAME) ?? '',
    write: (by) => hub.remembered.write(NAME, by),
  });

  const WORD = { acknowledge: 'acknowledged', dismiss: 'dismissed' };

  /** Of a row [data-alert-row] one element, "..-id", holds the alert's id, and each button [data-alert] an action. */
  const identity = (row) => row.querySelector('[id$="-id"]').textContent;

  hub.Alerts = class Alerts {
    #announcer;
    #seq;

    /** Alert's id -> what was done, and up to which sample the page may not know it. */
    #done = new Map();

    /** `seq` gives the number of the newest sample. */
    constructor(announcer, seq) {
      this.#announcer = announcer;
      this.#seq = seq;
      document.addEventListener('click', ({ target }) => {
        const button = target.closest?.('[data-alert]');
        if (button) this.#act(button);
      });
    }

    /** Show what was answered and has not come with a sample yet. */
    draw() {
      if (!this.#done.size && !document.querySelector('[data-done]')) return;
      const seq = this.#seq();
      for (const [id, { until }] of this.#done) if (seq >= until || seq < until - 2) this.#done.delete(id);
      for (const row of document.querySelectorAll('[data-alert-row]')) {
        const done = this.#done.get(identity(row));
        if (done) row.dataset.done = done.action;
        else delete row.dataset.done;
      }
    }

    async #act(button) {
      const row = button.closest('[data-alert-row]');
      const id = identity(row);
      if (!id || row.dataset.done || button.getAttribute('aria-disabled') === 'true') return;
      const action = button.dataset.alert;
      const error = row.closest('.panel').querySelector('[data-alert-error]');
      const name = document.getElementById(`${row.id}-name`)?.textContent ?? id;
      const problem = await hub.ask('POST', `alerts/${encodeURIComponent(id)}/${action}`, { by: hub.signature.read() });
      error.textContent = problem;
      if (problem) return;
      // A patch that was on its way may still say otherwise.
      this.#done.set(id, { action, until: this.#seq() + 2 });
      this.draw();
      this.#announcer.say(`alert ${id}`, `${name} ${WORD[action]}`);
    }
  };
})();
