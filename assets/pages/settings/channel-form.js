/* A channel as a form: what its kind has to know, and what it tells of when. Secrets go in and never come out. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const KINDS = [['email', 'E-mail'], ['slack', 'Slack'], ['webhook', 'Webhook'], ['apprise', 'Apprise']];
  const SEVERITIES = [['info', 'everything'], ['warning', 'warnings and critical'], ['critical', 'critical only']];
  const TLS = [['starttls', 'STARTTLS'], ['tls', 'TLS'], ['none', 'none']];
  const FIRST = 'settings.';
  const KEPT = 'set; leave it empty to keep it';

  /** Of each kind its settings; `secret` ones are never shown again. */
  const SETTINGS = {
    email: [
      { name: 'host', title: 'Mail server', placeholder: 'smtp.example.org', size: 'half' },
      { name: 'port', title: 'Port', kind: 'number', size: 'quarter' },
      { name: 'tls', title: 'Security', kind: 'select', options: TLS, size: 'quarter' },
      { name: 'user', title: 'User', size: 'half', help: 'empty where the server asks for none' },
      { name: 'password', title: 'Password', kind: 'password', size: 'half', secret: true },
      { name: 'sender', title: 'From', placeholder: 'hub-monitor@example.org', size: 'half' },
      { name: 'recipients', title: 'To', placeholder: 'ops@example.org, ann@example.org', size: 'half', most: 4000, help: 'several by commas' },
    ],
    slack: [{ name: 'url', title: 'Webhook URL', placeholder: 'https://hooks.slack.com/services/…', secret: true, most: 2000 }],
    webhook: [
      { name: 'url', title: 'URL', placeholder: 'https://example.org/alerts', secret: true, most: 2000, help: 'gets Alertmanager’s version-4 JSON' },
      { name: 'authorization', title: 'Authorization', kind: 'password', secret: true, most: 1000, help: 'sent as this header, for example Bearer …; may be empty' },
    ],
    apprise: [{ name: 'address', title: 'Apprise address', placeholder: 'tgram://token/chat', secret: true, most: 2000 }],
  };
  const DEFAULTS = { email: { port: 587, tls: 'starttls' } };

  const FRESH = {
    name: null, kind: 'email', settings: {}, severity: 'warning', resolved: true, quiet_hours: null, quiet_lets_critical: true, enabled: true,
  };

  const fields = (kind) => [
    { name: 'name', title: 'Name', placeholder: 'On call', most: 80, size: 'half' },
    { name: 'kind', title: 'Kind', kind: 'select', options: KINDS, size: 'half' },
    ...SETTINGS[kind].map((field) => ({ ...field, name: FIRST + field.name })),
    { name: 'severity', title: 'Tells of', kind: 'select', options: SEVERITIES, size: 'half' },
    { name: 'quiet_hours.from', title: 'Quiet from', kind: 'time', size: 'quarter', help: 'the server’s clock' },
    { name: 'quiet_hours.to', title: 'until', kind: 'time', size: 'quarter', help: 'then it tells what it held back' },
    { name: 'resolved', title: 'Tell when it is over, too', kind: 'check' },
    { name: 'quiet_lets_critical', title: 'Critical ones even in quiet hours', kind: 'check' },
    { name: 'enabled', title: 'Switched on', kind: 'check' },
  ];

  /** A channel as the API takes it, all but its secrets, which stay as they are. */
  hub.channelKept = function channelKept({ id, state, ...channel }) {
    const secret = new Set(SETTINGS[channel.kind].filter((field) => field.secret).map(({ name }) => name));
    return { ...channel, settings: Object.fromEntries(Object.entries(channel.settings).filter(([name]) => !secret.has(name))) };
  };

  hub.ChannelForm = class ChannelForm {
    form = null;

    #kind = '';
    #old = null;
    #root = document.getElementById('channel-fields');

    constructor() {
      this.#root.addEventListener('change', ({ target }) => {
        if (target !== this.form.input('kind')) return;
        this.#make(target.value, { ...this.channel(this.form.read()), settings: {} });
        this.form.input('kind').focus();
      });
    }

    /** Show a channel, without one a new one. */
    fill(channel) {
      this.#old = channel ?? null;
      const shown = channel ?? FRESH;
      this.#make(shown.kind, shown);
    }

    #make(kind, channel) {
      this.#kind = kind;
      this.form = new hub.Form(this.#root, 'channel', fields(kind));
      const given = { ...DEFAULTS[kind], ...channel.settings };
      const settings = SETTINGS[kind].filter(({ secret }) => !secret).map(({ name }) => [FIRST + name, [given[name]].flat().join(', ')]);
      this.form.fill({
        ...channel, kind, ...Object.fromEntries(settings), 'quiet_hours.from': channel.quiet_hours?.from, 'quiet_hours.to': channel.quiet_hours?.to,
      });
      // What it is, it stays: another kind is another channel.
      this.form.input('kind').disabled = this.#old !== null;
      for (const { name, secret } of SETTINGS[kind]) {
        const shown = this.#old?.settings[name];
        if (secret && shown) this.form.input(FIRST + name).placeholder = shown === 'set' ? KEPT : `${shown} is ${KEPT}`;
      }
    }

    /** What was written, as the API takes it; a secret that is empty is left out, and stays as it is. */
    channel(values) {
      const settings = {};
      for (const { name, secret, kind } of SETTINGS[this.#kind]) {
        const value = values[FIRST + name];
        if (value === null && (secret || kind === 'number')) continue;
        settings[name] = name === 'recipients' ? (value ?? '').split(/[,;\s]+/).filter(Boolean) : (value ?? '');
      }
      const [from, to] = [values['quiet_hours.from'], values['quiet_hours.to']];
      return {
        name: values.name, kind: this.#kind, settings, severity: values.severity, resolved: values.resolved,
        quiet_hours: from || to ? { from, to } : null, quiet_lets_critical: values.quiet_lets_critical, enabled: values.enabled,
      };
    }
  };
})();
