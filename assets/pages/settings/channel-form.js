/* A channel as a form. Secrets go in and never come out. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const FIRST = 'settings.';
  const KEPT = 'set; leave it empty to keep it';

  const FRESH = {
    name: null, kind: 'email', settings: {}, severity: 'warning', resolved: true, quiet_hours: null, quiet_lets_critical: true, enabled: true,
  };

  const fields = (kind) => [
    { name: 'name', title: 'Name', placeholder: 'On call', most: 80, size: 'half' },
    { name: 'kind', title: 'Kind', kind: 'select', options: Object.entries(hub.channelKinds).map(([id, { title }]) => [id, title]), size: 'half' },
    ...hub.channelKinds[kind].settings.map((field) => ({ ...field, name: FIRST + field.name })),
    { name: 'severity', title: 'Tells of', kind: 'select', options: Object.entries(hub.channelTells), size: 'half' },
    { name: 'quiet_hours.from', title: 'Quiet from', kind: 'time', size: 'quarter', help: 'the server’s clock' },
    { name: 'quiet_hours.to', title: 'until', kind: 'time', size: 'quarter', help: 'then it tells what it held back' },
    { name: 'resolved', title: 'Tell when it is over, too', kind: 'check' },
    { name: 'quiet_lets_critical', title: 'Critical ones even in quiet hours', kind: 'check' },
    { name: 'enabled', title: 'Switched on', kind: 'check' },
  ];

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
      const known = hub.channelKinds[kind];
      const given = { ...known.defaults, ...channel.settings };
      const settings = known.settings.filter(({ secret }) => !secret).map(({ name }) => [FIRST + name, [given[name]].flat().join(', ')]);
      this.form.fill({
        ...channel, kind, ...Object.fromEntries(settings), 'quiet_hours.from': channel.quiet_hours?.from, 'quiet_hours.to': channel.quiet_hours?.to,
      });
      // What it is, it stays: another kind is another channel.
      this.form.input('kind').disabled = this.#old !== null;
      for (const { name, secret } of known.settings) {
        const shown = this.#old?.settings[name];
        if (secret && shown) this.form.input(FIRST + name).placeholder = shown === 'set' ? KEPT : `${shown} is ${KEPT}`;
      }
    }

    /** What was written, as the API takes it; a secret that is empty is left out, and stays as it is. */
    channel(values) {
      const settings = {};
      for (const { name, secret, kind } of hub.channelKinds[this.#kind].settings) {
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
