/* The order of the ledger's rows: the viewer's own. Patches write them by place, wherever they stand. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const TABLE = '#panel-ledger table';
  const words = new Intl.Collator(undefined, { numeric: true });

  /** Compare two values of a column; what is unknown comes last, whichever way the others go. */
  function compare(a, b, down) {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === 'string' ? words.compare(a, b) : a - b;
    return down ? -order : order;
  }

  hub.Ledger = class Ledger {
    #column = 0;
    #down = true;

    /** By place, the newest first: so stand those that are equal. */
    #rows = [];

    constructor() {
      document.addEventListener('click', (event) => {
        const button = event.target.closest?.(`${TABLE} [data-column]`);
        if (button) this.#choose(button);
      });
    }

    /** Put the rows in order, after each patch: another place may have come, or another figure. */
    draw() {
      const body = document.querySelector(`${TABLE} tbody`);
      if (!body) return;
      if (!this.#rows.length) this.#rows = [...body.rows];
      const keyed = this.#rows.map((row) => ({ row, key: JSON.parse(row.dataset.sort ?? '[]')[this.#column] ?? null }));
      const sorted = keyed.sort((a, b) => compare(a.key, b.key, this.#down)).map(({ row }) => row);
      // A row that is moved loses what was selected in it.
      if (sorted.some((row, place) => row !== body.rows[place])) body.append(...sorted);
    }

    #choose(button) {
      const column = Number(button.dataset.column);
      this.#down = column === this.#column && !this.#down;
      this.#column = column;
      for (const heading of document.querySelectorAll(`${TABLE} th`)) heading.removeAttribute('aria-sort');
      button.parentElement.setAttribute('aria-sort', this.#down ? 'descending' : 'ascending');
      this.draw();
    }
  };
})();
