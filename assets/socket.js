/* The pushed stream: one WebSocket, kept open for as long as the server takes it. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const FIRST_DELAY_MS = 1000;
  const LAST_DELAY_MS = 30000;
  const OPEN_DEADLINE_MS = 10000;
  const SEATED_MS = 1000;
  const FULL_HOUSE = 1013;

  hub.Socket = class Socket {
    /** 'connecting', 'open' (and let in) or 'waiting' (until `retryAt`). */
    state = 'waiting';

    /** performance.now() of the next attempt while waiting. */
    retryAt = 0;

    #socket = null;
    #timer = 0;
    #failures = 0;
    #heard = 0;
    #cursor;
    #onPatch;
    #onChange;

    /** `cursor` gives {epoch, seq} or {}; `onPatch` gets each patch; `onChange` is told of each change of state. */
    constructor({ cursor, onPatch, onChange }) {
      this.#cursor = cursor;
      this.#onPatch = onPatch;
      this.#onChange = onChange;
    }

    get open() {
      return this.state === 'open';
    }

    /** Connect now; `afresh` asks for the full state instead of what was missed. */
    connect({ afresh = false } = {}) {
      this.#drop();
      const url = new URL('/ws', window.location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      url.searchParams.set('view', 'page');
      const cursor = afresh ? {} : this.#cursor();
      if (cursor.epoch) {
        url.searchParams.set('epoch', cursor.epoch);
        url.searchParams.set('after', cursor.seq);
      }
      const socket = new WebSocket(url);
      this.#socket = socket;
      this.#timer = window.setTimeout(() => this.#lost(), OPEN_DEADLINE_MS);
      socket.onopen = () => this.#admitted();
      socket.onmessage = (event) => this.#message(event);
      socket.onclose = (event) => this.#lost(event.code);
      this.#become('connecting');
    }

    /** Connect now if it only waits for its next try. */
    hurry() {
      if (this.state === 'waiting') this.connect();
    }

    /** Take silence of more than `ms` for a line that is dead without a word. */
    suspect(ms) {
      if (this.open && performance.now() - this.#heard > ms) this.#lost();
    }

    close() {
      this.#drop();
      this.#become('waiting');
    }

    /** A server without a seat opens, says so and closes; one that has nothing new opens and is silent. */
    #admitted() {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#alive(), SEATED_MS);
    }

    #message(event) {
      this.#alive();
      this.#onPatch(JSON.parse(event.data));
    }

    #alive() {
      window.clearTimeout(this.#timer);
      this.#heard = performance.now();
      this.#failures = 0;
      this.#become('open');
    }

    #lost(code) {
      this.#drop();
      const base = code === FULL_HOUSE ? LAST_DELAY_MS : Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LAST_DELAY_MS);
      const delay = base * (0.75 + Math.random() / 2);
      this.#failures += 1;
      this.retryAt = performance.now() + delay;
      this.#timer = window.setTimeout(() => this.connect(), delay);
      this.#become('waiting');
    }

    #drop() {
      window.clearTimeout(this.#timer);
      if (!this.#socket) return;
      this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close();
      this.#socket = null;
    }

    #become(state) {
      if (state === this.state) return;
      this.state = state;
      this.#onChange();
    }
  };
})();
