/* Recording a baseline and marking a change: opens the dialogs, and sends what was written in them. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const API = '/api/v1/';

  const value = (id) => document.getElementById(id)?.value.trim() ?? '';
  const seconds = () => Number(value('baseline-seconds'));

  /** Button -> where it sends what, and which dialog it is in. */
  const REQUESTS = {
    'baseline-last': ['baseline', 'baselines', () => ({ name: value('baseline-name'), seconds: seconds() })],
    'baseline-next': ['baseline', 'baselines', () => ({ name: value('baseline-name'), seconds: seconds(), next: true })],
    'marker-send': ['marker', 'markers', () => ({ text: value('marker-text') })],
  };
  const ENTER = { 'baseline-name': 'baseline-last', 'marker-text': 'marker-send' };

  hub.Experiment = class Experiment {
    #announcer;

    constructor(announcer) {
      this.#announcer = announcer;
      document.addEventListener('click', (event) => this.#click(event));
      document.addEventListener('keydown', (event) => {
        const button = ENTER[event.target.id];
        if (event.key !== 'Enter' || !button) return;
        event.preventDefault();
        this.#send(button);
      });
    }

    open(id) {
      const dialog = document.getElementById(id);
      if (!dialog || dialog.open) return;
      dialog.querySelector('[role="alert"]').textContent = '';
      dialog.showModal();
      dialog.querySelector('textarea')?.focus();
    }

    #click({ target }) {
      const opener = target.closest?.('[data-opens]');
      if (opener) this.open(opener.dataset.opens);
      const closer = target.closest?.('[data-closes]');
      if (closer) document.getElementById(closer.dataset.closes)?.close();
      // A click beside an open dialog lands on the dialog itself, its backdrop.
      if (target.matches?.('dialog.dialog[open]')) target.close();
      if (target.id in REQUESTS) this.#send(target.id);
      const action = target.closest?.('[data-baseline]');
      if (action) this.#act(action);
    }

    /** Do with a kept baseline what the button in its row says; the next sample shows what came of it. */
    async #act(button) {
      const row = button.closest('.baselines__row');
      const path = `baselines/${row.querySelector('[id$="-id"]').textContent}`;
      const error = document.getElementById('baselines-error');
      error.textContent = '';
      switch (button.dataset.baseline) {
        case 'export':
          window.location.assign(`${API}${path}/export`);
          return;
        case 'activate':
          error.textContent = await hub.ask('POST', `${path}/activate`);
          return;
        case 'pin':
          error.textContent = await hub.ask('PATCH', path, { pinned: button.getAttribute('aria-checked') !== 'true' });
          return;
        default:
          error.textContent = await hub.ask('DELETE', path);
      }
    }

    async #send(button) {
      const [name, path, body] = REQUESTS[button];
      const problem = await hub.ask('POST', path, body());
      document.getElementById(`${name}-error`).textContent = problem;
      if (problem) return;
      document.getElementById(`${name}-dialog`).close();
      this.#announcer.say('experiment', name === 'marker' ? 'Change marked' : 'Baseline recorded, or being recorded');
    }
  };
})();
