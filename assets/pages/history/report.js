/* The range shown on paper: has it drawn, tells how far it is, stops it, and hands over the file. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const PATH = '/api/v1/reports';
  const LOOK_MS = 300;
  const TOPIC = 'report';
  const BUSY = 429;
  const GONE = 404;

  const element = (name) => document.getElementById(`history-report-${name}`);

  async function ask(method, path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method,
        headers: { 'Content-Type': 'application/json' },
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Error('the server does not answer. Try again when the page is live');
    }
    if (answer.status === BUSY) throw new Error('another report is being drawn, and it is one at a time. Try again in a few seconds');
    if (answer.status === GONE) throw new Error('the server has begun anew meanwhile. Try again');
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error.message);
    return said;
  }

  hub.HistoryReport = class HistoryReport {
    #announcer;
    #range;
    #id = null;
    #busy = false;

    /** `range()`: {from, to} on screen, epoch ms, and its `words`; null while there is none. */
    constructor(announcer, range) {
      this.#announcer = announcer;
      this.#range = range;
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#history-pdf')) this.#draw();
        if (target.closest?.('#history-report-cancel')) this.#cancel();
      });
    }

    async #draw() {
      const range = this.#range();
      if (this.#busy || !range) return;
      this.#show(true);
      this.#tell('Drawing the report …', 0);
      this.#announcer.say(TOPIC, 'The report is being drawn');
      try {
        let state = await ask('POST', PATH, { from: String(range.from), to: String(range.to) });
        this.#id = state.id;
        while (state.state === 'drawing') {
          this.#tell(`Drawing the report … ${Math.round(100 * state.progress)} %`, state.progress);
          await new Promise((done) => window.setTimeout(done, LOOK_MS));
          state = await ask('GET', `${PATH}/${this.#id}`);
        }
        this.#end(state, range.words);
      } catch (error) {
        this.#say(`The report was not drawn: ${error.message}.`);
      } finally {
        this.#id = null;
        this.#show(false);
      }
    }

    #end({ state, reason, file }, words) {
      if (state === 'cancelled') this.#say('The report was cancelled.');
      else if (state === 'done') {
        this.#say(`The report of ${words} is ready.`);
        const link = element('file');
        link.href = file;
        link.hidden = false;
        link.click();
      } else this.#say(`The report was not drawn: ${reason}. Try again, or choose a shorter range.`);
    }

    async #cancel() {
      if (!this.#id) return;
      try {
        await ask('DELETE', `${PATH}/${this.#id}`, {});
      } catch (error) {
        this.#say(`It was not cancelled: ${error.message}.`);
      }
    }

    /** While one is under way the button keeps its place and the focus, and says why it does nothing. */
    #show(busy) {
      this.#busy = busy;
      const button = document.getElementById('history-pdf');
      button.setAttribute('aria-disabled', String(busy));
      button.title = button.dataset[busy ? 'busy' : 'idle'];
      element('meter').hidden = !busy;
      if (busy) element('file').hidden = true;
      else if (document.activeElement === element('cancel')) button.focus();
      element('cancel').hidden = !busy;
    }

    #tell(words, share) {
      document.getElementById('history-report').hidden = false;
      element('words').textContent = words;
      element('meter').style.setProperty('--share', `${100 * share}%`);
    }

    #say(words) {
      this.#tell(words, 1);
      this.#announcer.say(TOPIC, words);
    }
  };
})();
