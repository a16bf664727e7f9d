"""The schedule: each interval one sample, joined from what the sources saw in time."""

import logging
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from monitor.core.histogram import Histogram
from monitor.core.sample import Reading, Sample
from monitor.core.snapshot import Ticks
from monitor.engine.poller import Answer, Poller
from monitor.engine.ports import Clock, Source

log = logging.getLogger(__name__)

DEADLINE_SECONDS: Final = 0.9
"""How long after a tick's start an answer still counts for it; above any source's own deadline."""
LATE_SHARE: Final = 0.1
"""A tick that starts later than this share of the interval after its schedule is counted late."""
_JOIN_SECONDS: Final = 1.0


class Observer(Protocol):
    """Takes each sample; the Monitor does."""

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        """Take one sample and the state of the schedule."""
        ...


@dataclass(slots=True)
class _Silence:
    """A source that has been asked and has not answered yet."""

    tick: int
    since: float


class Sampler:
    """Paces the pollers on the monotonic clock. Ticks that could not be made are counted, never made up."""

    def __init__(
        self, target: str, sources: Sequence[Source], observer: Observer, clock: Clock, interval: float
    ) -> None:
        """Sample every `interval` seconds (>= 1). A metric that several sources own is the last one's."""
        self._target = target
        self._observer = observer
        self._clock = clock
        self._interval = interval
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._pollers = [Poller(source, self._answers) for source in sources]
        self._owners = {metric: source.name for source in sources for metric in source.metrics}
        self._silent: dict[str, _Silence] = {}
        self._tick = 0
        self._failing = False
        self._ticks = Ticks(0, 0, 0)
        self._stop = threading.Event()
        # Runs the schedule. A daemon, so that a host program that forgets close() can end.
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Start the sources' threads and the schedule."""
        for poller in self._pollers:
            poller.start()
        self._thread.start()

    def close(self) -> None:
        """Stop the schedule, then the sources; idempotent."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(DEADLINE_SECONDS + _JOIN_SECONDS)
        for poller in self._pollers:
            poller.close(0.0 if poller.source.name in self._silent else _JOIN_SECONDS)

    def _run(self) -> None:
        scheduled = self._clock.monotonic()
        while not self._stop.wait(max(0.0, scheduled - self._clock.monotonic())):
            missed = 0 if self._sampled(scheduled) else 1
            scheduled += self._interval
            behind = self._clock.monotonic() - scheduled
            if behind >= self._interval:
                skipped = math.floor(behind / self._interval)
                scheduled += skipped * self._interval
                missed += skipped
            if missed:
                self._ticks = replace(self._ticks, missed=self._ticks.missed + missed)

    def _sampled(self, scheduled: float) -> bool:
        """Make a sample; a failure is logged when it begins and when it is over, not each second."""
        try:
            self.sample(scheduled)
        except Exception:
            if not self._failing:
                log.exception("tick failed")
            self._failing = True
            return False
        if self._failing:
            log.info("ticks succeed again")
        self._failing = False
        return True

    def sample(self, scheduled: float) -> None:
        """Make the sample that was due at `scheduled` (monotonic seconds) and hand it on.

        None is made after one that a source called final.
        """
        started = self._clock.monotonic()
        lateness = max(0.0, started - scheduled)
        self._tick += 1
        self._forgive()
        for poller in self._pollers:
            name = poller.source.name
            if name not in self._silent:
                self._silent[name] = _Silence(self._tick, started)
                poller.ask(self._tick)
        readings = self._collect(started + DEADLINE_SECONDS)
        late = lateness > LATE_SHARE * self._interval
        ticks = replace(self._ticks, done=self._ticks.done + 1, late=self._ticks.late + late)
        sample = self._join(readings, lateness)
        if sample.final:
            self._stop.set()
        self._observer.observe(sample, ticks)
        self._ticks = ticks

    def _forgive(self) -> None:
        """End the silence of sources that answered after their tick; what they said is too old to use."""
        while not self._answers.empty():
            del self._silent[self._answers.get_nowait().source]

    def _collect(self, deadline: float) -> dict[str, Reading]:
        """Wait for the sources that were asked in this tick; an older tick's answer only ends that silence."""
        readings: dict[str, Reading] = {}
        while any(silence.tick == self._tick for silence in self._silent.values()):
            left = deadline - self._clock.monotonic()
            try:
                answer = self._answers.get(timeout=left) if left > 0 else self._answers.get_nowait()
            except Empty:
                break
            del self._silent[answer.source]
            if answer.tick == self._tick:
                readings[answer.source] = answer.reading
        return readings

    def _join(self, readings: dict[str, Reading], lateness: float) -> Sample:
        values: dict[str, float] = {"tick_lateness_ms": lateness * 1000.0}
        errors: dict[str, str] = {}
        switches: dict[str, bool] = {}
        switchable: frozenset[str] = frozenset()
        latency: Histogram | None = None
        width: float | None = None
        one_core = False
        started_at: float | None = None
        answered: bool | None = None
        remark = ""
        now = self._clock.monotonic()
        for poller in self._pollers:
            source = poller.source
            reading = readings.get(source.name)
            if reading is None:
                silence = self._silent.get(source.name)
                reason = "answered too late" if silence is None else f"no answer for {now - silence.since:.0f} s"
                reading = Reading(error=reason)
            if reading.error is not None:
                errors[source.name] = reading.error
            if source.watches_target:
                answered = (answered is not False) and reading.error is None
                started_at = reading.started_at if started_at is None else started_at
            remark = remark or reading.remark
            # A metric has one definition: what its owner did not see is a gap, whatever others say of it.
            said = {
                metric: value
                for metric, value in reading.values.items()
                if self._owners.get(metric, source.name) == source.name
            }
            values.update(said)
            if "cpu_utilization" in said:
                one_core = reading.cpu_of_one_core
            switches.update(reading.switches)
            switchable |= reading.switchable
            if reading.latency is not None:
                latency, width = reading.latency, reading.latency_width
        return Sample(
            target=self._target,
            timestamp=round(self._clock.wall() * 1000),
            at=now,
            lateness=lateness,
            values=values,
            latency=latency,
            latency_width=width,
            answered=answered,
            errors=errors,
            started_at=started_at,
            switches=switches,
            switchable=switchable,
            cpu_of_one_core=one_core,
            remark=remark,
            final=any(reading.final for reading in readings.values()),
        )
