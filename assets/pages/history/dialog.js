/* The dialog that chooses a range: by words up to now, or by two moments in the viewer's zone. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const element = (name) => document.getElementById(`history-${name}`);

  /** Epoch ms as a datetime-local field has it. */
  function local(ms) {
    const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
    return date.toISOString().slice(0, 19);
  }

  hub.HistoryDialog = class HistoryDialog {
    #shown;
    #choose;

    /** `shown()`: {from, to, asked: {from, to}} on screen; `choose(range)`: a sentence where it is none. */
    constructor(shown, choose) {
      this.#shown = shown;
      this.#choose = choose;
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#history-when')) this.#fill();
        if (target.id === 'history-apply-relative') this.#relative();
        if (target.id === 'history-apply-moments') this.#moments();
      });
      document.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || !event.target.closest?.('#history-dialog')) return;
        if (event.target.id === 'history-relative') this.#relative();
        else if (event.target.matches('input')) this.#moments();
        else return;
        event.preventDefault();
      });
    }

    /** Dash's own html has no input. */
    #field(name) {
      const found = element(name);
      if (found) return found;
      const made = document.createElement('input');
      made.id = `history-${name}`;
      made.type = 'datetime-local';
      made.step = '1';
      made.className = 'dialog__input';
      document.querySelector(`[data-moment="history-${name}"]`).append(made);
      return made;
    }

    #fill() {
      const { from, to, asked } = this.#shown();
      element('relative').value = /^now-/.test(asked.from) && asked.to === 'now' ? asked.from : '';
      this.#field('from').value = from === null ? '' : local(from);
      this.#field('to').value = to === null ? '' : local(to);
    }

    #relative() {
      const text = element('relative').value.trim();
      this.#apply({ from: /^\d+\s*[smhd]$/.test(text) ? `now-${text.replace(/\s/g, '')}` : text, to: 'now' });
    }

    #moments() {
      const [from, to] = ['from', 'to'].map((name) => new Date(this.#field(name).value).getTime());
      if (Number.isFinite(from) && Number.isFinite(to)) this.#apply({ from: String(from), to: String(to) });
      else element('error').textContent = 'Both moments are needed.';
    }

    async #apply(range) {
      const problem = await this.#choose(range);
      element('error').textContent = problem;
      if (!problem) element('dialog').close();
    }
  };
})();
