"""Baselines, markers and the comparison with the active baseline since the last change."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Final

import numpy as np

from monitor.core.baseline import Baseline
from monitor.core.errors import InvalidInputError, MonitorError, StoreError, UnknownError
from monitor.core.experiment import ExperimentNotes, ExperimentState, Opening, Recording
from monitor.core.fading import fading
from monitor.core.histogram import Floats
from monitor.core.impact import Impact, ImpactState
from monitor.core.ledger import LedgerRow
from monitor.core.marker import Marker, Origin
from monitor.core.record import Records
from monitor.core.rollup import HOUR_MS, MINUTE_MS
from monitor.core.sample import Sample
from monitor.core.suggestion import Suggestion
from monitor.core.target_changes import TargetChanges
from monitor.core.verdict import SETTLING_TICKS
from monitor.core.window import Rows, Window
from monitor.engine.background import Background
from monitor.engine.baseline_recorder import BaselineRecorder
from monitor.engine.latency_history import LatencyHistory
from monitor.engine.ledger import Ledger
from monitor.engine.ports import BaselineStore, Entries, NoteStore
from monitor.engine.suggestions import Suggestions

log = logging.getLogger(__name__)

MARKERS_KEPT: Final = 200
_LOOK_BACK_TICKS: Final = 30
_SEARCH_MS: Final = 5 * MINUTE_MS
_CLOCK_STEP_MS: Final = 10_000
_LOOK_BACK_MS: Final = 6 * HOUR_MS
"""An older step was found when it was young; and a clock that was set forward by a year makes no year of ticks."""


class Experiment:
    """Sees each sample just before it is in the window; records, activates and marks when told to.

    What takes long (freezing a baseline, files) is done in the background, outside of the lock.
    """

    def __init__(
        self,
        target: str,
        window: Window,
        latency: LatencyHistory,
        interval_ms: int,
        *,
        warm_up: int,
        store: BaselineStore,
        entries: Entries,
        notes: NoteStore,
        fingerprint: Mapping[str, str],
        opening: Opening | None = None,
    ) -> None:
        """Compare `target`'s samples in `window`, their histograms in `latency`.

        `warm_up` seconds after a change do not count.
        """
        self._target = target
        self._window = window
        self._latency = latency
        self._interval_ms = interval_ms
        self._warm_up = warm_up
        self._store = store
        self._notes = notes
        self._fingerprint = fingerprint
        self._background = Background("baselines")
        self._ledger = Ledger(entries)
        self._suggestions = Suggestions(window, interval_ms)
        # Guards the ledger, the recorder and all that follows. Taken within the Monitor's lock by the sampler, and
        # alone by everybody else.
        self._lock = threading.RLock()
        self._baselines: dict[str, Baseline] = {}
        self._markers: tuple[Marker, ...] = ()
        self._impact: Impact | None = None
        self._resuming: str | None = None
        self._state: ImpactState | None = None
        self._recorder = BaselineRecorder(
            target, window, latency, interval_ms, warm_up=warm_up, fingerprint=fingerprint, opening=opening
        )
        self._problem = ""
        self._changes = TargetChanges()
        self._proving = ""
        self._now = 0
        self._numbers = self._ticks = 0

    def resume(self, records: Records) -> None:
        """Know what was measured and said before this run; before `start`, oldest first."""
        with self._lock:
            self._now = int(records.timestamp[-1])
            known = records.started_at[~np.isnan(records.started_at)]
            switches = next((said for said in reversed(records.switches) if said), None)
            self._changes.resume(float(known[-1]) if len(known) else None, switches)

    def start(self) -> None:
        """Read what was kept, and go on comparing with the baseline that was active."""
        kept = [baseline for baseline in self._store.load() if baseline.target == self._target]
        notes = self._notes.read()
        self._ledger.read()
        with self._lock:
            self._baselines = {baseline.id: baseline for baseline in kept} | self._baselines
            self._markers = notes.markers[-MARKERS_KEPT:]
        self._background.start()
        active = notes.active if notes.active in self._baselines else kept[-1].id if kept else None
        if active is not None and not self._recorder.opens:
            if len(self._window):
                # A day of samples takes seconds to compare; those to come do not wait for it.
                self._resuming = active
                self._background.do(lambda: self._go_on(active))
            else:
                self._go_on(active)

    def _go_on(self, identity: str) -> None:
        """Compare with what was active before, unless somebody has chosen meanwhile."""
        try:
            if self.state().impact is None:
                self.activate(identity)
        except MonitorError as problem:
            self._say(f"No baseline is active: {getattr(problem, 'message', problem)}.")
        finally:
            with self._lock:
                self._resuming = None

    def close(self) -> None:
        """Keep the comparison under way, and end; idempotent."""
        with self._lock:
            self._end_comparison()
        self._background.close()

    def observe(self, sample: Sample, row: Floats, *, proving: str = "") -> ExperimentState:
        """Take a sample and return what is known after it; `proving` names what a proof turns, "" for nothing."""
        with self._lock:
            before, self._now = self._now, sample.timestamp
            if (recording := self._recorder.due(self._now)) is not None:
                self._background.do(lambda: self._record(recording))
            if self._now // _SEARCH_MS != before // _SEARCH_MS:
                self._background.do(self.suggestions)
            if self._now < before - _CLOCK_STEP_MS:
                self._mark(self._now, "the clock was set back", Origin.CLOCK)
            for text, origin in self._changes.take(sample, Origin.PROOF if proving else Origin.SWITCH):
                self._mark(self._now, text, origin)
            if sample.started_at is not None:
                self._recorder.open(sample.started_at, self._now)
            if self._proving and not proving:
                self._mark(self._now, f"proof of {self._proving} over", Origin.PROVEN)
            self._proving = proving
            if self._impact is not None:
                self._take(self._impact, sample, row)
            return self.state()

    def state(self) -> ExperimentState:
        """Return what is known now."""
        with self._lock:
            return ExperimentState(
                baselines=tuple(self._baselines.values()),
                markers=self._markers,
                impact=self._state,
                settled=self._ledger.settled,
                recording=self._recorder.recording,
                ledger=self._ledger.rows,
                problem=self._problem,
                fingerprint=self._fingerprint,
                suggestions=self._suggestions.found,
            )

    def record_last(self, seconds: int, name: str, note: str) -> Baseline:
        """Record the last `seconds` as a baseline and compare with it; raises InvalidInputError in words."""
        with self._lock:
            recording = self._recorder.last(seconds, name, note, now=self._now, markers=self._markers)
        return self._freeze(recording)

    def record_next(self, seconds: int, name: str, note: str) -> Recording:
        """Begin to record the next `seconds`."""
        with self._lock:
            recording = self._recorder.begin(seconds, name, note, now=self._now)
            self._problem = ""
            return recording

    def add(self, baseline: Baseline) -> Baseline:
        """Keep a baseline from elsewhere as one of this target's, with an id of its own; it is not activated."""
        self._check(baseline)
        made = replace(baseline, id=self._identity(), target=self._target, pinned=False)
        self._store.save(made)
        with self._lock:
            self._baselines[made.id] = made
        return made

    def get(self, identity: str) -> Baseline:
        """Return a baseline; raises UnknownError."""
        with self._lock:
            if identity not in self._baselines:
                raise UnknownError(f"there is no baseline {identity[:40]!r}")
            return self._baselines[identity]

    def change(
        self, identity: str, *, name: str | None = None, note: str | None = None, pinned: bool | None = None
    ) -> Baseline:
        """Change what is not None."""
        with self._lock:
            old = self.get(identity)
            made = replace(
                old,
                name=old.name if name is None else name,
                note=old.note if note is None else note,
                pinned=old.pinned if pinned is None else pinned,
            )
        self._store.save(made)
        with self._lock:
            self._baselines[identity] = made
            if self._impact is not None and self._state is not None and self._impact.baseline.id == identity:
                self._impact.baseline = made
                self._state = replace(self._state, baseline=made)
        return made

    def delete(self, identity: str) -> None:
        """Forget a baseline. One that is pinned is kept; with the active one the comparison ends."""
        with self._lock:
            if self.get(identity).pinned:
                raise InvalidInputError("pinned", "a pinned baseline is not deleted: take the pin out first")
        self._store.delete(identity)
        with self._lock:
            self._baselines.pop(identity, None)
            if self._impact is not None and self._impact.baseline.id == identity:
                self._end_comparison()
                self._impact = self._state = None
                self._note()

    def activate(self, identity: str) -> Baseline:
        """Compare with this baseline what came after the last change after it."""
        self._check(self.get(identity))
        while True:
            with self._lock:
                baseline, markers = self.get(identity), self._markers
            after = [marker for marker in markers if marker.at >= baseline.end]
            since, text = (after[-1].at, after[-1].text) if after else (baseline.end, "")
            impact = self._begin(baseline, since, text)
            with self._lock:
                if self._markers is not markers:
                    continue  # something changed meanwhile
                self._feed(impact)
                state = impact.state(self._now)
                self._end_comparison()
                self._impact, self._state = impact, state
                self._note()
                return baseline

    def mark(self, text: str, at: int | None = None) -> Marker:
        """Note a change that was made now, or at `at` (epoch ms); the last one begins the comparison anew."""
        with self._lock:
            if at is None or at >= self._now:
                return self._mark(self._now, text, Origin.PERSON)
            marker = Marker(f"m{at}-{self._identity()}", at, text, Origin.PERSON)
            self._markers = tuple(sorted((*self._markers, marker), key=lambda one: one.at))[-MARKERS_KEPT:]
            self._background.do(self.suggestions)
            active = None if self._impact is None else self._impact.baseline
            self._note()
        if active is not None and at >= active.end and self.state().markers[-1] is marker:
            self.activate(active.id)
        return marker

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return the changes that nobody noted; searched for where that was not done in this minute."""
        with self._lock:
            markers = self._markers
        return self._suggestions.search(markers)

    def keep(self, row: LedgerRow) -> None:
        """Take a row into the ledger that was found otherwise than by a comparison."""
        with self._lock:
            self._ledger.add(row)

    def _take(self, impact: Impact, sample: Sample, row: Floats) -> None:
        """Compare one sample; figures that cannot be computed end the comparison, and cost no sample."""
        try:
            impact.add(sample.timestamp, row, sample.started_at, sample.latency)
            self._state = impact.state(sample.timestamp)
        except (ArithmeticError, ValueError):
            log.exception("comparison given up", extra={"baseline": impact.baseline.id})
            self._impact = self._state = None
            self._problem = f"The comparison with “{impact.baseline.name}” was given up: it cannot be computed."
            return
        if (under_way := self._row()) is not None:
            self._ledger.follow(under_way, self._now)
        self._ticks += 1
        if self._ticks % _LOOK_BACK_TICKS == 0:
            self._background.do(lambda: self._look_back(impact))

    def _check(self, baseline: Baseline) -> None:
        if baseline.interval_ms != self._interval_ms:
            was, here = baseline.interval_ms / 1000, self._interval_ms / 1000
            raise InvalidInputError("baseline", f"it was sampled every {was:g} s, here it is every {here:g} s")

    def _mark(self, at: int, text: str, origin: Origin) -> Marker:
        self._numbers += 1
        marker = Marker(f"m{at}-{self._numbers}", at, text, origin)
        self._markers = (*self._markers[-MARKERS_KEPT + 1 :], marker)
        self._background.do(self.suggestions)
        if (spoilt := self._recorder.spoil(at)) is not None:
            self._problem = f"The baseline “{spoilt.name}” was not recorded: meanwhile, {text}."
        self._note()
        if self._impact is not None:
            self._end_comparison()
            self._impact = self._begin(self._impact.baseline, at, text)
            self._state = self._impact.state(at)
        return marker

    def _begin(self, baseline: Baseline, since: int, text: str, *, fading_since: int | None = None) -> Impact:
        impact = self._compare(baseline, since, text, fading_since)
        self._feed(impact)
        return impact

    def _compare(self, baseline: Baseline, since: int, text: str, fading_since: int | None) -> Impact:
        return Impact(
            baseline,
            since=since,
            text=text,
            warm_up=self._warm_up,
            interval_ms=self._interval_ms,
            fading_since=fading_since,
        )

    def _feed(self, impact: Impact, end: int | None = None) -> None:
        """Give it the samples of the window that it has not had, up to `end` (epoch ms) where that is given."""
        start, end = impact.last + 1, self._now if end is None else end
        latency = self._latency.seconds(start, end + 1).histograms()
        for part in self._window.parts(start, end):
            for timestamp, row in zip(part.timestamp.tolist(), part.values, strict=True):
                impact.add(timestamp, row, self._changes.started_at, latency.get(timestamp))

    def _end_comparison(self) -> None:
        """Write the comparison under way into the ledger."""
        if (row := self._row()) is not None:
            self._ledger.add(row)

    def _row(self) -> LedgerRow | None:
        """Return the comparison under way as a row, None where a proof began it: its own row says it all."""
        if self._state is None or not self._state.seconds:
            return None
        since = self._state.since
        proven = any(marker.origin is Origin.PROOF and marker.at == since for marker in self._markers)
        return None if proven else LedgerRow.of(self._state)

    def _note(self) -> None:
        """Have it kept what the next start goes on with."""
        active = self._resuming if self._impact is None else self._impact.baseline.id
        notes = ExperimentNotes(active, self._markers)
        self._keep(lambda: self._notes.write(notes))

    def _keep(self, work: Callable[[], object]) -> None:
        """Have it written, in the background."""

        def write() -> None:
            try:
                work()
            except StoreError as problem:
                log.warning("not kept", extra={"reason": str(problem)})
                # Why there is no baseline says more.
                if not self.state().problem:
                    self._say(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")

        self._background.do(write)

    def _say(self, problem: str) -> None:
        with self._lock:
            self._problem = problem

    def _look_back(self, impact: Impact) -> None:
        """Begin the figures anew where the effect has begun to fade; in the background."""
        start = max(impact.begin + 1, impact.last - _LOOK_BACK_MS)
        rows = Rows.joined(self._window.parts(start, impact.last))
        found = fading(impact.baseline, rows, self._interval_ms) if len(rows) else None
        if found is None:
            return
        log.info("effect fading", extra={"metric": found.metric, "change": impact.text})
        made = self._begin(impact.baseline, impact.since, impact.text, fading_since=found.at)
        before = self._until(impact, found.at)
        with self._lock:
            if self._impact is impact:
                self._feed(made)
                self._state = before
                self._end_comparison()
                self._impact = made
                self._state = made.state(self._now)

    def _until(self, impact: Impact, end: int) -> ImpactState:
        """Return what the comparison said before `end` (epoch ms), without what came after."""
        past = self._compare(impact.baseline, impact.since, impact.text, impact.fading_since)
        self._feed(past, end)
        # Twice: the overall verdict settles after those that it is made of.
        return [past.state(end) for _ in range(2 * SETTLING_TICKS)][-1]

    def _record(self, recording: Recording) -> None:
        """Freeze what was recorded, in the background."""
        try:
            self._freeze(recording)
        except MonitorError as problem:
            reason = problem.message if isinstance(problem, InvalidInputError) else str(problem)
            log.warning("baseline not recorded", extra={"reason": reason})
            self._say(f"The baseline “{recording.name}” was not recorded: {reason}.")

    def _freeze(self, recording: Recording) -> Baseline:
        with self._lock:
            identity, markers, started_at = self._identity(), self._markers, self._changes.started_at
        baseline = self._recorder.freeze(recording, identity, markers=markers, started_at=started_at)
        self._store.save(baseline)
        with self._lock:
            self._baselines[baseline.id] = baseline
            self._problem = ""
        log.info("baseline recorded", extra={"baseline": baseline.name, "seconds": baseline.seconds})
        if recording.replaces:
            self._drop_others(baseline)
        return self.activate(baseline.id)

    def _drop_others(self, newest: Baseline) -> None:
        """Delete what was recorded under this name by itself in earlier runs, but for what is pinned."""
        for old in self.state().baselines:
            if old.name == newest.name and old.id != newest.id and not old.pinned:
                self.delete(old.id)

    def _identity(self) -> str:
        with self._lock:
            self._numbers += 1
            return next(f"b{n}" for n in count(self._now + self._numbers) if f"b{n}" not in self._baselines)
