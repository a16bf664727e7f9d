/* Where a metric is going: its last hour, the forecast with its bands, and in words what these were worth. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const MINUTE = 60_000;
  const MINUTE_SECONDS = 60;
  const RETRY = 10_000;
  const AGAIN = 'It is asked again within a minute.';
  const SILENT = `The forecast did not come: the server does not answer. ${AGAIN}`;
  const element = (name) => document.getElementById(`history-forecast-${name}`);
  const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;

  /** What belongs together is not broken. */
  const whole = (...parts) => parts.filter(Boolean).join('\u00a0');

  /** Moments at which minutes begin, and the end of the last one. */
  const edges = (begins) => (begins.length ? [...begins, begins.at(-1) + MINUTE] : []);

  hub.HistoryForecast = class HistoryForecast {
    unit = '';

    #announcer;
    #told = null;
    #silent = '';
    #paths = [];
    #turn = 0;
    #askedAt = -Infinity;

    constructor(announcer) {
      this.#announcer = announcer;
      document.addEventListener('change', ({ target }) => {
        if (target.id === 'history-forecast-metric') this.#ask(true);
      });
    }

    get id() {
      return this.plot.root.id;
    }

    /** Ask anew once a minute, when there is another minute to forecast from. */
    follow() {
      if (performance.now() - this.#askedAt >= MINUTE) this.#ask();
    }

    /** Draw again: the window has another width. */
    paint() {
      if (this.#told) this.#draw();
    }

    #prepare() {
      if (this.plot) return;
      this.plot = new hub.HistoryPlot(document.getElementById('history-forecast'));
      new hub.HistoryPointer([this]);
    }

    async #ask(chosen = false) {
      this.#prepare();
      const turn = (this.#turn += 1);
      const { selectedOptions: [option] } = element('metric');
      this.#askedAt = performance.now();
      let told = null;
      let silent = SILENT;
      try {
        const answer = await fetch(`/api/v1/forecast?${new URLSearchParams({ metric: option.value })}`);
        const said = await answer.json();
        if (answer.ok) told = said;
        else silent = `The forecast did not come: ${said.error?.message ?? 'the server does not answer'}. ${AGAIN}`;
      } catch {
        // Said below.
      }
      // Another metric was chosen meanwhile.
      if (turn !== this.#turn) return;
      this.#silent = told === null ? silent : '';
      if (this.#silent) {
        element('words').textContent = silent;
        this.#askedAt -= MINUTE - RETRY;
        return;
      }
      this.#told = { ...told, axis: JSON.parse(option.dataset.axis), title: option.textContent };
      this.#draw();
      if (chosen) this.#announcer.say('forecast', `${option.textContent}: ${element('words').textContent}`);
    }

    #draw() {
      const { plot } = this;
      const { at, minutes, recent, forecast, axis, unit, title } = this.#told;
      const words = this.#silent || this.#words();
      this.unit = unit;
      element('title').textContent = `${title}, next ${minutes} min`;
      element('words').textContent = words;
      plot.root.setAttribute('aria-label', `${title}, the last hour and the next ${minutes} minutes. ${words}`);
      plot.root.hidden = at === null;
      for (const path of this.#paths) path.remove();
      this.#paths = [];
      if (at === null) return;
      const ahead = at + minutes * MINUTE;
      plot.span(recent.timestamp[0], ahead, MINUTE);
      const bands = forecast ? forecast.bands : [];
      const known = [recent.values, forecast?.values ?? [], ...bands.flatMap((band) => [band.low, band.high])].flat();
      const { low, high, ticks } = plot.limits(known, axis);
      const y = plot.y(low, high);
      const pen = (points) => points.map(([moment, value]) => `${plot.x(moment)},${y(value)}`).join('L');
      const write = (className, d) => {
        const path = plot.path(className);
        path.setAttribute('d', d);
        this.#paths.push(path);
      };
      write('history-chart__grid', ticks.map((tick) => `M0,${y(tick)}H1000`).join(''));
      if (forecast) {
        const later = edges(forecast.timestamp);
        for (const band of [...bands].reverse()) {
          write('history-forecast__band', hub.lines.area(later, band.low, band.high, pen));
        }
        write('history-forecast__mean', hub.lines.line(later, forecast.values, pen));
      }
      write('history-forecast__now', `M${plot.x(at)},0V1000`);
      write('history-chart__line history-key--1', hub.lines.line(edges(recent.timestamp), recent.values, pen));
      const per = unit ? ` ${unit}` : '';
      plot.values(
        ticks.map((tick) => ({ share: (high - tick) / (high - low), text: `${hub.figure(tick)}${per}` })),
      );
      const past = recent.values.length;
      plot.times([
        { at: at - past * MINUTE, text: `\u2212${past} min` },
        { at: at - (past / 2) * MINUTE, text: `\u2212${past / 2}` },
        { at, text: 'now' },
        { at: at + (minutes / 2) * MINUTE, text: `+${minutes / 2}` },
        { at: ahead, text: `+${minutes}` },
      ]);
    }

    #words() {
      const { at, reason, forecast, minutes, unit } = this.#told;
      if (at === null) return 'Nothing was measured yet.';
      const again = this.plot.root.closest('[data-read-only]') ? '' : ' It is tried again each minute.';
      if (!forecast) return [`${sentence(reason)}${again}`, ...this.#thresholds()].join(' ');
      const [{ percent, low, high, held_percent: share }] = forecast.bands;
      const last = minutes - 1;
      const ends = `[${whole(`${hub.figure(low[last])},`, hub.figure(high[last]))}]`;
      const band = `The ${whole(percent, '%')} band`;
      const held = share === null
        ? `How often ${band.toLowerCase()} holds cannot be told yet.`
        : `${band} held ${whole(hub.figure(share), '%')} over the last ${whole(Math.round(forecast.history_minutes / 60), 'h')}.`;
      return [
        `In ${whole(minutes, 'min')} about ${whole(hub.figure(forecast.values[last]), unit)} ${ends}.`,
        held,
        `Errors were ${whole(hub.figure(forecast.skill_percent), '%')} smaller than with “same as now”.`,
        ...this.#thresholds(),
      ].join(' ');
    }

    /** When rules fire if the present trend goes on; of those without a significant one nothing. */
    #thresholds() {
      const { thresholds, unit } = this.#told;
      const count = (seconds) => Math.round(seconds / MINUTE_SECONDS);
      return thresholds
        .filter(({ seconds }) => seconds !== null)
        .map(({ name, condition, threshold, seconds, early_seconds: early, late_seconds: late }) => {
          const limit = `${condition} ${whole(hub.figure(threshold), unit)}`;
          const span = late === null ? `at least ${count(early)}` : whole(`${count(early)},`, count(late));
          return `If the trend goes on, ${name} (${limit}) in about ${whole(count(seconds), 'min')} [${span}].`;
        });
    }

    /** The minute at a moment: measured, or forecast with its bands. */
    read(moment) {
      const { recent, forecast, unit } = this.#told;
      const per = (text) => (unit && text !== 'no data' ? `${text} ${unit}` : text);
      const before = edges(recent.timestamp);
      const index = hub.within(before, moment);
      if (index >= 0 && (moment < before.at(-1) || !forecast)) {
        const row = { name: 'mean', text: per(hub.figure(recent.values[index])), key: 'history-key--1' };
        return { from: before[index], to: before[index + 1], rows: [row] };
      }
      if (!forecast) return null;
      const later = edges(forecast.timestamp);
      const place = Math.max(0, hub.within(later, moment));
      const rows = forecast.bands.map(({ percent, low, high }) => ({
        name: `${percent} %`,
        text: per(`${hub.figure(low[place])} … ${hub.figure(high[place])}`),
        key: 'history-key--forecast-band',
      }));
      rows.unshift({ name: 'forecast', text: per(hub.figure(forecast.values[place])), key: 'history-key--forecast' });
      return { from: later[place], to: later[place + 1], rows };
    }
  };
})();
