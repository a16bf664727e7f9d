/* Keys, and the dialog that lists them. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const TYPING = 'input, textarea, select, [contenteditable="true"]';
  const PRESSABLE = 'button, a[href], summary, [role="button"], [role="switch"], [role="tab"]';

  hub.Shortcuts = class Shortcuts {
    #actions;

    /** What a pointer pressed last: it has the focus, but nobody went there by keyboard. */
    #pointed = null;

    /** `actions`: key -> function. */
    constructor(actions) {
      this.#actions = new Map(Object.entries(actions));
      document.addEventListener('keydown', (event) => this.#key(event));
      document.addEventListener('pointerdown', (event) => {
        this.#pointed = event.target.closest?.(PRESSABLE) ?? null;
      });
      document.addEventListener('focusin', (event) => {
        if (event.target !== this.#pointed) this.#pointed = null;
      });
      document.addEventListener('click', (event) => {
        if (event.target.closest?.('#shortcuts-button')) this.show();
        // A click beside the open dialog lands on the dialog itself, its backdrop.
        else if (event.target === this.#dialog) this.#dialog.close();
      });
    }

    show() {
      if (this.#dialog && !this.#dialog.open) this.#dialog.showModal();
    }

    get #dialog() {
      return document.getElementById('shortcuts-dialog');
    }

    #key(event) {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (event.target.closest?.(TYPING) || document.querySelector('dialog[open]')) return;
      // Space presses the button that has the focus, unless a pointer left it there.
      const button = event.target.closest?.(PRESSABLE);
      if (event.key === ' ' && button && button !== this.#pointed) return;
      const action = event.key === '?' ? () => this.show() : this.#actions.get(event.key.toLowerCase());
      if (!action) return;
      event.preventDefault();
      action();
    }
  };
})();
