/* Proving an optimisation: says how long it takes, begins it and cancels it. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const PATH = 'proof';

  const element = (name) => document.getElementById(`proof-${name}`);
  const number = (name) => Number(element(name).value);

  hub.Proof = class Proof {
    #announcer;
    #busy = false;

    /** The buttons take each other's place with the next sample; the focus goes along. */
    #swap = new MutationObserver(() => {
      this.#swap.disconnect();
      if (document.activeElement === document.body) this.#shown.focus();
    });

    constructor(announcer) {
      this.#announcer = announcer;
      document.addEventListener('change', ({ target }) => {
        if (target === element('pairs') || target === element('seconds')) this.#pace();
      });
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#proof-start')) this.#start();
        if (target.closest?.('#proof-cancel')) this.#send('DELETE', {}, 'Proof cancelled');
      });
    }

    get #shown() {
      return element('start').hidden ? element('cancel') : element('start');
    }

    #pace() {
      const seconds = 2 * number('pairs') * number('seconds');
      const hours = Math.floor(seconds / 3600);
      const minutes = Math.floor((seconds % 3600) / 60);
      const rest = hours ? '' : ` ${seconds % 60} s`;
      const total = `${hours ? `${hours} h ` : ''}${minutes} min${rest}`;
      element('pace').textContent = `${number('pairs')} pairs of twice ${number('seconds')} s, about ${total}`;
    }

    #start() {
      const optimization = element('optimization').value;
      const body = { optimization, pairs: number('pairs'), half_seconds: number('seconds') };
      this.#send('POST', body, 'Proof begun');
    }

    async #send(method, body, done) {
      if (this.#busy) return;
      this.#busy = true;
      this.#swap.observe(this.#shown, { attributes: true, attributeFilter: ['hidden'] });
      const problem = await hub.ask(method, PATH, body);
      this.#busy = false;
      element('error').textContent = problem;
      if (problem) this.#swap.disconnect();
      else this.#announcer.say('proof', done);
    }
  };
})();
