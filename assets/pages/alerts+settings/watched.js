/* Rules and readings of what they watch in words: the browser's half of monitor/core/rule.py. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SIGNS = { above: '>', below: '<', equal: '=' };
  let known = null;
  let icons = null;

  const told = (name) => JSON.parse(document.getElementById('page-settings').dataset[name]);

  /** Id -> {title, unit, description, words} of each metric and signal, in their order. */
  hub.watched = function watched() {
    known ??= new Map(Object.entries(told('watched')));
    return known;
  };

  /** A value with its unit, or the word that it stands for. */
  hub.reading = function reading(metric, value) {
    const { unit = '', words = {} } = hub.watched().get(metric) ?? {};
    if (value !== null && words[value] !== undefined) return words[value];
    return `${hub.figure(value)}${unit && value !== null ? `\u00a0${unit}` : ''}`;
  };

  /** Which values are bad: "> 150 ms". */
  hub.limit = function limit({ metric, condition, threshold }) {
    const { unit = '', words = {} } = hub.watched().get(metric) ?? {};
    if (condition === 'equal' && words[threshold] !== undefined) return `is ${words[threshold]}`;
    return `${SIGNS[condition]} ${String(threshold).replace('-', '\u2212')}${unit ? `\u00a0${unit}` : ''}`;
  };

  /** How bad it is: icon, word and colour, as monitor/ui/components/alert_sign.py has it. */
  hub.severity = function severity(name) {
    icons ??= told('severities');
    return hub.make('span', { class: `alert-sign alert-sign--${name}` }, hub.icon(icons[name]), hub.make('span', { text: name }));
  };
})();
