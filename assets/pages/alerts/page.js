/* The Alerts page: asks for the alerts when it is shown, and again when a patch says that they changed. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const OPEN = 'alerts?state=firing,acknowledged,dismissed,pending';
  const OVER = 'alerts?state=dismissed,resolved';
  const MOST_PENDING = 20;
  const AGAIN_MS = 5000;

  const element = (name) => document.getElementById(`alerts-${name}`);
  const item = (alert) => [alert.id, hub.alertStand(alert), alert];
  const counted = (count, words) => `${count} ${words}`;

  hub.Pages.add('alerts', class AlertsPage {
    #announcer;
    #paused;
    #t;

    #open = [];
    #over = [];
    #pending = [[], 0];
    #enabled = true;
    #opened = new Set();
    #stale = new Set(['open', 'over', 'frequency']);
    #read = new Set();
    #asking = {
      open: new hub.Question(() => this.#askOpen()),
      over: new hub.Question(() => this.#askOver()),
      frequency: new hub.Question(() => this.#askFrequency()),
    };
    #rows;
    #filter;
    #dialog;

    /** `paused()` tells whether the viewer has stopped the page, `t()` the moment of the newest patch. */
    constructor({ announcer, paused, t }) {
      this.#announcer = announcer;
      this.#paused = paused;
      this.#t = t;
      const rows = (name) => new hub.Rows(element(name), ([, , alert]) => hub.alertRow(alert, this.#opened, () => this.#now));
      this.#rows = { active: rows('active'), acknowledged: rows('acknowledged'), over: rows('over') };
      this.#filter = new hub.AlertsFilter(() => this.#listed(), () => this.#period());
      this.#dialog = new hub.AlertsDialog(announcer, () => this.#changed());
      document.getElementById('page-alerts').addEventListener('click', ({ target }) => this.#click(target));
    }

    get #now() {
      return this.#t() ?? Date.now();
    }

    take({ alert_changes: changes }) {
      if (!changes) return;
      for (const what of changes.changed ?? []) this.#stale.add(what);
      if (changes.changed?.some((what) => what !== 'rules')) this.#stale.add('frequency');
      if (changes.pending) this.#pending = [changes.pending, changes.more];
      const messages = new Map(changes.messages ?? []);
      for (const alert of this.#open) {
        if (messages.has(alert.id)) alert.message = `${alert.threshold.name}: ${messages.get(alert.id)}`;
      }
    }

    draw() {
      if (this.#paused() && this.#read.size) return;
      for (const what of this.#stale) this.#asking[what]?.want();
      this.#stale.clear();
      hub.alertsPending(...this.#pending);
      const rows = new Map([...document.querySelectorAll('#alerts-active .alarm, #alerts-acknowledged .alarm')].map((row) => [row.dataset.id, row]));
      for (const alert of this.#open) {
        const row = rows.get(alert.id);
        if (!row) continue;
        hub.alertMessage(row, alert);
        hub.alertAge(row, alert, this.#now);
      }
    }

    async #ask(what, path) {
      const { said, error } = await hub.request('GET', path);
      if (error) {
        element('note').textContent = `What stands here may be old: ${error.message}.`;
        // The next picture, or the one after that, asks again.
        window.setTimeout(() => this.#stale.add(what), AGAIN_MS);
        return null;
      }
      element('note').textContent = said.enabled === false
        ? 'Alerting is turned off by the settings (enable_alerting): nothing is watched.'
        : '';
      this.#read.add(what);
      return said;
    }

    async #askOpen() {
      const said = await this.#ask('open', OPEN);
      if (!said) return;
      this.#open = said.alerts;
      this.#pending = [said.pending.slice(0, MOST_PENDING), Math.max(0, said.pending.length - MOST_PENDING)];
      this.#current();
    }

    async #askOver() {
      const said = await this.#ask('over', OVER);
      if (!said) return;
      this.#over = said.alerts.toSorted((a, b) => b.triggered_at - a.triggered_at);
      this.#filter.offer(this.#over);
      this.#listed();
    }

    async #askFrequency() {
      const { from } = this.#filter;
      const query = new URLSearchParams({ from: from === 'all' ? '0' : from });
      const said = await this.#ask('frequency', `alerts/frequency?${query}`);
      if (!said || from !== this.#filter.from) return;
      const start = from === 'all' ? (said.begins ?? this.#oldest ?? said.to) : said.from;
      hub.alertFrequency(said, start, from, this.#filter.words);
    }

    get #oldest() {
      const moments = [...this.#open, ...this.#over].map(({ triggered_at: at }) => at);
      return moments.length ? Math.min(...moments) : null;
    }

    #current() {
      const focused = document.activeElement;
      const firing = this.#open.filter(({ state }) => state === 'firing');
      const seen = this.#open.filter(({ state }) => state !== 'firing');
      this.#rows.active.show(firing.map(item));
      this.#rows.acknowledged.show(seen.map(item));
      element('active-none').hidden = firing.length > 0;
      element('acknowledged-none').hidden = seen.length > 0;
      element('active-count').textContent = firing.length ? `${firing.length} firing` : '';
      element('acknowledged-count').textContent = seen.length ? String(seen.length) : '';
      element('all').hidden = firing.length < 2;
      const acknowledged = seen.filter(({ state }) => state === 'acknowledged').length;
      const parts = [[firing.length, 'active'], [acknowledged, 'acknowledged'], [seen.length - acknowledged, 'dismissed'], [this.#pending[0].length + this.#pending[1], 'pending']];
      const words = parts.filter(([count]) => count).map(([count, word]) => counted(count, word));
      element('lead').textContent = words.length ? words.join(' · ') : 'Nothing is wrong by any rule.';
      // The row in which the viewer was has moved on: stay where they were.
      if (focused !== document.body && !focused?.isConnected) this.#heading();
    }

    #heading() {
      const title = document.getElementById('panel-active-title');
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }

    #listed() {
      const since = this.#filter.start(this.#now, this.#oldest);
      const chosen = this.#filter.chosen(this.#over, since);
      this.#rows.over.reset();
      this.#rows.over.show(chosen.map(item));
      element('over-count').textContent = this.#over.length ? `${chosen.length} of ${this.#over.length}` : '';
      element('over-none').hidden = chosen.length > 0;
      element('over-none').textContent = this.#none(since);
    }

    #none(since) {
      if (!this.#over.length) return 'No alert is over yet. Each one is kept here with who saw it, how bad it got and how long it took; the newest 500.';
      if (this.#filter.active) return 'None of the alerts of this period fits the filters.';
      const newest = this.#over[0].triggered_at;
      return newest < since ? `No alert was over ${this.#filter.words}; the last one fired on ${hub.clock.day(newest)} at ${hub.clock.time(newest)}.` : 'No alert in this period.';
    }

    #period() {
      this.#listed();
      this.#asking.frequency.want({ now: true });
    }

    /** The viewer has changed something. */
    #changed() {
      this.#asking.open.want({ now: true });
      this.#asking.over.want({ now: true });
    }

    #click(target) {
      if (target.closest('#alerts-all')) {
        this.#dialog.open('acknowledge', this.#open.filter(({ state }) => state === 'firing'));
      }
      const action = target.closest('[data-alert-action]');
      if (!action) return;
      const id = action.closest('.alarm').dataset.id;
      const alert = this.#open.find((one) => one.id === id) ?? this.#over.find((one) => one.id === id);
      if (alert) this.#dialog.open(action.dataset.alertAction, [alert]);
    }
  });
})();
