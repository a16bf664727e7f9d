/* The Dash interval callback: at the page's pace while there is no socket, each 10 s as reconciliation beside one. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const BESIDE_MS = 10000;

  /** Dash leaves the interval disabled for ever when the server did not answer (its `running` is not taken back),
   *  so an answer that has not come for this long is not waited for. */
  const DEADLINE_MS = 5000;

  const STEP = 10;

  hub.Poll = class Poll {
    #mounted = false;
    #beside = false;
    #resting = false;
    #since = 0;
    #cursor = null;
    #alone = 1000;

    /** Dash has built the page. */
    mounted() {
      this.#mounted = true;
      this.#since = performance.now();
      if (this.#beside || this.#resting) this.#write();
    }

    /** The server makes a patch each `ms`. */
    pace(ms) {
      if (this.#alone === ms) return;
      this.#alone = ms;
      this.#write();
    }

    /** An answer came; the next one begins at `cursor`, or is everything while the socket brings the news. */
    answered(cursor) {
      this.#since = performance.now();
      this.#begin(cursor);
    }

    /** The socket brings the news, or no longer does. */
    beside(open, cursor) {
      if (this.#beside === open) return;
      this.#beside = open;
      this.#since = performance.now();
      this.#write();
      this.#begin(cursor);
    }

    /** Nobody looks: ask nothing. */
    rest(resting) {
      if (this.#resting === resting) return;
      this.#resting = resting;
      this.#since = performance.now();
      this.#write();
    }

    /** Ask now. */
    now(cursor) {
      if (!this.#mounted) return;
      this.#begin(cursor);
      this.#since = performance.now();
      // The number itself means nothing; a new one is what makes Dash call.
      this.#set('poll-interval', { disabled: false, n_intervals: Date.now() });
    }

    /** Start again what an unanswered question has stopped. */
    suspect(cursor) {
      if (this.#resting || performance.now() - this.#since < this.#every + DEADLINE_MS) return;
      this.now(cursor);
    }

    /** Every write costs Dash a round through all its components, so the cursor moves in steps; as the steps are the
     *  same for all pages, so is the patch that the server makes for them. What overlaps is dropped by the model. */
    #begin(cursor) {
      const wanted = this.#beside || !cursor.epoch ? {} : { epoch: cursor.epoch, seq: cursor.seq - (cursor.seq % STEP) };
      if (!this.#mounted || JSON.stringify(wanted) === JSON.stringify(this.#cursor)) return;
      this.#cursor = wanted;
      this.#set('cursor', { data: wanted });
    }

    get #every() {
      return this.#beside ? Math.max(BESIDE_MS, this.#alone) : this.#alone;
    }

    #write() {
      this.#set('poll-interval', {
        interval: this.#every,
        max_intervals: this.#resting ? 0 : -1,
      });
    }

    #set(id, props) {
      if (this.#mounted) window.dash_clientside.set_props(id, props);
    }
  };
})();
