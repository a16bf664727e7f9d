/* Which page is shown, the phone's menu, and how many alerts ask: in the bar and in the window's title. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const HOME = 'live';
  const PREFIX = 'page-';
  const NAME = 'Hub Monitor';
  const MOST = 99;

  hub.Navigation = class Navigation {
    #page = null;
    #asking = 0;
    #onChange;

    /** `onChange` is given the name of each page that is shown. */
    constructor(onChange) {
      this.#onChange = onChange;
      document.addEventListener('click', (event) => {
        this.#follow(event);
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
      this.#entitle();
      this.#menu(false);
      if (!first) document.getElementById('main')?.focus({ preventScroll: true });
      this.#onChange(page);
    }

    /** Show how many alerts ask, and the worst of their severities. */
    count(asking, worst) {
      this.#asking = asking;
      for (const badge of document.querySelectorAll('[data-asking]')) {
        badge.hidden = asking === 0;
        badge.className = `asking asking--${worst ?? 'none'}`;
        badge.firstElementChild.textContent = asking > MOST ? `${MOST}+` : String(asking);
        badge.lastElementChild.textContent = ` new, ${worst}`;
      }
      const menu = asking ? `Pages, ${asking} new ${asking > 1 ? 'alerts' : 'alert'}` : 'Pages';
      document.getElementById('menu-button')?.setAttribute('aria-label', menu);
      this.#entitle();
    }

    #entitle() {
      const name = document.getElementById(`nav-${this.#page}`)?.firstChild.textContent;
      const title = this.#page === HOME || !name ? NAME : `${name} · ${NAME}`;
      const counted = this.#asking ? `(${this.#asking > MOST ? `${MOST}+` : this.#asking}) ${title}` : title;
      if (document.title !== counted) document.title = counted;
    }

    /** A link from one page to another is followed like one of the bar; with a key held it is the browser's. */
    #follow(event) {
      const link = event.target.closest?.('[data-goes]');
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      window.history.pushState({}, '', link.href);
      window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
      window.scrollTo(0, 0);
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
