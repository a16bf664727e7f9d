/* Changes that nobody noted: the rows come with the patches; a click marks one, another has the server search now. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const ADDRESS = '/api/v1/markers/suggestions';
  const PANEL = 'panel-suggestions';

  const element = (name) => document.getElementById(`${PANEL}-${name}`);

  hub.Suggestions = class Suggestions {
    #announcer;

    /** When the step was that was marked last: its row stays until the next patch. */
    #marked = null;

    constructor(announcer) {
      this.#announcer = announcer;
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#suggestions-search')) this.#search();
        const button = target.closest?.('[data-suggested]');
        if (button) this.#mark(button.dataset.suggested);
      });
    }

    /** Have the server search; what it finds comes with its next patch. */
    async #search() {
      element('status').textContent = 'Searching …';
      const button = document.getElementById('suggestions-search');
      button.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(ADDRESS);
        const said = await answer.json();
        if (!answer.ok) throw new Error(said.error.message);
        element('status').textContent = said.suggestions.length ? '' : 'Searched: nothing found.';
      } catch {
        element('status').textContent = 'The server does not answer.';
      } finally {
        button.removeAttribute('aria-busy');
      }
    }

    async #mark(place) {
      const at = Number(element(`${place}-at`).textContent);
      const shown = element(`${place}-text`).textContent;
      const text = shown.replaceAll('\u00a0', ' ').replace('\u2212', '-');
      if (at === this.#marked) return;
      this.#marked = at;
      const problem = await hub.ask('POST', 'markers', { text, at });
      element('status').textContent = problem;
      if (problem) this.#marked = null;
      if (problem) return;
      document.getElementById('suggestions-search').focus();
      this.#announcer.say('marker', 'Change marked');
    }
  };
})();
