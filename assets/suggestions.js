/* Changes that nobody noted: asked for with a click, marked with another. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const ADDRESS = '/api/v1/markers/suggestions';
  const PANEL = 'panel-suggestions';

  const element = (name) => document.getElementById(`${PANEL}-${name}`);

  hub.Suggestions = class Suggestions {
    #announcer;

    constructor(announcer) {
      this.#announcer = announcer;
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#suggestions-search')) this.#search();
        const button = target.closest?.('[data-suggested]');
        if (button) this.#mark(button);
      });
    }

    async #search() {
      element('status').textContent = 'Searching …';
      const button = document.getElementById('suggestions-search');
      button.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(ADDRESS);
        const said = await answer.json();
        if (!answer.ok) throw new Error(said.error.message);
        this.#show(said.suggestions);
      } catch {
        element('status').textContent = 'The server does not answer.';
      } finally {
        button.removeAttribute('aria-busy');
      }
    }

    #show(suggestions) {
      element('list').replaceChildren(...suggestions.map((one) => this.#row(one)));
      element('status').textContent = suggestions.length ? '' : 'Nothing found.';
    }

    #row({ at, text }) {
      const row = document.createElement('li');
      row.className = 'suggestions__row';
      const words = document.createElement('span');
      words.textContent = `${hub.clock.moment(at)} · ${text.replace('-', '\u2212')}`;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn btn-outline-secondary btn-small';
      button.textContent = 'Mark it';
      button.dataset.suggested = text;
      button.dataset.at = at;
      row.append(words, button);
      return row;
    }

    async #mark(button) {
      if (button.getAttribute('aria-busy')) return;
      button.setAttribute('aria-busy', 'true');
      const problem = await hub.ask('POST', 'markers', { text: button.dataset.suggested, at: Number(button.dataset.at) });
      button.removeAttribute('aria-busy');
      element('status').textContent = problem;
      if (problem) return;
      button.closest('li').remove();
      document.getElementById('suggestions-search').focus();
      this.#announcer.say('marker', 'Change marked');
    }
  };
})();
