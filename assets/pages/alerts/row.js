/* One alert as a row: what is wrong, since when, who has seen it; its log is made when it is opened. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const ICONS = {
    fired: 'bell-fill', raised: 'arrow-up-circle', acknowledged: 'person-check', dismissed: 'bell-slash',
    no_data: 'question-circle', data_again: 'arrow-counterclockwise', resolved: 'check-circle',
  };

  /** Shown of the charts around an alert, at the least, and of its length, before it and after it. */
  const AROUND_MS = 5 * 60_000;
  const AROUND = 0.5;

  const quoted = (note) => (note ? `: “${note}”` : '');
  const signed = (by) => (by ? ` by ${by}` : '');

  /** What happened, in words. */
  function told({ kind, by, note, value }, metric) {
    switch (kind) {
      case 'fired': return `Fired at ${hub.reading(metric, value)}`;
      case 'raised': return 'Its severity rose: it asks again';
      case 'acknowledged': return `Acknowledged${signed(by)}${quoted(note)}`;
      case 'dismissed': return `Dismissed${signed(by)}${quoted(note)}`;
      case 'no_data': return 'No data any more: it stays as it was';
      case 'data_again': return `Data again: ${hub.reading(metric, value)}`;
      case 'resolved': return note ? `Over: ${note}` : `Over at ${hub.reading(metric, value)}`;
      default: return kind;
    }
  }

  /** Where the History page shows the time around it; `now` is the moment of the newest sample. */
  function chart({ triggered_at: from, resolved_at: to }, now) {
    const end = to ?? Math.max(now, from);
    const around = Math.max(AROUND_MS, AROUND * (end - from));
    const query = new URLSearchParams({ from: Math.round(from - around), to: Math.round(Math.min(end + around, Math.max(now, end))) });
    return `${document.getElementById('nav-history').getAttribute('href')}?${query}`;
  }

  function fact(title, words) {
    return hub.make('div', { class: 'fact' }, hub.make('dt', { text: title }), hub.make('dd', { text: words }));
  }

  function details(alert) {
    const { threshold: rule, log, triggered_at: at, resolved_at: end } = alert;
    const seen = log.find(({ kind }) => kind === 'acknowledged');
    const facts = [
      fact('Bad is', `${hub.watched().get(rule.metric)?.title ?? rule.metric} ${hub.limit(rule)}`),
      fact('Worst', hub.reading(rule.metric, alert.worst_value)),
      fact(end ? 'Lasted' : 'Lasts', ''),
      fact('Seen after', seen ? hub.duration(seen.at - at) : 'nobody said so'),
    ];
    facts[2].lastChild.classList.add('alarm__length');
    const lines = log.map((one) =>
      hub.make(
        'li',
        { class: `alarm-log__line alarm-log__line--${one.kind}` },
        hub.icon(ICONS[one.kind] ?? 'dot'),
        hub.make('time', { datetime: new Date(one.at).toISOString(), text: `${hub.clock.day(one.at)} ${hub.clock.time(one.at)}` }),
        hub.make('span', { text: told(one, rule.metric) }),
      ),
    );
    return [hub.make('dl', { class: 'facts alarm__facts' }, ...facts), hub.make('ol', { class: 'alarm-log' }, ...lines)];
  }

  const STATES = {
    acknowledged: ({ acknowledged_by: by, note }) => ['person-check', `Acknowledged${signed(by)}${quoted(note)}`],
    dismissed: ({ log }) => {
      const { by, note } = log.findLast(({ kind }) => kind === 'dismissed') ?? {};
      return ['bell-slash', `Dismissed${signed(by)}${quoted(note)}: silent until it is over`];
    },
    resolved: ({ acknowledged, acknowledged_by: by, note, log }) => {
      if (log.some(({ kind }) => kind === 'dismissed')) return ['check-circle', 'Over, was dismissed'];
      return ['check-circle', acknowledged ? `Over, acknowledged${signed(by)}${quoted(note)}` : 'Over, nobody acknowledged it'];
    },
  };

  const BUTTONS = {
    firing: [['acknowledge', 'check2', 'Acknowledge'], ['dismiss', 'bell-slash', 'Dismiss']],
    acknowledged: [['dismiss', 'bell-slash', 'Dismiss']],
  };

  /** What of an alert decides how its row looks. */
  hub.alertStand = ({ state, log, severity, threshold }) => JSON.stringify([state, log.length, severity, threshold]);

  /** `opened` holds the ids of the alerts whose log is shown; `now()` is the moment of the newest sample. */
  hub.alertRow = function alertRow(alert, opened, now) {
    const { id, severity, state, threshold: rule, triggered_at: at, resolved_at: end } = alert;
    const log = hub.make('div', { class: 'alarm__log', id: `alarm-log-${id}`, hidden: true });
    const toggle = hub.button({
      icon: 'chevron-down', label: `What happened: ${rule.name}`, 'aria-expanded': 'false', 'aria-controls': log.id,
      class: 'btn btn-outline-secondary btn-small alarm__toggle',
    });
    const [icon, words] = STATES[state]?.(alert) ?? [];
    const link = hub.make(
      'a',
      { href: chart(alert, now()), 'data-goes': 'history', class: 'btn btn-outline-secondary btn-small', title: 'The charts at that time', 'aria-label': `The charts at that time: ${rule.name}` },
      hub.icon('graph-up'),
    );
    // The end of the range is now, whenever that is.
    if (!end) link.addEventListener('click', () => (link.href = chart(alert, now())), { capture: true });
    const buttons = (BUTTONS[state] ?? []).map(([action, symbol, title]) =>
      hub.button({ icon: symbol, words: title, title: null, 'data-alert-action': action, 'data-writes': true, class: 'btn btn-outline-secondary btn-small', 'aria-label': `${title}: ${rule.name}` }),
    );
    const when = hub.make('p', { class: 'alarm__when' });
    when.append(
      hub.make('time', { datetime: new Date(at).toISOString(), text: hub.clock.stamp(at), title: `${hub.clock.day(at)} ${hub.clock.time(at)}` }),
      hub.make('span', { class: 'alarm__for', text: '' }),
    );
    const row = hub.make(
      'li',
      { class: `alarm alarm--${severity}${state === 'firing' ? ' alarm--firing' : ''}`, 'data-id': id },
      hub.make(
        'div',
        { class: 'alarm__head' },
        hub.severity(severity),
        hub.make(
          'div',
          { class: 'alarm__what' },
          hub.make('p', { class: 'alarm__name', text: rule.name }),
          hub.make('p', { class: 'alarm__message' }),
          words ? hub.make('p', { class: 'alarm__state' }, hub.icon(icon), hub.make('span', { text: words })) : null,
        ),
        when,
        hub.make('div', { class: 'alarm__buttons' }, ...buttons, link, toggle),
      ),
      log,
    );
    const open = (shown) => {
      if (shown && !log.firstChild) log.append(...details(alert));
      log.hidden = !shown;
      toggle.setAttribute('aria-expanded', String(shown));
      if (shown) opened.add(id);
      else opened.delete(id);
      hub.alertAge(row, alert, now());
    };
    toggle.addEventListener('click', () => open(log.hidden));
    hub.alertMessage(row, alert);
    open(opened.has(id));
    return row;
  };

  /** Write how bad it is, and whether that is still known. */
  hub.alertMessage = function alertMessage(row, { message, no_data: silent, threshold, resolved_at: end, worst_value: worst }) {
    const cut = `${threshold.name}: `;
    const now = end ? `${hub.reading(threshold.metric, worst)} at worst, limit ${hub.limit(threshold)}` : message.startsWith(cut) ? message.slice(cut.length) : message;
    const words = silent ? `${now} · no data since` : now;
    const place = row.querySelector('.alarm__message');
    if (place.textContent !== words) place.textContent = words;
  };

  /** Write for how long it goes on, or went on. */
  hub.alertAge = function alertAge(row, { triggered_at: at, resolved_at: end }, now) {
    const length = hub.duration(Math.max(0, (end ?? now) - at));
    row.querySelector('.alarm__for').textContent = `for ${length}`;
    const place = row.querySelector('.alarm__length');
    if (place) place.textContent = length;
  };
})();
