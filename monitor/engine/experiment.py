"""Baselines, markers and the comparison with the active baseline since the last change."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from monitor.core.baseline import Baseline, freeze
from monitor.core.errors import InvalidInputError, UnknownError
from monitor.core.experiment import ExperimentState, Opening, Recording
from monitor.core.fading import fading
from monitor.core.histogram import Floats
from monitor.core.impact import Impact, ImpactState
from monitor.core.ledger import LedgerRow
from monitor.core.marker import Marker, Origin
from monitor.core.sample import Sample
from monitor.core.verdict import DECIDED, SETTLING_TICKS
from monitor.core.window import Rows, Window
from monitor.engine.background import Background
from monitor.engine.ports import BaselineStore, Journal

log = logging.getLogger(__name__)

HISTORY_MS: Final = 6 * 3_600_000
MARKERS_KEPT: Final = 200
LEDGER_KEPT: Final = 500
_LOOK_BACK_TICKS: Final = 30
_RESTART_SECONDS: Final = 1.0


class Experiment:
    """Sees each sample after it is in the window; records, activates and marks when told to.

    What takes long (freezing a baseline, files) is done in the background, outside of the lock.
    """

    def __init__(
        self,
        target: str,
        window: Window,
        interval_ms: int,
        *,
        warm_up: int,
        store: BaselineStore,
        journal: Journal,
        fingerprint: Mapping[str, str],
        opening: Opening | None = None,
    ) -> None:
        """Compare `target`'s samples; `warm_up` seconds after a change do not count."""
        self._target = target
        self._window = window
        self._interval_ms = interval_ms
        self._warm_up = warm_up
        self._store = store
        self._journal = journal
        self._fingerprint = fingerprint
        self._opening = opening
        self._background = Background("baselines")
        # Guards all that follows. Taken within the Monitor's lock by the sampler, and alone by everybody else.
        self._lock = threading.RLock()
        self._baselines: dict[str, Baseline] = {}
        self._markers: tuple[Marker, ...] = ()
        self._ledger: dict[str, LedgerRow] = {}
        self._impact: Impact | None = None
        self._state: ImpactState | None = None
        self._settled: LedgerRow | None = None
        self._recording: Recording | None = None
        self._problem = ""
        self._started_at: float | None = None
        self._switches: Mapping[str, bool] = {}
        self._now = 0
        self._numbers = self._ticks = 0

    def start(self) -> None:
        """Read what was kept, and go on comparing with the newest baseline of this target."""
        kept = [baseline for baseline in self._store.load() if baseline.target == self._target]
        rows = self._journal.read()
        with self._lock:
            self._baselines = {baseline.id: baseline for baseline in kept} | self._baselines
            for row in rows[-LEDGER_KEPT:]:
                self._ledger[row.id] = row
        self._background.start()
        if kept and self._opening is None:
            self.activate(kept[-1].id)

    def close(self) -> None:
        """Keep the comparison under way, and end; idempotent."""
        with self._lock:
            self._end_comparison()
        self._background.close()

    def observe(self, sample: Sample, row: Floats) -> ExperimentState:
        """Take a sample and return what is known after it."""
        with self._lock:
            self._now = sample.timestamp
            self._notice(sample)
            if self._impact is not None:
                self._impact.add(sample.timestamp, row, sample.started_at)
                self._state = self._impact.state(sample.timestamp)
                self._ticks += 1
                if self._ticks % _LOOK_BACK_TICKS == 0:
                    impact = self._impact
                    self._background.do(lambda: self._look_back(impact))
            recording = self._recording
            if recording is not None and sample.timestamp >= recording.end:
                self._recording = None
                self._background.do(lambda: self._record(recording))
            return self.state()

    def state(self) -> ExperimentState:
        """Return what is known now."""
        with self._lock:
            return ExperimentState(
                baselines=tuple(self._baselines.values()),
                markers=self._markers,
                impact=self._state,
                settled=self._settled,
                recording=self._recording,
                ledger=tuple(self._ledger.values()),
                problem=self._problem,
            )

    def record_last(self, seconds: int, name: str, note: str) -> Baseline:
        """Record the last `seconds` as a baseline and compare with it; raises InvalidInputError in words."""
        with self._lock:
            end = self._now
        return self._freeze(Recording(name, note, end - 1000 * seconds, end))

    def record_next(self, seconds: int, name: str, note: str, *, wait: int = 0) -> Recording:
        """Record the next `seconds`, beginning `wait` seconds from now."""
        with self._lock:
            if self._recording is not None:
                raise InvalidInputError("seconds", "a baseline is being recorded already")
            start = self._now + 1000 * wait
            self._recording = Recording(name, note, start, start + 1000 * seconds)
            self._problem = ""
            return self._recording

    def add(self, baseline: Baseline) -> Baseline:
        """Keep a baseline from elsewhere under an id of its own; it is not compared with until it is activated."""
        made = replace(baseline, id=self._identity(), pinned=False)
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

    def activate(self, identity: str) -> Baseline:
        """Compare with this baseline what came after the last change after it."""
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
                self._end_comparison()
                self._impact = impact
                self._state = impact.state(self._now)
                return baseline

    def mark(self, text: str) -> Marker:
        """Note a change that was made now."""
        with self._lock:
            return self._mark(self._now, text, Origin.PERSON)

    def _notice(self, sample: Sample) -> None:
        """Mark by itself what the target says of its changes."""
        started = sample.started_at
        if started is not None:
            if self._started_at is not None and abs(started - self._started_at) > _RESTART_SECONDS:
                self._mark(sample.timestamp, "target restarted", Origin.RESTART)
            self._started_at = started
            self._open(started)
        if sample.switches:
            flipped = [
                f"{name} {'on' if enabled else 'off'}"
                for name, enabled in sample.switches.items()
                if self._switches.get(name, enabled) != enabled
            ]
            if flipped:
                self._mark(sample.timestamp, ", ".join(flipped), Origin.SWITCH)
            self._switches = sample.switches

    def _open(self, started: float) -> None:
        """Plan the recording that comes by itself, once, of a process that is young enough."""
        opening, self._opening = self._opening, None
        if opening is None or self._recording is not None:
            return
        born = round(1000 * started)
        if self._now < born + 1000 * opening.start:
            start, end = born + 1000 * opening.start, born + 1000 * opening.end
            self._recording = Recording(opening.name, opening.note, start, end, replaces=True)

    def _mark(self, at: int, text: str, origin: Origin) -> Marker:
        self._numbers += 1
        marker = Marker(f"m{at}-{self._numbers}", at, text, origin)
        self._markers = (*self._markers[-MARKERS_KEPT + 1 :], marker)
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
        for part in self._window.parts(impact.last + 1, self._now if end is None else end):
            for timestamp, row in zip(part.timestamp.tolist(), part.values, strict=True):
                impact.add(timestamp, row, self._started_at)

    def _end_comparison(self) -> None:
        """Write the comparison under way into the ledger."""
        state = self._state
        if state is None or not state.seconds:
            return
        row = LedgerRow.of(state)
        self._ledger[row.id] = row
        if row.verdict in DECIDED:
            self._settled = row
        self._background.do(lambda: self._journal.append(row))

    def _look_back(self, impact: Impact) -> None:
        """Begin the figures anew where the effect has begun to fade; in the background."""
        rows = Rows.joined(self._window.parts(impact.begin + 1, impact.last))
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
        except InvalidInputError as problem:
            log.warning("baseline not recorded", extra={"reason": problem.message})
            with self._lock:
                self._problem = f"The baseline “{recording.name}” was not recorded: {problem.message}."

    def _freeze(self, recording: Recording) -> Baseline:
        rows = Rows.joined(self._window.parts(recording.start + 1, recording.end))
        if not len(rows):
            raise InvalidInputError("seconds", "nothing was measured in that time")
        baseline = freeze(
            identity=self._identity(),
            name=recording.name,
            note=recording.note,
            target=self._target,
            rows=rows,
            history=self._quiet(recording.start),
            interval_ms=self._interval_ms,
            started_at=self._started_at,
            fingerprint=self._fingerprint,
        )
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

    def _quiet(self, end: int) -> list[Rows]:
        """Return up to six hours before `end` (epoch ms), cut at the markers and without their warm-up."""
        with self._lock:
            cuts = [marker.at for marker in self._markers if end - HISTORY_MS < marker.at < end]
        starts = [end - HISTORY_MS, *(cut + 1000 * self._warm_up for cut in cuts)]
        return [
            Rows.joined(self._window.parts(start, stop - 1))
            for start, stop in zip(starts, [*cuts, end], strict=True)
            if start < stop
        ]

    def _identity(self) -> str:
        with self._lock:
            self._numbers += 1
            number = self._now + self._numbers
            while f"b{number}" in self._baselines:
                number += 1
            return f"b{number}"
