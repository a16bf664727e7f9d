/* Dark and light: the system's until the viewer chooses, then the viewer's. CSS does the rest. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const KEY = 'hub-monitor.theme';
  const system = window.matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    const theme = hub.remembered.read(KEY);
    return theme === 'light' || theme === 'dark' ? theme : null;
  }

  hub.Theme = class Theme {
    constructor() {
      this.#show();
      system.addEventListener('change', () => this.#show());
      window.addEventListener('storage', (event) => {
        if (event.key === KEY) this.#show();
      });
      document.addEventListener('click', (event) => {
        if (event.target.closest?.('#theme-button')) this.toggle();
      });
    }

    get name() {
      return chosen() ?? (system.matches ? 'dark' : 'light');
    }

    toggle() {
      const other = document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark';
      hub.remembered.write(KEY, other);
      this.#show(other);
    }

    mounted() {
      this.#show(document.documentElement.dataset.bsTheme);
    }

    #show(theme = this.name) {
      document.documentElement.dataset.bsTheme = theme;
      const other = theme === 'dark' ? 'light' : 'dark';
      const button = document.getElementById('theme-button');
      button?.setAttribute('aria-label', `Switch to ${other} theme`);
      button?.setAttribute('title', `Switch to ${other} theme (t)`);
      const icon = document.getElementById('theme-icon');
      if (icon) icon.className = theme === 'dark' ? 'bi bi-sun' : 'bi bi-moon-stars';
    }
  };
})();
