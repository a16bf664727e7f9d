/* Rules that are about to fire: how long the value has been bad already, or what holds them back. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const element = (name) => document.getElementById(`alerts-pending${name}`);

  function words({ held_secs: held, for_secs: whole, quiet_secs: quiet }) {
    if (held < whole) return whole < 120 ? `${Math.floor(held)} of ${hub.figure(whole)} s` : `${hub.duration(1000 * Math.floor(held))} of ${hub.duration(1000 * whole)}`;
    return quiet > 0 ? `held back by its cooldown for ${hub.duration(1000 * Math.ceil(quiet))}` : 'fires now';
  }

  function row(id) {
    return hub.make(
      'li',
      { class: 'alarm-pending', 'data-id': id },
      hub.make('span', { class: 'alarm-pending__name' }),
      hub.make('span', { class: 'alarm-pending__words' }),
      hub.make('span', { class: 'meter alarm-meter', 'aria-hidden': 'true' }, hub.make('span', { class: 'meter__fill' })),
    );
  }

  /** Draw them; `more` counts those that are left out. */
  hub.alertsPending = function alertsPending(pending, more) {
    const rows = new Map([...element('').children].map((one) => [one.dataset.id, one]));
    for (const [id, one] of rows) if (!pending.some(({ rule_id: rule }) => rule === id)) one.remove();
    pending.forEach((one, place) => {
      const known = rows.get(one.rule_id) ?? row(one.rule_id);
      if (element('').children[place] !== known) element('').insertBefore(known, element('').children[place] ?? null);
      known.querySelector('.alarm-pending__name').textContent = one.name;
      known.querySelector('.alarm-pending__words').textContent = words(one);
      const share = one.for_secs > 0 ? Math.min(1, one.held_secs / one.for_secs) : 1;
      known.querySelector('.meter__fill').style.setProperty('--share', `${(100 * share).toFixed(0)}%`);
    });
    element('-none').hidden = pending.length > 0;
    element('-count').textContent = pending.length ? String(pending.length + more) : '';
    element('-more').hidden = !more;
    element('-more').textContent = more ? `and ${more} more` : '';
  };
})();
