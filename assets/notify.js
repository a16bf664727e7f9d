/* "Notify me here": a sound and a browser's message for each new alert, once per browser, also from a hidden tab. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const KEY = 'hub-monitor.notify';
  const TOLD = 'hub-monitor.notified';
  const REMEMBERED = 200;

  /** Hz and seconds. */
  const TONE = 880;
  const LENGTH = 0.18;
  const LOUDNESS = 0.2;

  const SOUND = 'New warnings and critical alerts make a sound while this page is open';
  const WORDS = Object.freeze({
    granted: `${SOUND}, and the browser shows a message.`,
    denied: `${SOUND}. The browser refuses to show messages: allow them for this address in its settings.`,
    default: `${SOUND}. The browser shows no messages before it is allowed: turn this off and on to be asked again.`,
    insecure: `${SOUND}. The browser shows messages only of pages by https, or of this machine.`,
    none: `${SOUND}. This browser shows no messages.`,
  });
  const MUTE = 'The sound begins with your first click on this page. ';

  /** What the browser says of messages. */
  function permission() {
    if (!window.isSecureContext) return 'insecure';
    return window.Notification ? window.Notification.permission : 'none';
  }

  hub.Notify = class Notify {
    #on = hub.remembered.read(KEY) === 'on';
    #sound = null;

    constructor() {
      document.addEventListener('click', ({ target }) => {
        if (target.closest?.('#notify-switch')) this.#turn();
      });
      // No page may sound before somebody did something on it.
      for (const type of ['pointerdown', 'keydown']) {
        document.addEventListener(type, () => this.#on && this.#wake(), { passive: true });
      }
      window.addEventListener('storage', ({ key }) => {
        if (key !== KEY) return;
        this.#on = hub.remembered.read(KEY) === 'on';
        this.show();
      });
    }

    /** Show how it stands; also when Dash has built the page. */
    show() {
      const button = document.getElementById('notify-switch');
      if (!button) return;
      button.setAttribute('aria-checked', String(this.#on));
      document.getElementById('notify-icon').className = this.#on ? 'bi bi-bell-fill' : 'bi bi-bell';
      const mute = this.#sound?.state === 'running' ? '' : MUTE;
      document.getElementById('notify-told').textContent = this.#on ? mute + WORDS[permission()] : '';
    }

    /** Tell of new alerts, [{key, name, severity, text}]; what is only for information disturbs nobody. */
    async tell(alerts) {
      const grave = alerts.filter(({ severity }) => severity !== 'info');
      if (!this.#on || !grave.length) return;
      const mine = await this.#first(grave);
      if (!mine.length) return;
      this.#beep();
      if (permission() === 'granted') this.#message(mine);
    }

    async #turn() {
      this.#on = !this.#on;
      hub.remembered.write(KEY, this.#on ? 'on' : 'off');
      if (this.#on) {
        this.#wake();
        this.show();
        // Browsers ask only after a click.
        if (permission() === 'default') await window.Notification.requestPermission();
        this.#beep();
      }
      this.show();
    }

    #wake() {
      if (this.#sound?.state === 'running') return;
      const Sound = window.AudioContext;
      if (!Sound) return;
      this.#sound ??= new Sound();
      this.#sound.resume().then(() => this.show(), () => undefined);
    }

    /** A tone that swells and fades, so that it does not click. */
    #beep() {
      const sound = this.#sound;
      if (sound?.state !== 'running') return;
      const now = sound.currentTime;
      const loudness = sound.createGain();
      loudness.gain.setValueAtTime(0, now);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, now + 0.02);
      loudness.gain.linearRampToValueAtTime(0, now + LENGTH);
      const tone = sound.createOscillator();
      tone.frequency.value = TONE;
      tone.connect(loudness).connect(sound.destination);
      tone.start(now);
      tone.stop(now + LENGTH);
    }

    #message(alerts) {
      const [{ name, severity, text }] = alerts;
      const title = alerts.length > 1 ? `${alerts.length} new alerts` : `${name} (${severity})`;
      const body = alerts.length > 1 ? alerts.map((alert) => alert.name).join(', ') : text;
      try {
        const message = new window.Notification(title, { body, tag: alerts[0].key });
        message.addEventListener('click', () => window.focus());
      } catch {
        // Some phones show messages of service workers alone.
      }
    }

    /** Return those that no other tab of this browser has told, and note that this one does. */
    async #first(alerts) {
      const take = () => {
        const told = (hub.remembered.read(TOLD) ?? '').split(' ').filter(Boolean);
        const mine = alerts.filter(({ key }) => !told.includes(key));
        hub.remembered.write(TOLD, [...told, ...mine.map(({ key }) => key)].slice(-REMEMBERED).join(' '));
        return mine;
      };
      // The tabs hear of an alert at the same moment.
      return window.navigator.locks ? window.navigator.locks.request(TOLD, take) : take();
    }
  };
})();
