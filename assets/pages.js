/* What not every page needs: scripts and styles in assets/pages/<its name>/, or <its name>+<another's>/, loaded when
 * it is first shown. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const PROBLEM = 'page-problem';

  /** They come side by side; scripts run in their order. */
  function element(address) {
    const { pathname } = new URL(address, window.location.href);
    const [tag, wanted] = pathname.endsWith('.css')
      ? ['link', { rel: 'stylesheet', href: address }]
      : ['script', { src: address, async: false }];
    return Object.assign(document.createElement(tag), wanted);
  }

  function arrival(made) {
    return new Promise((resolve, reject) => {
      made.addEventListener('load', resolve);
      made.addEventListener('error', reject);
      document.head.append(made);
    });
  }

  /** Each page is made once, and has what it needs of: take(patch), draw(), export(), pick(position). */
  hub.Pages = class Pages {
    static #classes = new Map();

    /** Name -> its part of the page, an empty one where nothing is to be loaded. */
    #made = new Map();

    #shared;
    #onChange;
    #files = null;

    /** Addresses of what came; some of it serves another page, too. */
    #came = new Set();

    #shown = null;
    #loading = new Set();
    #failed = new Set();

    /** Name the class of a page; its scripts do that. */
    static add(name, page) {
      Pages.#classes.set(name, page);
    }

    /** `shared` is what each page is made with; `onChange` is called when one is there. */
    constructor(shared, onChange) {
      this.#shared = shared;
      this.#onChange = onChange;
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#page-retry')) this.retry();
      });
    }

    /** The page that is shown, null while it is on its way. */
    get current() {
      return this.#made.get(this.#shown) ?? null;
    }

    show(name) {
      this.#shown = name;
      this.#load(name);
      this.#tell();
    }

    /** Load what did not load. */
    retry() {
      if (this.#failed.has(this.#shown)) this.show(this.#shown);
    }

    take(patch) {
      for (const page of this.#made.values()) page.take?.(patch);
    }

    async #load(name) {
      this.#files ??= JSON.parse(document.getElementById(PROBLEM).dataset.files);
      const files = this.#files[name];
      if (!files) this.#made.set(name, {});
      if (this.#made.has(name) || this.#loading.has(name)) return;
      const root = document.getElementById(`page-${name}`);
      this.#loading.add(name);
      this.#failed.delete(name);
      root.setAttribute('aria-busy', 'true');
      const parts = files.filter((file) => !this.#came.has(file)).map(element);
      const came = await Promise.allSettled(parts.map(arrival));
      try {
        if (came.every(({ status }) => status === 'fulfilled')) {
          for (const file of files) this.#came.add(file);
          this.#made.set(name, new (Pages.#classes.get(name))(this.#shared));
        } else parts.forEach((part) => part.remove());
      } finally {
        if (!this.#made.has(name)) this.#failed.add(name);
        this.#loading.delete(name);
        root.removeAttribute('aria-busy');
        this.#tell();
      }
      this.#onChange();
    }

    #tell() {
      document.getElementById(PROBLEM).hidden = !this.#failed.has(this.#shown);
    }
  };
})();
