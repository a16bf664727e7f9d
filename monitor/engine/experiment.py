"""Baselines and markers: which of them there are, and from which change on what is compared."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Final

import numpy as np

from monitor.core.baseline import Baseline
from monitor.core.errors import InvalidInputError, MonitorError, StoreError, UnknownError
from monitor.core.experiment import ExperimentNotes, ExperimentState, Recording
from monitor.core.histogram import Floats
from monitor.core.impact import Impact
from monitor.core.ledger import LedgerRow
from monitor.core.marker import Marker, Origin
from monitor.core.record import Records
from monitor.core.rollup import MINUTE_MS
from monitor.core.sample import Sample
from monitor.core.suggestion import Suggestion
from monitor.core.target_changes import TargetChanges
from monitor.engine.background import Background
from monitor.engine.baseline_recorder import BaselineRecorder
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.ledger import Ledger
from monitor.engine.live_impact import LiveImpact
from monitor.engine.ports import BaselineStore, Entries, NoteStore
from monitor.engine.suggestions import Suggestions

log = logging.getLogger(__name__)

MARKERS_KEPT: Final = 200
_SEARCH_MS: Final = 5 * MINUTE_MS
_CLOCK_STEP_MS: Final = 10_000


class Experiment:
    """Sees each sample just before it is in the window; records, activates and marks when told to.

    What takes long (freezing a baseline, files) is done in the background, outside of the lock.
    """

    def __init__(
        self, setup: ExperimentSetup, *, store: BaselineStore, entries: Entries, notes: NoteStore
    ) -> None:
        """Keep baselines in `store`, the ledger among `entries`, markers and what is active in `notes`."""
        self._setup = setup
        self._store = store
        self._notes = notes
        self._background = Background("baselines")
        # Guards all that follows but the suggestions, which have a lock of their own. Taken within the Monitor's
        # lock by the sampler, and alone by everybody else.
        self._lock = threading.RLock()
        self._baselines: dict[str, Baseline] = {}
        self._markers: tuple[Marker, ...] = ()
        self._changes = TargetChanges()
        self._ledger = Ledger(entries)
        self._live = LiveImpact(setup, self._changes, self._ledger)
        self._recorder = BaselineRecorder(setup)
        self._suggestions = Suggestions(setup.window, setup.interval_ms)
        self._resuming: str | None = None
        self._problem = ""
        self._proving = ""
        self._now = self._numbers = 0

    def resume(self, records: Records) -> None:
        """Know what was measured and said before this run; before `start`, oldest first."""
        with self._lock:
            self._now = int(records.timestamp[-1])
            known = records.started_at[~np.isnan(records.started_at)]
            switches = next((said for said in reversed(records.switches) if said), None)
            self._changes.resume(float(known[-1]) if len(known) else None, switches)

    def start(self) -> None:
        """Read what was kept, and go on comparing with the baseline that was active."""
        kept = [baseline for baseline in self._store.load() if baseline.target == self._setup.target]
        notes = self._notes.read()
        self._ledger.read()
        with self._lock:
            self._baselines = {baseline.id: baseline for baseline in kept} | self._baselines
            self._markers = notes.markers[-MARKERS_KEPT:]
        self._background.start()
        active = notes.active if notes.active in self._baselines else kept[-1].id if kept else None
        if active is not None and not self._recorder.opens:
            if len(self._setup.window):
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
            self._live.keep()
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
            if (baseline := self._live.baseline) is not None:
                self._compare(baseline, sample, row)
            return self.state()

    def state(self) -> ExperimentState:
        """Return what is known now."""
        with self._lock:
            return ExperimentState(
                baselines=tuple(self._baselines.values()),
                markers=self._markers,
                impact=self._live.state,
                settled=self._ledger.settled,
                recording=self._recorder.recording,
                ledger=self._ledger.rows,
                problem=self._problem,
                fingerprint=self._setup.fingerprint,
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
        made = replace(baseline, id=self._identity(), target=self._setup.target, pinned=False)
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
            self._live.change(made)
        return made

    def delete(self, identity: str) -> None:
        """Forget a baseline. One that is pinned is kept; with the active one the comparison ends."""
        with self._lock:
            if self.get(identity).pinned:
                raise InvalidInputError("pinned", "a pinned baseline is not deleted: take the pin out first")
        self._store.delete(identity)
        with self._lock:
            self._baselines.pop(identity, None)
            if (active := self._live.baseline) is not None and active.id == identity:
                self._live.end()
                self._note()

    def activate(self, identity: str) -> Baseline:
        """Compare with this baseline what came after the last change after it."""
        self._check(self.get(identity))
        while True:
            with self._lock:
                baseline, markers = self.get(identity), self._markers
            after = [marker for marker in markers if marker.at >= baseline.end]
            since, text = (after[-1].at, after[-1].text) if after else (baseline.end, "")
            impact = self._live.prepare(baseline, since, text, self._now)
            with self._lock:
                if self._markers is not markers:
                    continue  # something changed meanwhile
                self._live.begin(impact, self._now, proven=self._proven(since))
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
            active = self._live.baseline
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

    def _compare(self, baseline: Baseline, sample: Sample, row: Floats) -> None:
        """Take a sample into the comparison with `baseline`, and have an effect looked after that may fade."""
        if not self._live.take(sample, row):
            self._problem = f"The comparison with “{baseline.name}” was given up: it cannot be computed."
        elif (impact := self._live.due) is not None:
            self._background.do(lambda: self._look_back(impact))

    def _check(self, baseline: Baseline) -> None:
        if baseline.interval_ms != self._setup.interval_ms:
            was, here = baseline.interval_ms / 1000, self._setup.interval_ms / 1000
            raise InvalidInputError("baseline", f"it was sampled every {was:g} s, here it is every {here:g} s")

    def _mark(self, at: int, text: str, origin: Origin) -> Marker:
        self._numbers += 1
        marker = Marker(f"m{at}-{self._numbers}", at, text, origin)
        self._markers = (*self._markers[-MARKERS_KEPT + 1 :], marker)
        self._background.do(self.suggestions)
        if (spoilt := self._recorder.spoil(at)) is not None:
            self._problem = f"The baseline “{spoilt.name}” was not recorded: meanwhile, {text}."
        self._note()
        if (active := self._live.baseline) is not None:
            self._live.begin(self._live.prepare(active, at, text, at), at, proven=self._proven(at))
        return marker

    def _proven(self, since: int) -> bool:
        """Tell whether the change at `since` (epoch ms) is one that a proof made."""
        return any(marker.origin is Origin.PROOF and marker.at == since for marker in self._markers)

    def _note(self) -> None:
        """Have it kept what the next start goes on with."""
        active = self._live.baseline
        notes = ExperimentNotes(self._resuming if active is None else active.id, self._markers)
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
        if (faded := self._live.faded(impact, self._now)) is not None:
            with self._lock:
                self._live.begin_anew(faded, self._now)

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
