/* Elements that scripts make, and lists of them. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const PAGE = 50;

  /** Return a new element; `settings` are attributes, of which `text` is its text and those that are null are left out. */
  hub.make = function make(tag, { text, ...settings } = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(settings)) {
      if (value === true) element.setAttribute(name, '');
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    if (text !== undefined) element.textContent = text;
    element.append(...children.filter((child) => child !== null));
    return element;
  };

  hub.icon = (name) => hub.make('i', { class: `bi bi-${name}`, 'aria-hidden': 'true' });

  /** A button with an icon, words, or both; `label` is what it is called where the words do not say it all. */
  hub.button = ({ icon, words, label, ...settings }) =>
    hub.make(
      'button',
      { type: 'button', class: 'btn btn-outline-secondary btn-small', 'aria-label': label, title: label, ...settings },
      icon ? hub.icon(icon) : null,
      words ? hub.make('span', { text: words }) : null,
    );

  /** Many things, of which the first fifty are shown until more are asked for; what did not change stays as it is. */
  hub.Rows = class Rows {
    #list;
    #more;
    #make;
    #known = new Map();
    #items = [];
    #most = PAGE;

    /** `make(item)` makes the row of a [key, state, ...]; it is made anew when its state is another one. */
    constructor(list, make) {
      this.#list = list;
      this.#make = make;
      this.#more = hub.button({ words: 'Show more', class: 'btn btn-outline-secondary rows__more', hidden: true });
      list.closest('table, ul, ol').parentElement.append(this.#more);
      this.#more.addEventListener('click', () => {
        const next = this.#most;
        this.#most += PAGE;
        this.#draw();
        list.children[next]?.querySelector('a, button')?.focus();
      });
    }

    show(items) {
      this.#items = items;
      this.#draw();
    }

    /** Begin at the first fifty again. */
    reset() {
      this.#most = PAGE;
    }

    #draw() {
      const shown = this.#items.slice(0, this.#most);
      const keys = new Set(shown.map(([key]) => key));
      for (const [key, { row }] of this.#known) {
        if (keys.has(key)) continue;
        row.remove();
        this.#known.delete(key);
      }
      shown.forEach((item, place) => {
        const [key, state] = item;
        let known = this.#known.get(key);
        if (known?.state !== state) {
          const row = this.#make(item);
          known?.row.replaceWith(row);
          this.#known.set(key, (known = { row, state }));
        }
        if (this.#list.children[place] !== known.row) this.#list.insertBefore(known.row, this.#list.children[place] ?? null);
      });
      const rest = this.#items.length - shown.length;
      this.#more.hidden = rest <= 0;
      this.#more.firstChild.textContent = `Show ${Math.min(PAGE, rest)} more of ${rest}`;
    }
  };

  /** Asks at most once at a time and in two seconds, and once again where something changed meanwhile. */
  hub.Question = class Question {
    #ask;
    #gap;
    #wanted = false;
    #busy = false;
    #timer = 0;
    #at = -Infinity;

    constructor(ask, gap = 2000) {
      this.#ask = ask;
      this.#gap = gap;
    }

    /** Ask; `now` is for what the viewer has just done. */
    want({ now = false } = {}) {
      this.#wanted = true;
      if (now) this.#at = -Infinity;
      this.#go();
    }

    async #go() {
      if (this.#busy) return;
      window.clearTimeout(this.#timer);
      const wait = this.#at + this.#gap - performance.now();
      if (wait > 0) {
        this.#timer = window.setTimeout(() => this.#go(), wait);
        return;
      }
      this.#wanted = false;
      this.#busy = true;
      this.#at = performance.now();
      try {
        await this.#ask();
      } finally {
        this.#busy = false;
        if (this.#wanted) this.#go();
      }
    }
  };
})();
