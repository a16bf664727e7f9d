/* The Impact page's small charts: each metric's interval over time since the change. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const ADDRESS = '/api/v1/impact/course';
  const SVG = 'http://www.w3.org/2000/svg';
  const WIDE = 1000;
  const HIGH = 100;

  /** What is kept of the widest intervals at the axis' ends: the first ones would flatten all others. */
  const SHARE = 0.85;
  const CALM = [-5, 5];

  /** How far beyond the figures an interval may stretch the axis, in percent points. */
  const BEYOND = 100;
  const STEPS = [5, 10, 20, 50, 100, 200, 500, 1000];
  const MOST_STEPS = 4;

  const percent = (value) => `${value < 0 ? '\u2212' : value > 0 ? '+' : ''}${Math.abs(value)} %`;
  const at = (sorted, share) => sorted[Math.round(share * (sorted.length - 1))];

  function age(ms) {
    const seconds = Math.round(ms / 1000);
    if (seconds < 120) return `${seconds} s`;
    return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
  }

  /** [low, high] of the axis: round, around 0, all figures, the newest interval and most of the others. */
  function limits(figures) {
    const known = figures.filter((one) => one !== null);
    const lows = known.map(([low]) => low).sort((a, b) => a - b);
    const highs = known.map(([, , high]) => high).sort((a, b) => a - b);
    const means = known.map(([, mean]) => mean);
    const [newestLow, , newestHigh] = known.at(-1);
    const [least, most] = [Math.min(...means), Math.max(...means)];
    const low = Math.min(CALM[0], least, Math.max(least - BEYOND, Math.min(at(lows, 1 - SHARE), newestLow)));
    const high = Math.max(CALM[1], most, Math.min(most + BEYOND, Math.max(at(highs, SHARE), newestHigh)));
    const step = STEPS.find((one) => (high - low) / one <= MOST_STEPS) ?? STEPS.at(-1);
    return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  }

  /** Runs of points without a gap: [[index, [low, figure, high]], ...] each. */
  function runs(figures) {
    const found = [];
    figures.forEach((one, index) => {
      if (one === null) return;
      if (index && figures[index - 1] !== null) found.at(-1).push([index, one]);
      else found.push([[index, one]]);
    });
    return found;
  }

  class CourseChart {
    #root;
    #parts;

    constructor(root) {
      this.#root = root;
      const svg = document.createElementNS(SVG, 'svg');
      svg.setAttribute('viewBox', `0 0 ${WIDE} ${HIGH}`);
      svg.setAttribute('preserveAspectRatio', 'none');
      svg.setAttribute('aria-hidden', 'true');
      const made = (name) => {
        const path = document.createElementNS(SVG, 'path');
        path.setAttribute('class', `course__${name}`);
        svg.append(path);
        return path;
      };
      this.#parts = { margin: made('margin'), band: made('band'), zero: made('zero'), line: made('line') };
      root.querySelector('.course__plot').append(svg);
    }

    draw(times, figures, since, margin) {
      const known = figures?.some((one) => one !== null) ?? false;
      this.#root.querySelector('.course__empty').hidden = known;
      this.#root.querySelector('.course__plot').hidden = !known;
      if (!known) return;
      const [low, high] = limits(figures);
      const [first, end] = [times[0], times.at(-1)];
      const x = (index) => (((times[index] - first) / Math.max(1, end - first)) * WIDE).toFixed(1);
      const y = (value) => (((high - value) / (high - low)) * HIGH).toFixed(2);
      const path = (points) => `M${points.map(([index, value]) => `${x(index)},${y(value)}`).join('L')}h0`;
      const pieces = runs(figures);
      const band = pieces.map((run) => {
        const upper = run.map(([index, one]) => [index, one[2]]);
        const lower = run.map(([index, one]) => [index, one[0]]).reverse();
        return `M${[...upper, ...lower].map(([index, value]) => `${x(index)},${y(value)}`).join('L')}Z`;
      });
      this.#parts.band.setAttribute('d', band.join(''));
      this.#parts.line.setAttribute('d', pieces.map((run) => path(run.map(([index, one]) => [index, one[1]]))).join(''));
      this.#parts.zero.setAttribute('d', `M0,${y(0)}H${WIDE}`);
      this.#parts.margin.setAttribute('d', `M0,${y(margin)}H${WIDE}M0,${y(-margin)}H${WIDE}`);
      this.#write('high', percent(high));
      this.#write('low', percent(low));
      this.#write('begin', age(first - since));
      this.#write('end', `${age(end - since)} after the change`);
      const zero = this.#root.querySelector('.course__zero-label');
      zero.style.top = `${y(0)}%`;
      // Beside an end of the axis its own label would lie on the other.
      zero.hidden = Math.min(high, -low) / (high - low) < 0.12;
    }

    #write(name, text) {
      this.#root.querySelector(`.course__${name}`).textContent = text;
    }
  }

  hub.Course = class Course {
    #charts = new Map();
    #held = null;
    #asking = false;
    #drawn = null;

    #t;

    /** `t`: epoch ms of the newest patch, null before the first. */
    constructor(t) {
      this.#t = t;
    }

    /** Take what a patch says: a few points more, or that another comparison began, which is then asked for. */
    take({ from, t, course }) {
      const held = this.#held;
      // Whole patches at one instant come by both transports when a page opens; a later one has left something out.
      if (from === null && t !== this.#t) this.#held = null;
      this.#t = t;
      if (!course || !this.#held) return;
      const last = held.timestamp.at(-1) ?? 0;
      if (course.comparison !== held.comparison || held.timestamp.length + course.timestamp.length > held.most) {
        this.#held = null;
        return;
      }
      course.timestamp.forEach((moment, index) => {
        if (moment <= last) return;
        held.timestamp.push(moment);
        for (const [metric, figures] of Object.entries(course.metrics)) held.metrics[metric]?.push(figures[index]);
      });
    }

    /** Draw it where it is on the page that is shown; what is paused stands as it was. */
    draw(paused = false) {
      const roots = document.querySelectorAll('#page-impact:not([hidden]) .course');
      if (this.#t === null || !roots.length || (paused && this.#drawn !== null)) return;
      if (!this.#held) this.#ask();
      const held = this.#held;
      if (!held || this.#drawn === `${held.comparison} ${held.timestamp.at(-1)}`) return;
      this.#drawn = `${held.comparison} ${held.timestamp.at(-1)}`;
      for (const root of roots) {
        let chart = this.#charts.get(root);
        if (!chart) this.#charts.set(root, (chart = new CourseChart(root)));
        chart.draw(held.timestamp, held.metrics[root.dataset.metric], held.since, held.margin_percent);
      }
    }

    /** Ask for all of it; while the server does not answer the next drawing asks again. */
    async #ask() {
      if (this.#asking) return;
      this.#asking = true;
      try {
        const answer = await fetch(ADDRESS);
        if (answer.ok) {
          this.#held = await answer.json();
          this.draw();
        }
      } catch {
        // The pill says that the server is away.
      } finally {
        this.#asking = false;
      }
    }
  };
})();
