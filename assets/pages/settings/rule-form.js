/* All that a rule has, as a form, and what it does in a sentence. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const CONDITIONS = [['above', 'is above'], ['below', 'is below'], ['equal', 'is equal to']];
  const SEVERITIES = [['critical', 'critical'], ['warning', 'warning'], ['info', 'info']];
  const INSIDE = 0.05;

  /** A new one, before anything is written. */
  const FRESH = {
    name: null, metric: 'latency_ms', condition: 'above', threshold: null, severity: 'warning', for_secs: 5,
    clear: null, keep_firing_secs: 10, cooldown_secs: 300, guard: null, enabled: true,
  };

  function fields() {
    const metrics = [...hub.watched()].map(([id, { title, unit }]) => [id, unit ? `${title} (${unit})` : title]);
    return [
      { name: 'name', title: 'Name', placeholder: 'Slow checkout', most: 80 },
      { name: 'metric', title: 'Bad is when', kind: 'select', options: metrics, size: 'half' },
      { name: 'condition', title: 'Condition', kind: 'select', options: CONDITIONS, size: 'quarter' },
      { name: 'threshold', title: 'Threshold', kind: 'number', size: 'quarter' },
      { name: 'severity', title: 'Severity', kind: 'select', options: SEVERITIES, size: 'third' },
      { name: 'for_secs', title: 'For, seconds', kind: 'number', help: 'it has to be bad so long', size: 'third' },
      { name: 'cooldown_secs', title: 'Cooldown, seconds', kind: 'number', help: 'one alert in this time', size: 'third' },
      { name: 'clear', title: 'Clearing level', kind: 'number', size: 'half' },
      { name: 'keep_firing_secs', title: 'Keep firing, seconds', kind: 'number', help: 'it has to be good so long', size: 'half' },
      { name: 'guard.metric', title: 'Only while', kind: 'select', options: [['', 'always'], ...metrics], size: 'half' },
      { name: 'guard.condition', title: 'Guard’s condition', kind: 'select', options: CONDITIONS, size: 'quarter' },
      { name: 'guard.value', title: 'Guard’s value', kind: 'number', size: 'quarter' },
      { name: 'enabled', title: 'Switched on', kind: 'check' },
    ];
  }

  const time = (seconds) => (typeof seconds === 'number' ? hub.duration(1000 * seconds) : '…');
  const equal = (metric, value) =>
    typeof value === 'number' ? hub.limit({ metric, condition: 'equal', threshold: value }).replace(/^(=|is) /, '') : '…';
  const bad = (condition, metric, value) => `${condition === 'equal' ? '' : `${condition} `}${equal(metric, value)}`;

  function sentence(values, inside) {
    const { metric, condition, threshold, severity, for_secs: held, keep_firing_secs: good, cooldown_secs: rest } = values;
    const { title } = hub.watched().get(metric);
    const limit = bad(condition, metric, threshold);
    const kind = severity === 'info' ? 'Tells you' : `Raises a ${severity} alert`;
    const fires = held === 0 ? `${kind} as soon as ${title} is ${limit}` : `${kind} when ${title} was ${limit} for ${time(held ?? 5)}`;
    const guard = values['guard.metric'];
    const only = guard ? `, only while ${hub.watched().get(guard).title} is ${bad(values['guard.condition'], guard, values['guard.value'])}` : '';
    const level = condition === 'equal' ? 'anything else' : `${equal(metric, values.clear ?? inside)} or better`;
    const over = good === 0 ? `over as soon as it is ${level}` : `over when it was ${level} for ${time(good ?? 10)}`;
    return `${fires}${only}; ${over}${rest === 0 ? '' : `; at most once in ${time(rest ?? 300)}`}.`;
  }

  hub.RuleForm = class RuleForm {
    form;

    constructor() {
      const root = document.getElementById('rule-fields');
      this.form = new hub.Form(root, 'rule', fields());
      for (const kind of ['input', 'change']) root.addEventListener(kind, () => this.#told());
    }

    fill(rule = FRESH) {
      const { guard } = rule;
      this.form.fill({
        ...rule, 'guard.metric': guard?.metric ?? '', 'guard.condition': guard?.condition ?? 'above', 'guard.value': guard?.value ?? 0,
      });
      this.#told();
    }

    /** What was written, as the API takes it: what may be left out is, where it is empty. */
    rule(values) {
      const { 'guard.metric': metric, 'guard.condition': condition, 'guard.value': value, ...rule } = values;
      for (const name of ['for_secs', 'keep_firing_secs', 'cooldown_secs']) if (rule[name] === null) delete rule[name];
      if (rule.condition === 'equal') rule.clear = null;
      return { ...rule, guard: metric ? { metric, condition, value } : null };
    }

    #told() {
      const { form } = this;
      const values = form.read();
      const { metric, condition, threshold, 'guard.metric': guard } = values;
      const { unit, description, words = {} } = hub.watched().get(metric);
      const named = Object.entries(words).sort(([a], [b]) => a - b).map(([value, word]) => `${value.replace('-', '\u2212')} = ${word}`);
      form.help('metric', description);
      form.help('threshold', named.length ? named.join(', ') : unit && `in ${unit}`);
      form.show('clear', condition !== 'equal');
      form.show('guard.condition', Boolean(guard));
      form.show('guard.value', Boolean(guard));
      form.help('guard.value', guard && hub.watched().get(guard).unit ? `in ${hub.watched().get(guard).unit}` : '');
      const known = typeof threshold === 'number' && condition !== 'equal';
      const inside = known ? Number((threshold + (condition === 'above' ? -1 : 1) * INSIDE * Math.abs(threshold)).toPrecision(12)) : null;
      form.input('clear').placeholder = known ? String(inside) : '';
      form.help('clear', 'at it or better it is good again; empty: 5 % inside');
      document.getElementById('rule-sentence').textContent = sentence(values, inside);
    }
  };
})();
