/* Which page is shown, and the phone's menu. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const HOME = 'live';
  const PREFIX = 'page-';
  const NAME = 'Hub Monitor';

  hub.Navigation = class Navigation {
    #page = null;
    #onChange;

    /** `onChange` is given the name of each page that is shown. */
    constructor(onChange) {
      this.#onChange = onChange;
      document.addEventListener('click', (event) => {
        if (event.target.closest?.('#menu-button')) this.#menu();
        else if (!event.target.closest?.('#pages-menu')) this.#menu(false);
      });
      document.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape' || !this.#open) return;
        this.#menu(false);
        document.getElementById('menu-button')?.focus();
      });
    }

    /** Show the page of a path; the last part names it. */
    go(pathname) {
      const last = String(pathname ?? '').split('/').filter(Boolean).pop();
      const names = [...document.querySelectorAll('.page')].map(({ id }) => id.slice(PREFIX.length));
      const page = names.includes(last) ? last : HOME;
      const first = this.#page === null;
      if (page === this.#page) return;
      this.#page = page;
      for (const name of names) {
        document.getElementById(`${PREFIX}${name}`).toggleAttribute('hidden', name !== page);
        const link = document.getElementById(`nav-${name}`);
        if (name === page) link?.setAttribute('aria-current', 'page');
        else link?.removeAttribute('aria-current');
      }
      document.getElementById('target-bar')?.toggleAttribute('hidden', page !== HOME);
      const title = document.getElementById(`nav-${page}`)?.textContent ?? page;
      document.title = page === HOME ? NAME : `${title} · ${NAME}`;
      this.#menu(false);
      if (!first) document.getElementById('main')?.focus({ preventScroll: true });
      this.#onChange(page);
    }

    get #open() {
      return document.getElementById('menu-button')?.getAttribute('aria-expanded') === 'true';
    }

    #menu(open = !this.#open) {
      if (open === this.#open) return;
      document.getElementById('menu-button')?.setAttribute('aria-expanded', String(open));
      document.getElementById('pages-menu')?.classList.toggle('is-open', open);
    }
  };
})();
