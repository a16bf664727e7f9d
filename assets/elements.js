/* The patched properties of the static DOM: written only where they differ from what is shown. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SVG = 'http://www.w3.org/2000/svg';

  /** A number does not part from its unit at the end of a line. */
  const UNITS = /(\d) (?=(?:%|pp|ms|s|min|h|d|[kMGTP]|[kMGT]?B|ops)(?![\p{L}\d]))/gu;

  /** Nor the parts of "31 of 75 s". */
  const SHARES = /(\d) of (?=\d+\u00a0)/g;

  function text(element, words) {
    const value = words.replace(UNITS, '$1\u00a0').replace(SHARES, '$1\u00a0of\u00a0');
    const only = element.firstChild;
    if (only && only.nodeType === Node.TEXT_NODE && !only.nextSibling) only.data = value;
    else element.textContent = value;
  }

  function attribute(name) {
    return (element, value) => {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    };
  }

  /** What began then: ages.js writes how long ago that is. */
  function since(element, value) {
    attribute('data-since')(element, value);
    if (value === null) element.textContent = '';
  }

  function style(element, values) {
    for (const [name, value] of Object.entries(values ?? {})) {
      if (value === null) element.style.removeProperty(name);
      else element.style.setProperty(name, value);
    }
  }

  function spark(element, d) {
    let path = element.querySelector('path');
    if (!path) {
      const svg = document.createElementNS(SVG, 'svg');
      svg.setAttribute('class', 'sparkline__svg');
      svg.setAttribute('viewBox', '0 0 100 24');
      svg.setAttribute('preserveAspectRatio', 'none');
      svg.setAttribute('aria-hidden', 'true');
      path = svg.appendChild(document.createElementNS(SVG, 'path'));
      path.setAttribute('class', 'sparkline__line');
      element.replaceChildren(svg);
    }
    path.setAttribute('d', d ?? '');
  }

  const WRITERS = new Map([
    ['text', (element, value) => text(element, value ?? '')],
    ['time', (element, value) => text(element, value === null ? '' : hub.clock.stamp(value))],
    ['class', attribute('class')],
    ['title', attribute('title')],
    ['since', since],
    ['disabled', (element, value) => element.setAttribute('aria-disabled', value ? 'true' : 'false')],
    ['hidden', (element, value) => element.toggleAttribute('hidden', Boolean(value))],
    ['checked', (element, value) => element.setAttribute('aria-checked', value ? 'true' : 'false')],
    ['style', style],
    ['spark', spark],
    ['sort', (element, value) => attribute('data-sort')(element, value && JSON.stringify(value))],
  ]);

  hub.Elements = class Elements {
    #wanted = new Map();
    #shown = new Map();
    #changed = new Set();

    /** The day on which times were written. */
    #day = hub.clock.day(Date.now());

    /** Note {"<dom id>": {"<prop>": value}}; `draw` writes it. */
    take(props) {
      for (const [id, values] of Object.entries(props ?? {})) {
        let wanted = this.#wanted.get(id);
        if (!wanted) this.#wanted.set(id, (wanted = new Map()));
        for (const [prop, value] of Object.entries(values)) wanted.set(prop, value);
        this.#changed.add(id);
      }
    }

    /** Write what changed. An element that is not on the page yet is written when it is. */
    draw() {
      this.#midnight();
      for (const id of this.#changed) {
        const element = document.getElementById(id);
        if (!element) continue;
        let shown = this.#shown.get(id);
        if (shown?.element !== element) this.#shown.set(id, (shown = { element, values: new Map() }));
        for (const [prop, value] of this.#wanted.get(id)) {
          const key = typeof value === 'object' ? JSON.stringify(value) : value;
          if (shown.values.has(prop) && shown.values.get(prop) === key) continue;
          shown.values.set(prop, key);
          WRITERS.get(prop)?.(element, value);
        }
        this.#changed.delete(id);
      }
    }

    /** What was today is not any more: write the times anew. */
    #midnight() {
      const day = hub.clock.day(Date.now());
      if (day === this.#day) return;
      this.#day = day;
      for (const [id, values] of this.#wanted) {
        if (!values.has('time')) continue;
        this.#shown.get(id)?.values.delete('time');
        this.#changed.add(id);
      }
    }
  };
})();
