/* The kinds of channel: what each is called, and what it has to know. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const TLS = [['starttls', 'STARTTLS'], ['tls', 'TLS'], ['none', 'none']];

  /** Of each kind its settings, as form.js takes them; `secret` ones are never shown again. */
  hub.channelKinds = Object.freeze({
    email: {
      title: 'E-mail',
      icon: 'envelope',
      defaults: { port: 587, tls: 'starttls' },
      settings: [
        { name: 'host', title: 'Mail server', placeholder: 'smtp.example.org', size: 'half' },
        { name: 'port', title: 'Port', kind: 'number', size: 'quarter' },
        { name: 'tls', title: 'Security', kind: 'select', options: TLS, size: 'quarter' },
        { name: 'user', title: 'User', size: 'half', help: 'empty where the server asks for none' },
        { name: 'password', title: 'Password', kind: 'password', size: 'half', secret: true },
        { name: 'sender', title: 'From', placeholder: 'hub-monitor@example.org', size: 'half' },
        { name: 'recipients', title: 'To', placeholder: 'ops@example.org, ann@example.org', size: 'half', most: 4000, help: 'several by commas' },
      ],
    },
    slack: {
      title: 'Slack',
      icon: 'slack',
      settings: [{ name: 'url', title: 'Webhook URL', placeholder: 'https://hooks.slack.com/services/…', secret: true, most: 2000 }],
    },
    webhook: {
      title: 'Webhook',
      icon: 'link-45deg',
      settings: [
        { name: 'url', title: 'URL', placeholder: 'https://example.org/alerts', secret: true, most: 2000, help: 'gets Alertmanager’s version-4 JSON' },
        { name: 'authorization', title: 'Authorization', kind: 'password', secret: true, most: 1000, help: 'sent as this header, for example Bearer …; may be empty' },
      ],
    },
    apprise: {
      title: 'Apprise',
      icon: 'broadcast',
      settings: [{ name: 'address', title: 'Apprise address', placeholder: 'tgram://token/chat', secret: true, most: 2000 }],
    },
  });

  /** The least severity that a channel tells of, in words. */
  hub.channelTells = Object.freeze({ info: 'everything', warning: 'warnings and critical', critical: 'critical only' });

  /** A channel as the API takes it, all but its secrets, which stay as they are. */
  hub.channelKept = function channelKept({ id, state, ...channel }) {
    const secret = new Set(hub.channelKinds[channel.kind].settings.filter((field) => field.secret).map(({ name }) => name));
    return { ...channel, settings: Object.fromEntries(Object.entries(channel.settings).filter(([name]) => !secret.has(name))) };
  };
})();
