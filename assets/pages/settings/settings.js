/* The Settings page: the rules and the channels, asked for when it is shown and when a patch says that they changed. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.Pages.add('settings', class Settings {
    #paused;
    #rules;
    #channels;
    #asked = false;
    #stale = new Set(['rules', 'channels']);
    #pending = null;

    /** `paused()` tells whether the viewer has stopped the page, `t()` the moment of the newest patch. */
    constructor({ announcer, paused, t }) {
      this.#paused = paused;
      this.#rules = new hub.Rules(announcer);
      this.#channels = new hub.Channels(announcer, t);
    }

    take({ alert_changes: changes }) {
      for (const what of changes?.changed ?? []) this.#stale.add(what);
      if (changes?.pending) this.#pending = changes.pending;
    }

    draw() {
      this.#wanted();
      if (this.#paused() && this.#asked) return;
      this.#asked = true;
      if (this.#stale.has('rules') || this.#stale.has('open')) this.#rules.ask();
      if (['channels', 'open', 'over'].some((what) => this.#stale.has(what))) this.#channels.ask();
      this.#stale.clear();
      if (this.#pending) this.#rules.pending(this.#pending);
      this.#pending = null;
      this.#channels.draw();
    }

    /** A link leads to one rule: settings?rule=high-latency. */
    #wanted() {
      const id = new URLSearchParams(window.location.search).get('rule');
      if (!id) return;
      window.history.replaceState({}, '', window.location.pathname);
      window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
      if (!document.getElementById('rule-dialog').closest('[data-read-only]')) this.#rules.edit(id);
    }
  });
})();
