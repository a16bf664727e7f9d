/* What is new among the alerts: each that begins or asks again, and each that ends, is told once. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** More at once are only counted. */
  const NAMED = 3;

  /** Keys are remembered for as long as the server can name their alerts. */
  const REMEMBERED = 2000;

  hub.News = class News {
    #announcer;
    #notify;

    /** Alert's id -> the alert, of those that went on when last heard; null before the first time. */
    #active = null;

    /** Keys of what was told: an alert has another one each time that it asks anew. */
    #told = new Set();

    constructor(announcer, notify) {
      this.#announcer = announcer;
      this.#notify = notify;
    }

    /** `alerts`: see monitor/ui/alert_marks.py. What asks when the page begins is no news. */
    take({ active, over }) {
      const asking = active.filter(({ key, asks }) => asks && !this.#told.has(key));
      if (this.#active) {
        const ended = over.filter((id) => this.#active.has(id)).map((id) => this.#active.get(id));
        this.#say(asking, 'new alerts', ({ name, severity, text }) => `Alert: ${name}, ${severity}: ${text}`);
        this.#say(ended, 'alerts are over', ({ name }) => `${name} is over`);
        if (asking.length) this.#notify.tell(asking);
      }
      if (this.#told.size > REMEMBERED) this.#told = new Set();
      for (const { key } of active) this.#told.add(key);
      this.#active = new Map(active.map((alert) => [alert.id, alert]));
    }

    /** Say each of a few; of many only how many. */
    #say(alerts, many, sentence) {
      if (alerts.length > NAMED) this.#announcer.say(many, `${alerts.length} ${many}`);
      else for (const alert of alerts) this.#announcer.say(`alert ${alert.id}`, sentence(alert));
    }
  };
})();
