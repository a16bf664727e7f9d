/* Which of the alerts that are over the viewer wants to see. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const LENGTHS = { 'now-1h': 3_600_000, 'now-24h': 86_400_000, 'now-7d': 604_800_000 };
  const WORDS = { 'now-1h': 'in the last hour', 'now-24h': 'in the last 24 hours', 'now-7d': 'in the last 7 days', all: 'of all that are kept' };
  const SETTLE_MS = 200;

  const element = (name) => document.getElementById(`alerts-${name}`);
  const unseen = ({ state, acknowledged, log }) =>
    state === 'resolved' && !acknowledged && !log.some(({ kind }) => kind === 'dismissed');

  hub.AlertsFilter = class AlertsFilter {
    from = 'now-24h';

    #search;
    #timer = 0;

    /** `onPeriod` is called for another period, `onChange` for anything else. */
    constructor(onChange, onPeriod) {
      this.#search = hub.make('input', {
        type: 'search', id: 'alerts-search', class: 'dialog__input', placeholder: 'Search names, people, notes', 'aria-label': 'Search names, people and notes', maxlength: 80,
      });
      element('search-place').append(this.#search);
      this.#search.addEventListener('input', () => {
        window.clearTimeout(this.#timer);
        this.#timer = window.setTimeout(onChange, SETTLE_MS);
      });
      for (const name of ['severity', 'rule', 'state']) element(name).addEventListener('change', onChange);
      element('clear').addEventListener('click', () => {
        for (const name of ['severity', 'rule', 'state']) element(name).value = '';
        this.#search.value = '';
        this.#search.focus();
        onChange();
      });
      const buttons = [...document.querySelectorAll('[data-alerts-from]')];
      for (const button of buttons) {
        button.addEventListener('click', () => {
          this.from = button.dataset.alertsFrom;
          for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
          onPeriod();
        });
      }
    }

    get words() {
      return WORDS[this.from];
    }

    /** Epoch ms at which the period begins, of which `oldest` is the first alert that is known. */
    start(now, oldest) {
      return this.from === 'all' ? (oldest ?? now) : now - LENGTHS[this.from];
    }

    /** Whether anything but the period keeps alerts away. */
    get active() {
      return Boolean(this.#search.value.trim()) || ['severity', 'rule', 'state'].some((name) => element(name).value);
    }

    /** The rules that can be chosen: those of which there are alerts. */
    offer(alerts) {
      const names = new Map(alerts.map(({ rule_id: id, threshold }) => [id, threshold.name]));
      const chosen = element('rule').value;
      const options = [...names].sort(([, a], [, b]) => a.localeCompare(b)).map(([id, name]) => hub.make('option', { value: id, text: name }));
      element('rule').replaceChildren(hub.make('option', { value: '', text: 'Any rule' }), ...options);
      element('rule').value = names.has(chosen) ? chosen : '';
    }

    /** Those of `alerts` that are chosen; `since` is when the period begins. */
    chosen(alerts, since) {
      const [severity, rule, state] = ['severity', 'rule', 'state'].map((name) => element(name).value);
      const wanted = this.#search.value.trim().toLowerCase();
      element('clear').hidden = !this.active;
      return alerts.filter((alert) => {
        if ((alert.resolved_at ?? Infinity) < since) return false;
        if (severity && alert.severity !== severity) return false;
        if (rule && alert.rule_id !== rule) return false;
        if (state === 'unseen' ? !unseen(alert) : state && alert.state !== state) return false;
        if (!wanted) return true;
        const said = alert.log.flatMap(({ by, note }) => [by, note]);
        return [alert.threshold.name, alert.message, ...said].join('\n').toLowerCase().includes(wanted);
      });
    }
  };
})();
