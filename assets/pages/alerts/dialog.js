/* Acknowledging and dismissing: who it was, remembered in this browser, and what they note. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const AT_ONCE = 6;
  const WORDS = {
    acknowledge: ['Acknowledge', 'It stops asking; its end is still told. Everybody sees who it was and the note.', 'Acknowledged'],
    dismiss: ['Dismiss', 'Nothing more is heard of it, not even its end, until its rule fires anew.', 'Dismissed'],
  };

  const element = (name) => document.getElementById(`alerts-dialog-${name}`);
  const line = (name) => element(name).value.replace(/\s+/g, ' ').trim();

  hub.AlertsDialog = class AlertsDialog {
    #announcer;
    #onChange;
    #action = '';
    #alerts = [];
    #busy = false;

    /** `onChange` is called when something was changed. */
    constructor(announcer, onChange) {
      this.#announcer = announcer;
      this.#onChange = onChange;
      element('send').addEventListener('click', () => this.#send());
      document.getElementById('alerts-dialog').addEventListener('keydown', (event) => {
        const sends = event.target === element('by') || (event.target === element('note') && !event.shiftKey);
        if (event.key !== 'Enter' || !sends) return;
        event.preventDefault();
        this.#send();
      });
    }

    /** Ask who it is for what is to be done with these alerts. */
    open(action, alerts) {
      const [title, words] = WORDS[action];
      this.#action = action;
      this.#alerts = alerts;
      element('title').textContent = title;
      element('send').textContent = title;
      element('words').textContent = words;
      element('what').textContent = alerts.length === 1 ? alerts[0].message : `${alerts.length} alerts`;
      element('error').textContent = '';
      element('by').value = hub.signature.read();
      element('note').value = '';
      document.getElementById('alerts-dialog').showModal();
      (element('by').value ? element('note') : element('by')).focus();
    }

    async #send() {
      if (this.#busy) return;
      this.#busy = true;
      element('send').setAttribute('aria-disabled', 'true');
      const body = { by: line('by'), note: line('note') };
      hub.signature.write(body.by);
      const left = await this.#each(body);
      this.#busy = false;
      element('send').removeAttribute('aria-disabled');
      this.#onChange();
      const problems = left.map(([, problem]) => problem);
      element('error').textContent = problems.length > 1 ? `${problems.length} alerts: ${problems[0]}` : (problems[0] ?? '');
      this.#alerts = left.map(([alert]) => alert);
      if (problems.length) return;
      document.getElementById('alerts-dialog').close();
      this.#announcer.say('alerts', WORDS[this.#action][2]);
    }

    /** Send them, a few at once; return those that were refused, with why. What is over needs nothing any more. */
    async #each(body) {
      const waiting = [...this.#alerts];
      const many = waiting.length > 1;
      const left = [];
      const work = async () => {
        for (let alert = waiting.shift(); alert; alert = waiting.shift()) {
          const path = `alerts/${encodeURIComponent(alert.id)}/${this.#action}`;
          const { error } = await hub.request('POST', path, body);
          if (error && !(many && error.code === 'conflict')) left.push([alert, hub.sentence(error)]);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return left;
    }
  };
})();
