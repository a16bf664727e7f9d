/* Recording a baseline and marking a change: opens the dialogs, and sends what was written in them. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const API = '/api/v1/';

  /** What is pasted may have several lines; a name has one. */
  const value = (id) => (document.getElementById(id)?.value ?? '').replace(/\s+/g, ' ').trim();
  const seconds = () => Number(value('baseline-seconds'));

  /** Button -> where it sends what, and which dialog it is in. */
  const REQUESTS = {
    'baseline-last': ['baseline', 'baselines', () => ({ name: value('baseline-name'), seconds: seconds() })],
    'baseline-next': ['baseline', 'baselines', () => ({ name: value('baseline-name'), seconds: seconds(), next: true })],
    'marker-send': ['marker', 'markers', () => ({ text: value('marker-text') })],
  };
  const EMPTY = { baseline: 'give it a name to know it by', marker: 'write what you changed' };
  const ENTER = { 'baseline-name': 'baseline-last', 'marker-text': 'marker-send' };

  hub.Experiment = class Experiment {
    #announcer;
    #sure;
    #busy = false;

    constructor(announcer) {
      this.#announcer = announcer;
      this.#sure = new hub.Sure(announcer);
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
      const readOnly = dialog.matches('[data-writes]') ? dialog.closest('[data-read-only]') : null;
      if (readOnly) {
        this.#announcer.say('experiment', readOnly.dataset.readOnly);
        return;
      }
      for (const said of dialog.querySelectorAll('[role="alert"], .dialog__told')) said.textContent = '';
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
      const identity = row.querySelector('[id$="-id"]').textContent;
      const path = `baselines/${identity}`;
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
          if (this.#sure.press(button, identity)) error.textContent = await hub.ask('DELETE', path);
      }
    }

    async #send(button) {
      const [name, path, body] = REQUESTS[button];
      // A second click or Enter while the first is on its way would do it twice.
      if (this.#busy) return;
      const dialog = document.getElementById(`${name}-dialog`);
      const input = dialog.querySelector('textarea');
      this.#busy = true;
      let reason = '';
      const told = (done) => {
        reason = done.reason ?? '';
      };
      const problem = value(input.id) ? await hub.ask('POST', path, body(), told) : `Not done: ${EMPTY[name]}.`;
      this.#busy = false;
      document.getElementById(`${name}-error`).textContent = problem;
      if (problem) {
        input.focus();
        return;
      }
      input.value = '';
      // It was done, but not as asked: whoever closes the dialog has seen that.
      document.getElementById(`${name}-told`).textContent = reason && `Recorded, but ${reason}.`;
      if (reason) {
        this.#announcer.say('experiment', `Recorded, but ${reason}`);
        return;
      }
      dialog.close();
      this.#announcer.say('experiment', name === 'marker' ? 'Change marked' : 'Baseline recorded, or being recorded');
    }
  };
})();
