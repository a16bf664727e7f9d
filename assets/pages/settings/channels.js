/* The channels: who is told of what, whether that works, a test message, and the dialog that changes them. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const PATH = 'channels';

  /** While something waits or fails, how it stands is asked for so often. */
  const AGAIN_MS = 5000;

  const element = (name) => document.getElementById(name);
  const path = (id, more = '') => `${PATH}/${encodeURIComponent(id)}${more}`;
  const words = (text, more = {}) => hub.make('span', { text, ...more });

  function where({ kind, settings }) {
    if (kind === 'email') return `${settings.recipients.join(', ')} via ${settings.host}:${settings.port}`;
    return settings.url ?? settings.address ?? '';
  }

  /** [icon, how it is, words]; `now` is epoch ms of the newest sample. */
  function standing({ enabled, state }, now) {
    const { sent_at: sent, waiting, failing_since: failing, problem, next_try_at: next, given_up: lost, quiet } = state;
    const counted = waiting ? `${waiting} waiting` : '';
    const gone = lost ? `${lost} never taken` : '';
    const told = (icon, how, ...parts) => [icon, how, parts.filter(Boolean).join(' · ')];
    if (!enabled) return told('pause-circle', 'none', 'off', counted);
    if (failing !== null) {
      const again = next === null ? '' : `; next try ${next > now ? `in ${hub.duration(next - now)}` : 'now'}`;
      return told('exclamation-triangle-fill', 'critical', `failing since ${hub.clock.stamp(failing)}: ${problem}${again}`, counted, gone);
    }
    const last = sent === null ? 'nothing sent since the start' : `last sent ${hub.clock.stamp(sent)}`;
    if (quiet) return told('moon', 'none', 'quiet hours', counted, last, gone);
    return told(waiting ? 'hourglass-split' : sent === null ? 'dash-circle' : 'check-circle-fill', waiting || sent === null ? 'none' : 'good', counted, last, gone);
  }

  hub.Channels = class Channels {
    #announcer;
    #now;
    #sure;
    #channels = null;
    #outcomes = new Map();
    #at = 0;
    #rows = new hub.Rows(element('channels'), ([, , channel]) => this.#row(channel));
    #asking = new hub.Question(() => this.#ask());
    #form = new hub.ChannelForm();
    #editor = new hub.Editor('channel', (values) => this.#save(values));

    /** The channel that is edited, null for a new one. */
    #edited = null;

    /** `now()` is epoch ms of the newest sample. */
    constructor(announcer, now) {
      this.#announcer = announcer;
      this.#now = now;
      this.#sure = new hub.Sure(announcer);
      element('panel-channels').addEventListener('click', ({ target }) => this.#click(target));
    }

    ask() {
      this.#asking.want();
    }

    /** Let the time until the next try run, and see what became of it. */
    draw() {
      if (!this.#channels) return;
      const busy = this.#channels.some(({ enabled, state }) => enabled && (state.waiting || state.failing_since !== null));
      if (busy && performance.now() - this.#at > AGAIN_MS) this.ask();
      for (const channel of this.#channels) this.#stand(channel);
    }

    async #ask() {
      this.#at = performance.now();
      const { said, error } = await hub.request('GET', PATH);
      element('channels-note').textContent = error ? `The channels cannot be read: ${error.message}.` : '';
      if (error) return;
      this.#channels = said.channels;
      element('channels-none').hidden = said.channels.length > 0;
      this.#rows.show(said.channels.map((channel) => [channel.id, JSON.stringify({ ...channel, state: null }), channel]));
      this.draw();
    }

    #stand(channel) {
      const row = element('channels').querySelector(`[data-id="${CSS.escape(channel.id)}"]`);
      if (!row) return;
      const [icon, how, text] = standing(channel, this.#now() ?? Date.now());
      const place = row.querySelector('.channel__state');
      if (place.textContent !== text) place.replaceChildren(hub.icon(icon), words(text));
      place.className = `channel__state alert-sign alert-sign--${how}`;
      const outcome = this.#outcomes.get(channel.id) ?? '';
      const told = row.querySelector('.channel__outcome');
      if (told.textContent !== outcome) told.textContent = outcome;
    }

    #row(channel) {
      const { id, name, kind, severity, enabled, resolved, quiet_hours: quiet } = channel;
      const { icon, title } = hub.channelKinds[kind];
      const tells = [hub.channelTells[severity], resolved ? null : 'not their end', quiet ? `quiet ${quiet.from}–${quiet.to}` : null];
      const turn = hub.make(
        'button',
        { type: 'button', class: 'switch', role: 'switch', 'aria-checked': String(enabled), 'aria-label': `Tell by ${name}`, 'data-channel': 'turn', 'data-writes': true },
        hub.make('span', { class: 'switch__track' }),
      );
      const button = (action, symbol, label, shown) =>
        hub.button({ icon: symbol, words: shown, label, 'data-channel': action, 'data-writes': true });
      return hub.make(
        'li',
        { class: 'channel', 'data-id': id },
        hub.make('span', { class: 'switch__place' }, turn, words(enabled ? 'on' : 'off', { class: 'switch__state' })),
        hub.make(
          'div',
          { class: 'channel__what' },
          hub.make('p', { class: 'channel__name' }, hub.icon(icon), words(name), words(title, { class: 'channel__kind' })),
          hub.make('p', { class: 'channel__where', text: where(channel) }),
          hub.make('p', { class: 'channel__where', text: `tells of ${tells.filter(Boolean).join(' · ')}` }),
        ),
        hub.make('div', { class: 'channel__stand' }, hub.make('p', { class: 'channel__state' }), hub.make('p', { class: 'channel__outcome' })),
        hub.make(
          'span',
          { class: 'channel__buttons' },
          button('test', 'send', `Send a test message by ${name}`, 'Test'),
          button('edit', 'pencil', `Edit ${name}`, 'Edit'),
          button('delete', 'trash', `Delete ${name}`),
        ),
      );
    }

    async #click(target) {
      if (target.closest('#channel-new')) this.#open(null);
      const button = target.closest('[data-channel]');
      if (!button) return;
      const channel = this.#channels.find(({ id }) => id === button.closest('[data-id]').dataset.id);
      element('channels-error').textContent = '';
      switch (button.dataset.channel) {
        case 'test':
          await this.#test(channel);
          return;
        case 'edit':
          this.#open(channel);
          return;
        case 'turn':
          await this.#send('PUT', channel, { ...hub.channelKept(channel), enabled: !channel.enabled }, channel.enabled ? 'switched off' : 'switched on');
          return;
        default:
          if (this.#sure.press(button, channel.id)) await this.#send('DELETE', channel, {}, 'deleted');
      }
    }

    async #test(channel) {
      this.#outcomes.set(channel.id, 'Sending a test message …');
      this.#stand(channel);
      const { said, error } = await hub.request('POST', path(channel.id, '/test'), {});
      const outcome = error ? hub.sentence(error) : said.sent ? `The test message was taken in ${hub.figure(said.seconds)} s.` : `Not sent: ${said.problem}.`;
      this.#outcomes.set(channel.id, outcome);
      this.#announcer.say('channels', outcome);
      this.#stand(channel);
      this.#asking.want({ now: true });
    }

    async #send(method, channel, body, done) {
      const { error } = await hub.request(method, path(channel.id), body);
      element('channels-error').textContent = error ? hub.sentence(error) : '';
      if (!error) this.#announcer.say('channels', `${channel.name} ${done}`);
      this.#asking.want({ now: true });
    }

    #open(channel) {
      this.#edited = channel;
      this.#form.fill(channel);
      this.#editor.open(channel ? `Edit: ${channel.name}` : 'New channel', () => this.#form.form);
    }

    async #save(values) {
      const channel = this.#form.channel(values);
      const { said, error } = this.#edited
        ? await hub.request('PUT', path(this.#edited.id), channel)
        : await hub.request('POST', PATH, channel);
      if (error) return error.field === 'quiet_hours' ? { ...error, field: 'quiet_hours.from' } : error;
      this.#outcomes.delete(said.channel.id);
      this.#announcer.say('channels', `${channel.name} saved`);
      this.#asking.want({ now: true });
      return null;
    }
  };
})();
