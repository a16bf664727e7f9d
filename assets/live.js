/* The one way of a patch onto the page, whichever transport brought it. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const SOCKET = 'socket';
  const POLL = 'poll';
  const SILENCE = 10;

  hub.Live = class Live {
    model = new hub.Model();

    #elements = new hub.Elements();
    #announcer = new hub.Announcer();
    #notice = new hub.Notice(this.#announcer);
    #notify = new hub.Notify();
    #news = new hub.News(this.#announcer, this.#notify);
    #experiment = new hub.Experiment(this.#announcer);
    #alerts = new hub.Alerts(this.#announcer, () => this.model.seq);
    #ages = new hub.Ages(() => this.#now());
    #charts = new hub.Charts(() => this.redraw());
    #hover = new hub.Hover(this.#charts, (id) => this.model.alerts?.spans[id] ?? []);
    #overlays = new hub.Overlays(this.#charts);
    #pause = new hub.Pause(() => this.#paused());
    #pages = new hub.Pages(
      { announcer: this.#announcer, paused: () => this.#pause.active, t: () => this.model.t },
      () => this.redraw(),
    );
    #ranges = new hub.Ranges(() => this.#choose());
    #navigation = new hub.Navigation((page) => {
      this.#pages.show(page);
      this.redraw();
    });
    #theme = new hub.Theme();
    #poll = new hub.Poll();
    #socket = new hub.Socket({
      cursor: () => this.model.cursor,
      onPatch: (patch) => this.apply(patch, SOCKET),
      onChange: () => this.#connection(),
    });
    #pill = new hub.Pill(() => this.#facts(), this.#announcer);

    #frame = 0;
    #received = null;
    #polled = false;
    #fresh = true;
    #ready = false;

    /** Another range was chosen and is not shown yet; a pause stops the data, not the viewer. */
    #chosen = false;

    constructor() {
      new hub.Shortcuts({
        ' ': () => this.#pause.toggle(),
        t: () => this.#theme.toggle(),
        b: () => this.#experiment.open('baseline-dialog'),
        m: () => this.#experiment.open('marker-dialog'),
        e: () => this.#export(),
        ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [n, () => this.#pick(n)])),
      });
      // Plotly's script is deferred, and this comes when it has run.
      document.addEventListener('DOMContentLoaded', () => this.redraw());
      document.addEventListener('visibilitychange', () => this.#seen(document.visibilityState === 'visible'));
      window.addEventListener('online', () => this.#socket.hurry());
      window.addEventListener('pageshow', (event) => event.persisted && this.#socket.connect());
      window.addEventListener('pagehide', () => this.#socket.close());
    }

    start() {
      this.#socket.connect();
      this.#pill.update();
      window.setInterval(() => this.#watch(), 1000);
    }

    /** Dash has built the page. */
    mounted() {
      if (this.#ready) return;
      this.#ready = true;
      hub.fillIslands();
      this.#theme.mounted();
      this.#notify.show();
      this.#count();
      this.#poll.mounted();
      this.#ranges.mounted();
      this.#pill.update();
      this.redraw();
    }

    /** Take one patch; what the page already has is dropped, a hole is asked for. */
    apply(patch, by = SOCKET) {
      const before = { seq: this.model.seq, epoch: this.model.epoch };
      const result = this.model.take(patch);
      if (result === hub.Model.HOLE) {
        if (by === SOCKET) this.#socket.connect({ afresh: true });
        else this.#poll.now({});
        return result;
      }
      if (result === hub.Model.APPLIED) {
        // The server is back: no need to wait for the next try.
        if (by === POLL && this.model.epoch !== before.epoch) this.#socket.hurry();
        this.#elements.take(patch.props);
        this.#pages.take(patch);
        if (patch.alerts) this.#alarm(patch.alerts);
        this.#poll.pace(this.model.refresh);
        if (this.model.epoch !== before.epoch || this.model.seq !== before.seq) {
          // A first patch says how old it is; any other is new.
          this.#received = performance.now() - (patch.age ?? 0);
          this.#polled = by === POLL;
        }
        if (this.model.epoch !== before.epoch) this.#fresh = true;
        this.redraw();
      }
      return result;
    }

    /** The interval callback answered. */
    answer(patch) {
      this.mounted();
      if (patch) this.apply(patch, POLL);
      this.#poll.answered(this.model.cursor);
    }

    /** The range callback answered. */
    answerRange(data) {
      this.mounted();
      if (this.#ranges.take(data)) this.redraw();
    }

    navigate(pathname) {
      this.mounted();
      this.#navigation.go(pathname);
    }

    /** What is wrong is told at once: a page that is hidden or paused is one that nobody looks at. */
    #alarm(alerts) {
      this.#count();
      this.#news.take(alerts);
    }

    #count() {
      const { alerts } = this.model;
      if (alerts) this.#navigation.count(alerts.asking, alerts.worst);
    }

    /** Draw once before the next picture, however much arrived; a hidden page draws nothing until it is seen. */
    redraw() {
      if (!this.#frame) this.#frame = window.requestAnimationFrame(() => this.#draw());
    }

    #draw() {
      this.#frame = 0;
      this.#pill.update();
      if (this.model.seq !== null) this.#show();
      this.#pages.current?.draw?.();
    }

    #show() {
      // The first picture, or of another run of the server, is drawn even on a paused page: the old one is void.
      if (!this.#pause.active || this.#fresh) {
        this.#elements.draw();
        this.#notice.look();
        this.#alerts.draw();
        this.#ages.draw();
        this.#picture();
      } else if (this.#chosen) this.#picture();
      if (this.#charts.draw()) this.#fresh = false;
      this.#overlays.draw(this.model.markers, this.model.alerts);
      this.#hover.refresh();
    }

    /** What the charts are to show: the newest there is of the range that the viewer chose. */
    #picture() {
      if (!this.#ranges.live && !this.#ranges.data) return;
      const { points, axes, t, expected } = this.model;
      if (this.#ranges.live) this.#charts.minute(points, axes, t, expected);
      else this.#charts.range(this.#ranges.data, expected);
      this.#chosen = false;
    }

    /** What a page does in its own way waits until it is there. */
    #export() {
      const page = this.#pages.current;
      if (page?.export) page.export();
      else if (page) document.getElementById('export-link')?.click();
    }

    #pick(position) {
      const page = this.#pages.current;
      if (page?.pick) page.pick(position);
      else if (page) this.#ranges.pick(position);
    }

    #paused() {
      this.#pill.update();
      this.redraw();
    }

    #choose() {
      this.#chosen = true;
      this.redraw();
    }

    #connection() {
      this.#poll.beside(this.#socket.open, this.model.cursor);
      if (this.#socket.open) this.#pages.retry();
      this.#pill.update();
    }

    #seen(visible) {
      this.#poll.rest(!visible);
      this.#ranges.rest(!visible);
      if (!visible) return;
      this.#watch();
      if (!this.#socket.open) {
        this.#socket.hurry();
        this.#poll.now(this.model.cursor);
      }
      this.redraw();
    }

    /** Things that can stop without a word. */
    #watch() {
      if (!this.model.final) this.#socket.suspect(SILENCE * this.model.refresh);
      this.#poll.suspect(this.model.cursor);
      if (!this.#pause.active) this.#ages.draw();
    }

    /** The time of what is shown; it ends where nobody knows what is true. */
    #now() {
      if (this.#received === null) return null;
      return this.model.t + (this.model.final ? 0 : Math.min(performance.now() - this.#received, this.model.stale));
    }

    #facts() {
      const now = performance.now();
      return {
        age: this.#received === null ? null : now - this.#received,
        refresh: this.model.refresh,
        stale: this.model.stale,
        final: this.model.final,
        open: this.#socket.open,
        polled: this.#polled,
        retryIn: this.#socket.state === 'waiting' ? this.#socket.retryAt - now : null,
        viewers: this.model.viewers,
        behind: this.#pause.behind,
      };
    }
  };
})();
