/* The connection pill: how the data comes, and how old it is by the browser's own clock. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const OFFLINE_MS = 30000;

  const ICON = Object.freeze({
    connecting: 'bi-three-dots',
    live: 'bi-circle-fill',
    polling: 'bi-arrow-repeat',
    reconnecting: 'bi-arrow-clockwise',
    offline: 'bi-wifi-off',
    paused: 'bi-pause-circle-fill',
  });

  const duration = (ms) => {
    const seconds = Math.max(1, Math.floor(ms / 1000));
    if (seconds < 120) return `${seconds} s`;
    return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
  };

  const retry = (ms) => (ms > 0 ? `Reconnecting in ${Math.ceil(ms / 1000)} s` : 'Reconnecting…');

  /**
   * Judge a connection: {state, text, stale, sentence}.
   * @param {{age: ?number, refresh: number, stale: number, open: boolean, polled: boolean, retryIn: ?number,
   *   viewers: ?number, behind: ?number, final: boolean}} facts `age` in ms since something new was received, null before the first;
   *   `retryIn` ms until the next attempt, null while one is under way; `behind` ms since the page was paused;
   *   `final`: nothing newer can come.
   */
  function judge({ age, refresh, stale, open, polled, retryIn, viewers, behind, final }) {
    if (age === null) {
      const text = retryIn === null ? 'Connecting…' : retry(retryIn);
      return { state: 'connecting', text, stale: false, sentence: '' };
    }
    if (final && open) {
      return { state: 'paused', text: 'Session · its end', stale: false, sentence: 'The session ends here' };
    }
    if (age > stale) {
      const old = `data ${duration(age)} old`;
      if (open) {
        return { state: 'reconnecting', text: `Stalled · ${old}`, stale: true, sentence: 'The server sends no new data' };
      }
      if (age > OFFLINE_MS) return { state: 'offline', text: `Offline · ${old}`, stale: true, sentence: 'Offline' };
      return { state: 'reconnecting', text: retry(retryIn ?? 0), stale: true, sentence: 'Connection lost, reconnecting' };
    }
    if (behind !== null) {
      return { state: 'paused', text: `Paused · ${duration(behind)} behind`, stale: false, sentence: 'Paused' };
    }
    if (open) {
      // Counted when the sample was taken, so the newest page is not yet among them.
      const watching = viewers === null ? '' : ` · ${Math.max(1, viewers)} ${viewers > 1 ? 'viewers' : 'viewer'}`;
      const shown = duration(age < 1.5 * refresh ? refresh : age);
      return { state: 'live', text: `Live · ${shown}${watching}`, stale: false, sentence: 'Live' };
    }
    if (polled) return { state: 'polling', text: 'Polling', stale: false, sentence: 'No push connection, polling' };
    return {
      state: 'reconnecting', text: retry(retryIn ?? 0), stale: false, sentence: 'Connection lost, reconnecting',
    };
  }

  hub.Pill = class Pill {
    #facts;
    #announcer;
    #timer = 0;
    #said = null;
    #text = null;
    #state = null;

    constructor(facts, announcer) {
      this.#facts = facts;
      this.#announcer = announcer;
    }

    /** Show what is true now, and look again when it will have changed. */
    update() {
      window.clearTimeout(this.#timer);
      const facts = this.#facts();
      const verdict = judge(facts);
      this.#show(verdict, facts.age);
      this.#announce(verdict);
      const quiet = verdict.state === 'live' || verdict.state === 'polling';
      const wait = quiet ? Math.min(facts.stale, 1.5 * facts.refresh) - facts.age : 0;
      this.#timer = window.setTimeout(() => this.update(), wait > 0 ? wait + 20 : 1000);
    }

    #show({ state, text, stale }, age) {
      const pill = document.getElementById('connection-pill');
      if (!pill) return;
      const title = stale ? `Data ${duration(age)} old` : '';
      if (pill.title !== title) pill.title = title;
      const body = document.body.classList;
      body.toggle('is-stale', stale);
      body.toggle('is-offline', state === 'offline');
      body.toggle('is-paused', state === 'paused');
      if (text !== this.#text) {
        this.#text = text;
        document.getElementById('connection-text').textContent = text;
      }
      if (state !== this.#state) {
        this.#state = state;
        pill.className = `connection-pill connection-pill--${state}`;
        document.getElementById('connection-icon').className = `bi ${ICON[state]}`;
      }
    }

    #announce({ sentence }) {
      if (sentence === this.#said) return;
      // The first connection is what everybody expects.
      if (this.#said) this.#announcer.say('connection', sentence);
      if (sentence) this.#said = sentence;
    }
  };

  hub.Pill.judge = judge;
})();
