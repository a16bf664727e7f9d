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
    }

    async #send(button) {
      const [name, path, body] = REQUESTS[button];
      const error = document.getElementById(`${name}-error`);
      error.textContent = '';
      try {
        const answer = await fetch(API + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body()),
        });
        const said = await answer.json();
        if (!answer.ok) {
          error.textContent = `Not done: ${said.error.field ?? ''} ${said.error.message}.`;
          return;
        }
      } catch {
        error.textContent = 'Not done: the server does not answer.';
        return;
      }
      document.getElementById(`${name}-dialog`).close();
      this.#announcer.say('experiment', name === 'marker' ? 'Change marked' : 'Baseline recorded, or being recorded');
    }
  };
})();
