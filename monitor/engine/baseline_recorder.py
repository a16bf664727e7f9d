"""Records baselines: of the seconds that have passed, of those to come, and by itself of a young target."""

import math
from collections.abc import Sequence
from typing import Final

from monitor.core.baseline import Baseline, freeze
from monitor.core.errors import InvalidInputError
from monitor.core.experiment import Recording
from monitor.core.marker import Marker
from monitor.core.quiet import HISTORY_MS, quiet
from monitor.core.reference import LEAST_SECONDS
from monitor.core.window import Rows
from monitor.engine.experiment_setup import ExperimentSetup

_FIELD: Final = "seconds"


class BaselineRecorder:
    """Has one recording at the most under way. Under its owner's lock, but for `freeze`, which is slow."""

    def __init__(self, setup: ExperimentSetup) -> None:
        """Record nothing yet, but what comes by itself."""
        self._setup = setup
        self._opening = setup.opening
        self.recording: Recording | None = None
        """What is under way."""

    @property
    def opens(self) -> bool:
        """Tell whether a recording may still come by itself."""
        return self._opening is not None

    def last(self, seconds: int, name: str, note: str, *, now: int, markers: Sequence[Marker]) -> Recording:
        """Return the last `seconds` as a recording, those since the last change; raises InvalidInputError."""
        start = now - 1000 * seconds
        last = markers[-1] if markers else None
        if last is not None and start < last.at + 1000 * self._setup.warm_up:
            start = last.at + 1000 * self._setup.warm_up
            if (missing := start + LEAST_SECONDS * self._setup.interval_ms - now) > 0:
                wait = f"wait {math.ceil(missing / 1000)} s, or record the next {seconds} s"
                raise InvalidInputError(_FIELD, f"“{last.text}” is too fresh: {wait}")
        return Recording(name, note, start, now)

    def begin(self, seconds: int, name: str, note: str, *, now: int) -> Recording:
        """Begin to record the next `seconds`; raises InvalidInputError."""
        if self.recording is not None:
            raise InvalidInputError(_FIELD, "a baseline is being recorded already")
        self.recording = Recording(name, note, now, now + 1000 * seconds)
        return self.recording

    def open(self, started_at: float, now: int) -> None:
        """Plan the recording that comes by itself, once, of a process (epoch seconds) that is young enough."""
        opening, self._opening = self._opening, None
        if opening is None or self.recording is not None:
            return
        start, end = (round(1000 * (started_at + second)) for second in (opening.start, opening.end))
        if now < start:
            self.recording = Recording(opening.name, opening.note, start, end, replaces=True)

    def spoil(self, at: int) -> Recording | None:
        """End a recording that a change at `at` (epoch ms) is in the middle of, and return it."""
        spoilt = self.recording
        if spoilt is None or spoilt.start >= at:
            return None
        self.recording = None
        if spoilt.replaces:
            self._opening = self._setup.opening
        return spoilt

    def due(self, now: int) -> Recording | None:
        """Take away and return the recording of which all seconds have passed."""
        if self.recording is None or now < self.recording.end:
            return None
        done, self.recording = self.recording, None
        return done

    def freeze(
        self, recording: Recording, identity: str, *, markers: Sequence[Marker], started_at: float | None
    ) -> Baseline:
        """Return what was recorded as a baseline; raises InvalidInputError in words."""
        # What changed as it ended is no part of it.
        end = min([marker.at - 1 for marker in markers if marker.at > recording.start] + [recording.end])
        rows = Rows.joined(self._setup.window.parts(recording.start + 1, end))
        if not len(rows):
            raise InvalidInputError(_FIELD, "nothing was measured in that time")
        history = quiet(self._setup.window, recording.start, markers, self._setup.warm_up)
        return freeze(
            identity=identity, name=recording.name, note=recording.note, target=self._setup.target, rows=rows,
            history=history, latency=self._setup.latency.seconds(recording.start - HISTORY_MS, recording.end + 1),
            interval_ms=self._setup.interval_ms, started_at=started_at, fingerprint=self._setup.fingerprint,
        )  # fmt: skip
