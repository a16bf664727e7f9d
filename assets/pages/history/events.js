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

  /** Add to an event of /api/v1/history/events what is shown of it: {state, words, told}. */
  hub.told = function told(event) {
    const { text, verdict, percent, at, until } = event;
    const figure = percent !== null && FIGURED.has(verdict) ? `: ${hub.change(percent)}` : '';
    const kind = { baseline: 'baseline ', alert: `${event.severity} alert ` }[event.kind] ?? '';
    const lasts = until > at ? `, ${hub.duration(until - at)}` : '';
    const verdictWords = verdict ? ` · ${WORDS[verdict]}${figure.replace(':', ',')}` : '';
    return {
      ...event,
      state: STATES[verdict] ?? SEVERITIES[event.severity] ?? 'none',
      words: `${text}${figure}`,
      told: `${hub.clock.day(at)} ${hub.clock.time(at)}${lasts} · ${kind}${text}${verdictWords}`,
    };
  };

  hub.HistoryEvents = class HistoryEvents {
    constructor(root) {
      this.root = root;
      this.plot = new hub.HistoryPlot(root);
      this.plot.marks.remove();
      this.plot.svg.remove();
      this.plot.values(LANES.map(([, title], place) => ({ share: (place + 0.5) / LANES.length, text: title })));
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
      plot.times();
      plot.area.replaceChildren(
        ...LANES.map(([kind]) => {
          const lane = document.createElement('ul');
          lane.className = `history-lane history-lane--${kind}`;
          // What is worse stands on what is less bad.
          const own = events.filter((event) => event.kind === kind).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
          lane.append(...own.map((event) => this.#item(event)));
          return lane;
        }),
      );
      this.#keepInside();
      hub.apart(plot.area.querySelectorAll('.history-event__words'));
      document.getElementById('history-event').textContent = events.length
        ? ''
        : 'Nothing was noted in this range. Mark a change with m, or switch an optimisation on the Live page: it will stand here with what came of it.';
    }

    /** Words stand above the middle of their mark, unless they would leave the lane. */
    #keepInside() {
      const lane = this.plot.area.getBoundingClientRect();
      const words = [...this.plot.area.querySelectorAll('.history-event__words')];
      const boxes = words.map((word) => word.getBoundingClientRect());
      words.forEach((word, index) => {
        const { left, right } = boxes[index];
        const shift = Math.max(0, lane.left - left) - Math.max(0, right - lane.right);
        if (shift) word.style.translate = `${Math.round(shift)}px`;
      });
    }

    #item(event) {
      const { plot } = this;
      const left = Math.min(1, Math.max(0, plot.share(event.at)));
      const right = Math.min(1, plot.share(event.until));
      const item = document.createElement('li');
      item.className = 'history-lane__item';
      item.style.left = `${(100 * left).toFixed(3)}%`;
      item.style.width = `${(100 * Math.max(0, right - left)).toFixed(3)}%`;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = `history-event history-event--${event.state}`;
      button.classList.toggle('history-event--long', event.until > event.at);
      button.classList.toggle('history-event--minor', event.minor);
      button.setAttribute('aria-label', event.told);
      if (!event.minor) {
        const words = document.createElement('span');
        words.className = 'history-event__words';
        words.textContent = event.words;
        words.dataset.weight = hub.weight(event);
        item.append(words);
      }
      item.append(button);
      return item;
    }

    #tell(button) {
      if (button) document.getElementById('history-event').textContent = button.getAttribute('aria-label');
    }
  };
})();
