/* How often each rule fired in a period, and for how long. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  /** More often in such a period, and nobody takes a rule seriously. */
  const NOISY = { 'now-1h': 5, 'now-24h': 10, 'now-7d': 30, all: 50 };

  const element = (name) => document.getElementById(`alerts-frequency${name}`);

  function cell(title, words, share) {
    const fill = hub.make('span', { class: 'meter__fill' });
    if (share !== undefined) fill.style.setProperty('--share', `${(100 * Math.min(1, share)).toFixed(1)}%`);
    return hub.make(
      'td',
      { class: 'table__number', 'data-label': title },
      hub.make('span', { text: words }),
      share === undefined ? null : hub.make('span', { class: 'meter alarm-meter', 'aria-hidden': 'true' }, fill),
    );
  }

  const percent = (share) => (share > 0 && share < 0.001 ? '<0.1 %' : `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`);

  /** `most` is how often the most frequent rule fired, `limit` from where on it is noisy, `length` the period's, ms. */
  function row({ rule_id: id, name, severity, count, seconds, longest_seconds: longest }, most, limit, length) {
    const share = (1000 * seconds) / length;
    const link = hub.make('a', {
      href: `${document.getElementById('nav-settings').getAttribute('href')}?${new URLSearchParams({ rule: id })}`,
      'data-goes': 'settings', 'data-writes': true, class: 'btn btn-outline-secondary btn-small', text: 'Edit rule', 'aria-label': `Edit the rule ${name}`,
    });
    const noisy = count > limit
      ? hub.make('span', { class: 'alarm-noisy', title: `More than ${limit} times` }, hub.icon('megaphone'), hub.make('span', { text: 'noisy' }))
      : null;
    return hub.make(
      'tr',
      {},
      hub.make('th', { scope: 'row', class: 'alarm-rule' }, hub.severity(severity), hub.make('span', { text: name }), noisy),
      cell('Fired', `${count} ×`, count / most),
      cell('Open in total', hub.duration(1000 * seconds)),
      cell('Longest', hub.duration(1000 * longest)),
      cell('Share of the period', percent(share), share),
      hub.make('td', { class: 'alarm-edit' }, link),
    );
  }

  let rows = null;

  /** Draw an answer of /api/v1/alerts/frequency about the period `from`, which began at `start`. */
  hub.alertFrequency = function alertFrequency({ to, begins, rules }, start, from, words) {
    const length = Math.max(1, to - start);
    const most = Math.max(1, ...rules.map(({ count }) => count));
    const limit = NOISY[from];
    rows ??= new hub.Rows(element('').querySelector('tbody'), ([, , make]) => make());
    rows.show(rules.map((rule) => [rule.rule_id, JSON.stringify([rule, most, Math.round(length / 60_000)]), () => row(rule, most, limit, length)]));
    element('').hidden = !rules.length;
    element('-none').hidden = rules.length > 0;
    document.querySelector('#panel-frequency .panel__aside').textContent = words;
    const loud = rules.filter(({ count }) => count > limit).map(({ name }) => name);
    const notes = [];
    if (loud.length) notes.push(`Noisy is what fired more than ${limit} times ${words}: ${loud.join(', ')}. A longer “for”, a clearing level further away or a longer cooldown would calm it.`);
    if (begins !== null && begins > start) notes.push(`Older alerts than those since ${hub.clock.moment(begins)} are forgotten.`);
    element('-note').textContent = notes.join(' ');
    element('-note').hidden = !notes.length;
  };
})();
