/* The History page: asks for the range that its address names, draws it, and follows the time where it ends now. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const API = '/api/v1/history/';
  const PAGE = 'page-history';
  const FALLBACK = 'now-24h';
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const AGAIN = 5000;

  /** The shortest length on offer that holds all that there is, for who asked for none. */
  const OPENINGS = [[HOUR / 4, 'now-15m'], [HOUR, 'now-1h'], [6 * HOUR, 'now-6h']];

  /** Of the range, less than which is worth a word. */
  const LITTLE = 0.25;

  /** Below it the range is told to the second. */
  const SHORT = 2 * MINUTE;

  const element = (name) => document.getElementById(`history-${name}`);
  const moves = (text) => text.startsWith('now');
  const some = ({ metrics }) => Object.values(metrics).some(({ count }) => count.some((samples) => samples > 0));

  async function ask(what, query) {
    const answer = await fetch(`${API}${what}?${new URLSearchParams(query)}`);
    const said = await answer.json();
    if (answer.ok) return said;
    const { field, message } = said.error ?? {};
    throw Object.assign(new Error(`${field ? `“${field}” ` : ''}${message ?? 'was refused'}`), { refused: answer.status < 500 });
  }

  /** Why there is no answer, in the server's own words where it has any. */
  const reason = (error) => ('refused' in error ? `The server answers: ${error.message}.` : 'The server does not answer.');

  hub.Pages.add('history', class History {
    #announcer;
    #paused;
    #address = new hub.HistoryAddress(() => this.draw());
    #dialog = new hub.HistoryDialog(() => this.#onScreen(), (range) => this.#try(range));
    #forecast;
    #pictures = null;
    #pointer = null;

    /** What was asked for last, and what is drawn: {asked, found, before, compare, events, begins}. */
    #asked = null;
    #drawn = null;
    #turn = 0;

    /** When it is asked for again, on the clock of performance.now(). */
    #dueAt = Infinity;

    /** What is to be said of the range that is asked for, beside what it says itself. */
    #remark = '';

    /** `paused()` tells whether the viewer has stopped the page. */
    constructor({ announcer, paused }) {
      this.#announcer = announcer;
      this.#paused = paused;
      this.#forecast = new hub.HistoryForecast(announcer);
      new hub.HistoryReport(announcer, () => this.#printed());
      document.addEventListener('click', ({ target }) => this.#click(target));
      document.addEventListener('visibilitychange', () => this.#follow());
      window.setInterval(() => this.#follow(), 5000);
    }

    get #shown() {
      return document.getElementById(PAGE)?.hidden === false;
    }

    /** Whatever the address says, once it says something else; free of cost while it does not, or nobody sees it. */
    draw() {
      if (!this.#shown) return;
      const asked = window.location.search;
      if (asked === this.#asked) return;
      this.#asked = asked;
      this.#load();
    }

    /** Choose by position, from 1. */
    pick(position) {
      document.querySelectorAll('#history-lengths [data-from]')[position - 1]?.click();
    }

    /** The range as a file. */
    export() {
      element('csv').click();
    }

    #click(target) {
      const length = target.closest?.('#history-lengths [data-from]');
      if (length) this.#go({ from: length.dataset.from, to: 'now' });
      if (target.closest?.('#history-out')) this.#pointer?.out();
      if (target.closest?.('#history-compare')) {
        const { compare } = this.#address.range;
        this.#go({ ...this.#current(), compare: !compare });
      }
      if (target.closest?.('#history-note-button')) this.#measured();
    }

    /** The range as the viewer chose it, as it would stand in the address. */
    #current() {
      const { from, to } = this.#address.range;
      return this.#drawn ? this.#drawn.asked : { from: from ?? FALLBACK, to: to ?? 'now' };
    }

    #go({ from, to, compare = this.#address.range.compare }) {
      this.#address.go({ from, to, compare });
    }

    /** `covered`: how long (ms) what was dragged across is, where that is too short for a range. */
    #zoom(from, to, covered = null) {
      this.#remark = covered === null
        ? ''
        : `A range has 10 s or more: shown is what is around the ${hub.figure(covered / 1000)} s that were chosen.`;
      const before = window.location.search;
      this.#go({ from: Math.round(Math.max(0, from)), to: Math.round(to) });
      if (window.location.search === before) this.#note(this.#remark);
    }

    #onScreen() {
      const { found, asked } = this.#drawn ?? {};
      return { from: found?.from ?? null, to: found?.to ?? null, asked: asked ?? this.#current() };
    }

    /** What a report is of: exactly what is drawn. */
    #printed() {
      if (!this.#drawn) return null;
      const { from, to } = this.#drawn.found;
      return { from, to, words: element('when-text').textContent };
    }

    /** Go to a range that somebody typed; return what is wrong with it, '' where nothing is. */
    async #try({ from, to }) {
      try {
        await ask('events', { from, to });
      } catch (error) {
        return error.refused ? `Not a range: ${error.message}.` : reason(error);
      }
      this.#go({ from, to });
      return '';
    }

    /** Show what was measured of the range: what comes before it is empty. */
    #measured() {
      const { begins, asked, found } = this.#drawn;
      this.#go({ from: begins - (begins % 1000), to: moves(asked.to) ? asked.to : found.to });
    }

    /** Ask anew for what ends now, once a minute or as soon as something of it can have been measured; again for what
     *  did not come; and for what comes next. */
    #follow() {
      if (!this.#shown || document.visibilityState !== 'visible' || (this.#drawn && this.#paused())) return;
      if (this.#drawn) this.#forecast.follow();
      if (performance.now() >= this.#dueAt) this.#load({ quietly: true });
    }

    async #load({ quietly = false } = {}) {
      const turn = (this.#turn += 1);
      const { from, to, compare } = this.#address.range;
      if (!quietly) element('body').setAttribute('aria-busy', 'true');
      let wrong = '';
      try {
        let drawn;
        try {
          drawn = await this.#ask({ from, to: to ?? 'now' }, compare);
        } catch (error) {
          if (!error.refused) throw error;
          wrong = `The address names no range: ${error.message}. What is shown is what there is without it.`;
          drawn = await this.#ask({ from: null, to: 'now' }, compare);
        }
        // Another range was chosen meanwhile.
        if (turn !== this.#turn) return;
        this.#drawn = drawn;
        const young = !some(drawn.found) || drawn.found.to - drawn.begins < MINUTE;
        const often = young ? AGAIN - 1000 : MINUTE;
        this.#dueAt = moves(drawn.asked.to) ? performance.now() + often : Infinity;
        this.#show(wrong || this.#remark);
        this.#remark = '';
        if (!quietly) this.#announcer.say('history', `Shown: ${element('when-text').textContent}`);
      } catch (error) {
        if (turn !== this.#turn) return;
        if (!(error instanceof TypeError || error instanceof SyntaxError || 'refused' in error)) window.reportError(error);
        this.#dueAt = performance.now() + AGAIN - 1000;
        const rest = this.#drawn ? 'what is shown is what it said last' : 'the Live page shows what is in memory';
        if (!this.#drawn) element('empty-title').textContent = 'The history cannot be shown now';
        this.#note(`${reason(error)} It is asked again each ${AGAIN / 1000} s; ${rest}.`);
      } finally {
        if (turn === this.#turn) element('body').removeAttribute('aria-busy');
      }
    }

    async #ask(asked, compare) {
      const metrics = document.getElementById(PAGE).dataset.metrics;
      if (asked.from === null) asked = { ...asked, from: await this.#opening(asked.to) };
      const [regular, happened] = await Promise.all([ask('spans', { ...asked, metrics }), ask('events', asked)]);
      // "Now" of a long range is its last whole minute: what was begun since then has an end of its own.
      const fresh = !some(regular) && happened.begins >= regular.from && happened.begins < happened.to && moves(asked.to);
      const found = fresh ? await ask('spans', { from: happened.from, to: happened.to, metrics }) : regular;
      const length = found.to - found.from;
      // There is no time before 1970 to ask for.
      const before = compare && found.from >= length
        ? await ask('spans', { from: found.from - length, to: found.to - length, metrics })
        : null;
      return { asked, found, before, compare, events: happened.events.map(hub.told), begins: happened.begins };
    }

    async #opening(to) {
      const { begins, to: end } = await ask('events', { from: FALLBACK, to });
      return OPENINGS.find(([length]) => begins !== null && end - begins <= length)?.[1] ?? FALLBACK;
    }

    #prepare() {
      if (this.#pictures) return;
      const charts = [...document.querySelectorAll('.history-chart')].map((root) => new hub.HistoryChart(root));
      const bands = new hub.HistoryBands(element('bands'));
      const events = new hub.HistoryEvents(element('events'));
      this.#pictures = { charts, bands, events };
      const zoom = (from, to, covered) => this.#zoom(from, to, covered);
      this.#pointer = new hub.HistoryPointer([...charts, bands, events], zoom);
      let width = 0;
      new ResizeObserver(([{ contentRect }]) => {
        if (contentRect.width === width) return;
        width = contentRect.width;
        if (width && this.#drawn) this.#paint();
      }).observe(element('body'));
    }

    #show(words) {
      const { found, asked, begins, compare } = this.#drawn;
      this.#prepare();
      const known = some(found);
      element('body').hidden = !known;
      element('empty').hidden = known;
      if (known) this.#paint();
      else this.#empty();
      const { clock } = hub;
      const told = found.to - found.from < SHORT ? (at) => `${clock.day(at)} ${clock.time(at)}` : clock.moment;
      element('when-text').textContent = `${told(found.from)} – ${told(found.to)}`;
      element('csv').href = `/export.csv?${new URLSearchParams({ from: found.from, to: found.to - 1 })}`;
      for (const button of document.querySelectorAll('#history-lengths [data-from]')) {
        button.setAttribute('aria-pressed', String(asked.to === 'now' && button.dataset.from === asked.from));
      }
      element('compare').setAttribute('aria-pressed', String(compare));
      const day = found.to - found.from === 24 * HOUR;
      element('compare-text').textContent = `Compare with the ${day ? 'day' : 'period'} before`;
      if (words) this.#note(words);
      else if (known) this.#sayHowMuch();
      else this.#note('');
    }

    #paint() {
      const { found, before, events } = this.#drawn;
      this.#pointer.hide();
      const marked = [...events, ...hub.outages(found)];
      for (const chart of this.#pictures.charts) chart.draw(found, before, marked);
      this.#pictures.bands.draw(found, marked.filter(({ kind }) => kind !== 'alert'));
      this.#pictures.events.draw(found, events);
      hub.historyNumbers(found, before);
      this.#forecast.paint();
      this.#forecast.follow();
    }

    #empty() {
      const { asked, begins, found } = this.#drawn;
      const soon = moves(asked.to) && (begins === null || begins >= found.from);
      element('empty-title').textContent = soon ? 'Nothing is measured yet' : 'Nothing was measured in this range';
      element('empty-text').textContent = begins === null
        ? 'The first sample comes within a second or two of the start.'
        : `What is kept begins on ${hub.clock.day(begins)} at ${hub.clock.time(begins)}${soon ? '; it is shown here in a moment' : ''}.`;
    }

    /** Where most of the range is from before the history began: say so, and offer the rest of it; and where there is
     *  nothing to compare with. */
    #sayHowMuch() {
      const { found, begins, before, compare } = this.#drawn;
      const measured = found.to - begins;
      const little = begins !== null && measured < LITTLE * (found.to - found.from);
      const words = [];
      if (little) {
        words.push(`The history begins at ${hub.clock.time(begins)}: ${hub.duration(Math.max(1000, measured))} of this range.`);
      }
      if (compare && !(before && some(before))) {
        words.push('Nothing was measured in the period before, so there is nothing to compare with.');
      }
      this.#note(words.join(' '), little);
    }

    #note(words, offer = false) {
      element('note').hidden = !words;
      element('note-text').textContent = words;
      element('note-button').hidden = !offer;
    }
  });
})();
