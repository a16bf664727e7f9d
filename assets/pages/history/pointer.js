/* The pointer and the keys on the pictures of the History page: the same instant is marked on all of them and read out
 * on the one that is pointed at; dragging across one zooms into what was covered. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const DRAG_PX = 8;
  const SHORTEST_MS = 10_000;
  const PAGE_OF_KEYS = 10;

  /** Index of the span that holds a moment, -1 for none. */
  hub.within = function within(edges, at) {
    let low = 0;
    let high = edges.length - 1;
    if (!(at >= edges[0] && at <= edges[high])) return -1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edges[middle] <= at) low = middle;
      else high = middle;
    }
    return low;
  };

  function place(className, parent) {
    const made = document.createElement('div');
    made.className = className;
    made.hidden = true;
    made.setAttribute('aria-hidden', 'true');
    parent?.append(made);
    return made;
  }

  hub.HistoryPointer = class HistoryPointer {
    #pictures;
    #onZoom;
    #marks = new Map();
    #label = null;
    #covered = null;

    /** The picture that is pointed at, and the moment. */
    #pointed = null;
    #at = 0;

    /** Where a drag began: {picture, id, x, at}. */
    #drag = null;

    /** `pictures`: what has a `plot` and `rows` or `read`; `onZoom(from, to, covered)` in epoch ms, none
     *  where they stand; `covered` is how long (ms) what was chosen is where that is too short, else null. */
    constructor(pictures, onZoom = null) {
      this.#pictures = pictures;
      this.#onZoom = onZoom;
      for (const picture of pictures) {
        const { root } = picture.plot;
        root.addEventListener('pointermove', (event) => this.#move(picture, event));
        root.addEventListener('pointerdown', (event) => this.#down(picture, event));
        root.addEventListener('pointerup', (event) => this.#up(event));
        root.addEventListener('pointercancel', () => this.#drop());
        root.addEventListener('pointerleave', (event) => event.pointerType === 'touch' || this.#drag || this.hide());
        if (onZoom) root.addEventListener('dblclick', () => this.out());
        root.addEventListener('keydown', (event) => this.#key(picture, event));
        root.addEventListener('focusout', () => this.hide());
      }
    }

    hide() {
      if (!this.#pointed) return;
      this.#pointed = null;
      for (const mark of this.#marks.values()) mark.hidden = true;
      this.#label.hidden = true;
    }

    /** Twice as long, around the middle as far as there is time: what is to come is no reason to look beyond now. */
    out() {
      const { from, to } = this.#pictures[0].plot;
      const length = to - from;
      const end = Math.max(to, Math.min(to + length / 2, Date.now()));
      this.#onZoom(end - 2 * length, end);
    }

    #moment({ plot }, { clientX }) {
      const box = plot.area.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
      return plot.from + share * (plot.to - plot.from);
    }

    #down(picture, event) {
      if (!this.#onZoom || event.button !== 0 || event.target.closest('button')) return;
      this.#drag = { picture, id: event.pointerId, x: event.clientX, at: this.#moment(picture, event) };
      picture.plot.root.setPointerCapture(event.pointerId);
      this.#move(picture, event);
    }

    #move(picture, event) {
      const at = this.#moment(picture, event);
      if (this.#drag && Math.abs(event.clientX - this.#drag.x) >= DRAG_PX) {
        this.#cover(picture, this.#drag.at, at);
        return;
      }
      if (this.#covered) this.#covered.hidden = true;
      if (picture.rows || picture.read) this.#show(picture, at);
    }

    #up(event) {
      const drag = this.#drag;
      if (!drag) return;
      this.#drop();
      if (Math.abs(event.clientX - drag.x) < DRAG_PX) return;
      const at = this.#moment(drag.picture, event);
      this.#zoom(Math.min(drag.at, at), Math.max(drag.at, at));
    }

    #drop() {
      this.#drag = null;
      if (this.#covered) this.#covered.hidden = true;
    }

    #zoom(from, to) {
      const wider = Math.max(0, SHORTEST_MS - (to - from)) / 2;
      this.#onZoom(from - wider, to + wider, wider ? to - from : null);
    }

    #cover({ plot }, one, other) {
      this.hide();
      this.#covered ??= place('history-covered');
      if (this.#covered.parentNode !== plot.area) plot.area.append(this.#covered);
      const [left, right] = [one, other].map((at) => 100 * plot.share(at)).sort((a, b) => a - b);
      Object.assign(this.#covered.style, { left: `${left}%`, width: `${right - left}%` });
      this.#covered.hidden = false;
    }

    #key(picture, event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target !== picture.plot.root) return;
      const { plot } = picture;
      const { step } = plot;
      const at = this.#pointed === picture ? this.#at : plot.to - step / 2;
      const zoom = (share) => this.#zoom(at - (at - plot.from) * share, at + (plot.to - at) * share);
      const actions = {
        ArrowLeft: () => this.#show(picture, Math.max(plot.from, at - step)),
        ArrowRight: () => this.#show(picture, Math.min(plot.to, at + step)),
        PageUp: () => this.#show(picture, Math.max(plot.from, at - PAGE_OF_KEYS * step)),
        PageDown: () => this.#show(picture, Math.min(plot.to, at + PAGE_OF_KEYS * step)),
        Home: () => this.#show(picture, plot.from),
        End: () => this.#show(picture, plot.to),
        ...(this.#onZoom && { '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => this.out() }),
        Escape: () => (this.#drag ? this.#drop() : this.hide()),
      };
      if (!(event.key in actions)) return;
      event.preventDefault();
      actions[event.key]();
    }

    #show(picture, at) {
      this.#pointed = picture;
      this.#at = at;
      for (const { plot } of this.#pictures) {
        let mark = this.#marks.get(plot);
        if (!mark?.isConnected) this.#marks.set(plot, (mark = place('history-instant', plot.area)));
        mark.style.left = `${(100 * plot.share(at)).toFixed(3)}%`;
        mark.hidden = false;
      }
      const told = picture.read ? picture.read(at) : this.#rows(picture, at);
      if (told) this.#read(picture, at, told);
    }

    #rows({ rows, unit }, at) {
      const first = rows.find(({ name }) => !name.endsWith('before')) ?? rows[0];
      const index = hub.within(rows.find(({ upto }) => upto)?.edges ?? first.edges, at);
      if (index < 0) return null;
      const { edges } = rows.find(({ upto }) => upto) ?? first;
      const withUnit = (text) => (unit && text !== 'no data' ? `${text} ${unit}` : text);
      return {
        from: edges[index],
        to: edges[index + 1],
        rows: rows.map(({ name, edges: own, values, upto, key }) => {
          const place = hub.within(own, at);
          const low = hub.figure(values[place]);
          const text = upto && values[place] != null ? `${low} … ${hub.figure(upto[place])}` : low;
          return { name, text: withUnit(text), key };
        }),
      };
    }

    #read({ plot }, at, { from, to, rows }) {
      const label = (this.#label ??= place('chart-label history-label'));
      if (label.parentNode !== plot.area) plot.area.append(label);
      const time = document.createElement('div');
      time.className = 'chart-label__time';
      const clock = to - from < 60_000 ? hub.clock.time : hub.clock.minute;
      time.textContent = `${hub.clock.day(from)} ${clock(from)} – ${clock(to)}`;
      label.replaceChildren(time, ...rows.map((row) => this.#row(row)));
      label.hidden = false;
      const width = plot.area.clientWidth;
      const left = plot.share(at) * width;
      const beside = left > width / 2 ? left - label.offsetWidth - 10 : left + 10;
      const most = width - label.offsetWidth;
      label.style.transform = `translate(${Math.round(Math.min(most, Math.max(0, beside)))}px, 4px)`;
    }

    #row({ name, text, key }) {
      const row = document.createElement('div');
      row.className = 'chart-label__row';
      const cells = [['history-label__key', ''], ['chart-label__name', name], ['chart-label__value', text]];
      for (const [className, words] of cells) {
        const cell = document.createElement('span');
        cell.className = className;
        cell.textContent = words;
        row.append(cell);
      }
      if (key) row.firstChild.classList.add(...key.split(' '));
      else row.firstChild.remove();
      return row;
    }
  };
})();
