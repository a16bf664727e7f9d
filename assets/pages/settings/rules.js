/* The rules: which there are, whether they fire now, and the dialog that changes them. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const ORIGINS = { package: 'the program', file: 'monitor.toml', user: 'made here' };
  const LOCKED = 'set in monitor.toml: change it there, and start again';
  const NOW = {
    firing: ['bell-fill', 'fires'], acknowledged: ['person-check', 'fires, acknowledged'],
    dismissed: ['bell-slash', 'bad, dismissed'], pending: ['hourglass-split', 'pending'],
  };
  const RULES = 'rules';
  const OPEN = 'alerts?state=firing,acknowledged,dismissed,pending';

  const element = (name) => document.getElementById(name);
  const path = (id) => `${RULES}/${encodeURIComponent(id)}`;
  const title = (metric) => hub.watched().get(metric)?.title ?? metric;
  const words = (text, more = {}) => hub.make('span', { text, ...more });
  const cell = (label, name, ...children) => hub.make('td', { 'data-label': label, class: `rules__${name}` }, ...children);

  hub.Rules = class Rules {
    #announcer;
    #sure;
    #rules = null;
    #now = new Map();
    #pending = new Set();
    #packaged = new Map(JSON.parse(element('rules-packaged').dataset.rules).map((rule) => [rule.id, JSON.stringify(rule)]));
    #rows = new hub.Rows(element('rules').querySelector('tbody'), ([, , rule]) => this.#row(rule));
    #asking = new hub.Question(() => this.#ask());
    #form = new hub.RuleForm();
    #editor = new hub.Editor('rule', (values) => this.#save(values));

    /** The rule that is edited, null for a new one. */
    #edited = null;

    constructor(announcer) {
      this.#announcer = announcer;
      this.#sure = new hub.Sure(announcer);
      element('panel-rules').addEventListener('click', ({ target }) => this.#click(target));
    }

    ask() {
      this.#asking.want();
    }

    /** What is pending changes too often to ask for it: the patches have it. */
    pending(pending) {
      this.#pending = new Set(pending.map(({ rule_id: id }) => id));
      if (this.#rules) this.#show();
    }

    /** Open the dialog for a rule of this id, once the rules are there. */
    async edit(id) {
      if (!this.#rules) await this.#ask();
      if (!this.#rules) return;
      const rule = this.#rules.find((one) => one.id === id);
      const wrong = !rule ? `There is no rule ${id} any more.` : rule.origin === 'file' ? `${rule.name} is ${LOCKED}.` : '';
      element('rules-error').textContent = wrong;
      if (!wrong) this.#open(rule);
    }

    async #ask() {
      const [rules, open] = await Promise.all([hub.request('GET', RULES), hub.request('GET', OPEN)]);
      const error = rules.error ?? open.error;
      element('rules-note').textContent = error ? `The rules cannot be read: ${error.message}.` : '';
      if (error) return;
      this.#rules = rules.said.rules;
      this.#now = new Map(open.said.alerts.map(({ rule_id: id, state }) => [id, state]));
      this.#pending = new Set(open.said.pending.map(({ rule_id: id }) => id));
      if (!open.said.enabled) element('rules-note').textContent = 'Alerting is turned off by the settings (enable_alerting): no rule is watched.';
      this.#show();
    }

    #state({ id, enabled }) {
      return this.#now.get(id) ?? (enabled && this.#pending.has(id) ? 'pending' : null);
    }

    #show() {
      this.#rows.show(this.#rules.map((rule) => [rule.id, JSON.stringify([rule, this.#state(rule)]), rule]));
    }

    #row(rule) {
      const { id, name, severity, origin, enabled, metric, for_secs: bad, guard } = rule;
      const locked = origin === 'file';
      const packaged = origin === 'package';
      const edited = packaged && this.#packaged.get(id) !== JSON.stringify(rule);
      const turn = hub.make(
        'button',
        { type: 'button', class: 'switch', role: 'switch', 'aria-checked': String(enabled), 'aria-label': `Watch by ${name}`, 'data-rule': 'turn', 'data-writes': true },
        hub.make('span', { class: 'switch__track' }),
      );
      const only = guard ? words(`only while ${title(guard.metric)} ${hub.limit({ ...guard, threshold: guard.value })}`, { class: 'rules__guard' }) : null;
      const [icon, state] = NOW[this.#state(rule)] ?? [enabled ? 'check2' : 'dash', enabled ? 'quiet' : 'not watched'];
      const button = (action, symbol, label, shown) =>
        hub.button({ icon: symbol, words: shown, label, 'data-rule': action, 'data-writes': true });
      const buttons = locked
        ? [hub.make('span', { title: LOCKED }, hub.icon('lock'), words(' read-only'))]
        : [
            button('edit', 'pencil', `Edit ${name}`, 'Edit'),
            edited ? button('reset', 'arrow-counterclockwise', `Reset ${name} to default`) : null,
            packaged ? null : button('delete', 'trash', `Delete ${name}`),
          ];
      return hub.make(
        'tr',
        { 'data-id': id },
        cell('On', 'on', hub.make('span', { class: 'switch__place' }, locked ? null : turn, words(enabled ? 'on' : 'off', { class: 'switch__state' }))),
        hub.make('th', { scope: 'row', class: 'rules__name', text: name }),
        cell('Bad is', 'limit', words(`${title(metric)} ${hub.limit(rule)}${bad > 0 ? ` for ${hub.duration(1000 * bad)}` : ''}`), only),
        cell('Severity', 'severity', hub.severity(severity)),
        cell('Now', 'now', hub.icon(icon), words(` ${state}`)),
        cell('From', 'origin', words(`${ORIGINS[origin]}${edited ? ', edited' : ''}`, { title: locked ? LOCKED : null })),
        cell('Change', 'buttons', hub.make('span', { class: 'rules__change' }, ...buttons)),
      );
    }

    async #click(target) {
      if (target.closest('#rule-new')) this.#open(null);
      const button = target.closest('[data-rule]');
      if (!button) return;
      const rule = this.#rules.find(({ id }) => id === button.closest('[data-id]').dataset.id);
      element('rules-error').textContent = '';
      switch (button.dataset.rule) {
        case 'edit':
          this.#open(rule);
          return;
        case 'turn':
          await this.#send('PUT', rule, { ...rule, enabled: !rule.enabled }, rule.enabled ? 'switched off' : 'switched on');
          return;
        case 'reset':
          if (this.#sure.press(button, rule.id, 'Press again to make it as it was')) await this.#send('DELETE', rule, {}, 'is as it was');
          return;
        default:
          if (this.#sure.press(button, rule.id)) await this.#send('DELETE', rule, {}, 'deleted');
      }
    }

    async #send(method, rule, body, done) {
      const { error } = await hub.request(method, path(rule.id), body);
      element('rules-error').textContent = error ? hub.sentence(error) : '';
      if (!error) this.#announcer.say('rules', `${rule.name} ${done}`);
      this.#asking.want({ now: true });
    }

    #open(rule) {
      this.#edited = rule;
      this.#form.fill(rule ?? undefined);
      this.#editor.open(rule ? `Edit: ${rule.name}` : 'New rule', () => this.#form.form);
    }

    async #save(values) {
      const rule = this.#form.rule(values);
      const { error } = this.#edited
        ? await hub.request('PUT', path(this.#edited.id), { ...rule, id: this.#edited.id })
        : await hub.request('POST', RULES, rule);
      // The name makes the id of a new one.
      if (!this.#edited && (error?.field === 'id' || error?.code === 'conflict')) return { field: 'name', message: error.message };
      if (error) return error;
      this.#announcer.say('rules', `${rule.name} saved`);
      this.#asking.want({ now: true });
      return null;
    }
  };
})();
