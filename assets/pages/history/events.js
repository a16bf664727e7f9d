/* What happened in the range: lanes of alerts, of changes with their verdicts, and of baselines. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const LANES = [['alert', 'alerts'], ['change', 'changes'], ['baseline', 'baselines']];
  const STATES = { better: 'good', worse: 'critical', not_comparable: 'warning' };
  const ORDER = ['none', 'good', 'warning', 'critical'];
  const SEVERITIES = { critical: 'critical', warning: 'warning' };
  const WORDS = {
    better: 'Better', worse: 'Worse', no_difference: 'No meaningful difference', collecting: 'Collecting',
    not_enough_data: 'Not enough data yet', not_comparable: 'Not comparable',
  };
  const FIGURED = new Set(['better', 'worse', 'no_difference']);

  /** Rows of a lane, at the most, and the least that can be pointed at. */
  const MOST_ROWS = { alert: 6, change: 3, baseline: 2 };
  const ROW_PX = 24;
  const AXIS_PX = 20;
  const AGAINST = 'against the baseline, everything since then included';

  /** Add to an event of /api/v1/history/events what is shown of it: {state, words, told}. */
  hub.told = function told(event) {
    const { text, verdict, percent, at, until } = event;
    const figure = percent !== null && FIGURED.has(verdict) ? hub.change(percent) : '';
    // What lasts is a proof, whose figure is its own: on against off.
    const proof = until > at;
    const short = figure && (proof ? `: ${figure}` : ` \u2192 ${figure} in all`);
    const long = figure && (proof ? `, ${figure}` : `, ${figure} ${AGAINST}`);
    const kind = { baseline: 'baseline ', alert: `${event.severity} alert ` }[event.kind] ?? '';
    const lasts = until > at ? `, ${hub.duration(until - at)}` : '';
    const verdictWords = verdict ? ` · ${WORDS[verdict]}${long}` : '';
    return {
      ...event,
      state: STATES[verdict] ?? SEVERITIES[event.severity] ?? 'none',
      words: `${text}${short}`,
      told: `${hub.clock.day(at)} ${hub.clock.time(at)}${lasts} · ${kind}${text}${verdictWords}`,
    };
  };

  /** Give each of [{left, right}], px by their left, the first `row` where it is beside the others, or the one that is
   *  free first where `most` rows are taken; return how many rows there are. */
  hub.stack = function stack(placed, most) {
    const ends = [];
    for (const one of placed) {
      let row = ends.findIndex((end) => end <= one.left);
      if (row < 0) row = ends.length < most ? ends.length : ends.indexOf(Math.min(...ends));
      ends[row] = Math.max(ends[row] ?? 0, one.right);
      one.row = row;
    }
    return Math.max(1, ends.length);
  };

  hub.HistoryEvents = class HistoryEvents {
    constructor(root) {
      this.root = root;
      this.plot = new hub.HistoryPlot(root);
      this.plot.marks.remove();
      this.plot.svg.remove();
      root.addEventListener('click', ({ target }) => this.#tell(target.closest('.history-event')));
      root.addEventListener('focusin', ({ target }) => this.#tell(target.closest('.history-event')));
      root.addEventListener('pointerover', ({ target }) => this.#tell(target.closest('.history-event')));
    }

    get id() {
      return this.root.id;
    }

    draw({ from, to, span_ms: step }, events) {
      const { plot } = this;
      plot.span(from, to, step);
      const wide = plot.area.clientWidth;
      const lanes = LANES.map(([kind, title]) => {
        const placed = events.filter((event) => event.kind === kind).map((event) => this.#place(event, wide));
        placed.sort((a, b) => a.left - b.left);
        return { kind, title, placed, rows: hub.stack(placed, MOST_ROWS[kind]) };
      });
      const total = lanes.reduce((sum, { rows }) => sum + rows, 0);
      this.root.style.setProperty('--least', `${total * ROW_PX + AXIS_PX}px`);
      let above = 0;
      plot.values(lanes.map(({ title, rows }) => {
        above += rows;
        return { share: (above - rows / 2) / total, text: title };
      }));
      plot.area.replaceChildren(...lanes.map((lane) => this.#lane(lane)));
      plot.times();
      for (const { placed, rows } of lanes) {
        for (let row = 0; row < rows; row += 1) hub.beside(placed.filter((one) => one.row === row), wide);
      }
      const advice = this.root.closest('[data-read-only]')
        ? ''
        : ' Mark a change with m, or switch an optimisation on the Live page: it will stand here with what came of it.';
      document.getElementById('history-event').textContent = events.length ? '' : `Nothing was noted in this range.${advice}`;
    }

    /** Where an event stands, px, wide enough to be pointed at: {event, left, right, wide}. */
    #place(event, wide) {
      const { plot } = this;
      const from = wide * Math.min(1, Math.max(0, plot.share(event.at)));
      const until = wide * Math.min(1, plot.share(event.until));
      if (event.until <= event.at) return { event, left: from - ROW_PX / 2, right: from + ROW_PX / 2 };
      return { event, left: from, right: Math.max(from + ROW_PX, until), wide: until - from };
    }

    #lane({ kind, placed, rows }) {
      const lane = document.createElement('ul');
      lane.className = `history-lane history-lane--${kind}`;
      lane.style.flexGrow = rows;
      for (const one of placed) lane.append(this.#item(one, rows));
      return lane;
    }

    #item(one, rows) {
      const { event, left, right, row } = one;
      const item = document.createElement('li');
      item.className = 'history-lane__item';
      // What is worse stands on what is less bad where there are no more rows.
      Object.assign(item.style, { top: `${(100 * (row + 0.5)) / rows}%`, zIndex: ORDER.indexOf(event.state) });
      const button = document.createElement('button');
      button.type = 'button';
      button.className = `history-event history-event--${event.state}`;
      button.classList.toggle('history-event--long', event.until > event.at);
      button.classList.toggle('history-event--minor', event.minor);
      button.setAttribute('aria-label', event.told);
      button.title = event.told;
      Object.assign(button.style, { left: `${left.toFixed(1)}px`, width: `${(right - left).toFixed(1)}px` });
      if (one.wide !== undefined) button.style.setProperty('--wide', `${one.wide.toFixed(1)}px`);
      item.append(button);
      if (!event.minor) {
        one.words = document.createElement('span');
        one.words.className = 'history-event__words';
        one.words.textContent = event.words;
        one.weight = hub.weight(event);
        item.append(one.words);
      }
      return item;
    }

    #tell(button) {
      if (button) document.getElementById('history-event').textContent = button.getAttribute('aria-label');
    }
  };
})();
