/* What the page knows: which patch it is at, and what the patches said. Knows no DOM. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const APPLIED = 'applied';
  const HAD = 'had';
  const HOLE = 'hole';

  hub.Model = class Model {
    epoch = null;
    seq = null;
    t = null;

    /** Ms between two samples, between two patches, and until the page is too old to be called live. */
    interval = 1000;
    refresh = 1000;
    stale = 3000;
    /** Nothing newer will come: what is shown is the end of a session. */
    final = false;
    viewers = null;
    points = new hub.Points();

    /** Chart id -> [lowest, highest] of the y axis. */
    axes = new Map();

    /** Chart id -> what the baseline expects, as expected.js takes it, and the noted changes: [{at, text}]. */
    expected = {};
    markers = [];

    /** What alert_marks.py says of the alerts; null before the first patch. */
    alerts = null;

    /** Where the next patch may begin; an empty object asks for everything. */
    get cursor() {
      return this.epoch === null ? {} : { epoch: this.epoch, seq: this.seq };
    }

    /** Take a patch: 'applied', 'had' (older than what is here) or 'hole' (begins after what is here). */
    take(patch) {
      const full = patch.from === null;
      if (!full && (patch.epoch !== this.epoch || patch.from > this.seq)) return HOLE;
      if (patch.epoch === this.epoch && patch.seq < this.seq) return HAD;
      // The server's clock was set back: what is held lies in what is now the future.
      const back = this.t !== null && patch.t < this.t - patch.interval;
      if (full || back) this.points.clear();
      this.epoch = patch.epoch;
      this.seq = patch.seq;
      this.t = patch.t;
      this.interval = patch.interval;
      this.refresh = patch.refresh;
      this.stale = patch.stale;
      this.final = patch.final === true;
      this.viewers = patch.viewers ?? this.viewers;
      this.points.append(patch.points, this.interval);
      for (const [id, range] of Object.entries(patch.axes ?? {})) this.axes.set(id, range);
      this.expected = patch.expected ?? this.expected;
      this.markers = patch.markers ?? this.markers;
      this.alerts = patch.alerts ?? this.alerts;
      return APPLIED;
    }
  };

  hub.Model.APPLIED = APPLIED;
  hub.Model.HAD = HAD;
  hub.Model.HOLE = HOLE;
})();
