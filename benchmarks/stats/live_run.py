"""One A/A run over HTTP: the sample hub, steady, in fast time, and every headline that it was ever given."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.monitor import build_monitor
from benchmarks.server import ROOT
from benchmarks.stats.fast_clock import FastClock
from monitor.core.baseline import COMPARED
from monitor.core.impact import ImpactState
from monitor.core.sample import Reading, Sample
from monitor.core.snapshot import Ticks
from monitor.core.tail import TAIL
from monitor.core.verdict import Gain, Verdict
from monitor.core.window import Rows
from monitor.engine.monitor import Monitor
from monitor.engine.sampler import Sampler
from monitor.net.address import Address, parse_address
from monitor.sources.preset import load_preset
from monitor.sources.process import HostSource
from monitor.sources.prometheus import PrometheusSource

HEADLINES: Final = (*COMPARED, TAIL, "errors", "overall")
WRONG: Final = (Verdict.BETTER, Verdict.WORSE)
_TARGET: Final = "sample-hub"
_END_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Fast seconds of history, baseline and watching, each with a sample; `factor` of them in a real one."""

    history: int = 600
    baseline: int = 300
    watched: int = 600
    factor: float = 8.0

    @property
    def seconds(self) -> int:
        """Return how many fast seconds it takes."""
        return self.history + self.baseline + self.watched


@dataclass(frozen=True, slots=True)
class Headline:
    """What a headline said: each verdict with the second of its first telling, the last one, and its interval."""

    told: Mapping[Verdict, int]
    last: Verdict
    gain: Gain | None

    @property
    def wrong(self) -> bool:
        """Tell whether it ever called a change what was none."""
        return any(verdict in self.told for verdict in WRONG)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run: the headlines, how the schedule was kept, and all that was sampled."""

    headlines: Mapping[str, Headline]
    ticks: Ticks
    baseline_seconds: int
    watched_seconds: int
    rows: Rows

    @property
    def wrong(self) -> list[str]:
        """Return the headlines that ever called a change what was none."""
        return [name for name, headline in self.headlines.items() if headline.wrong]


class _FastSource(PrometheusSource):
    """The target's source, to which the time between two scrapes is in fast seconds."""

    def __init__(self, address: Address, factor: float) -> None:
        super().__init__(address, load_preset("hub", {}), 1.0)
        self._factor = factor

    def take(self, body: bytes, at: float) -> Reading:
        return super().take(body, self._factor * at)


class _Watcher:
    """Has the Monitor observe each sample, asks for the baseline in time, and notes what the headlines say."""

    def __init__(self, monitor: Monitor, plan: Plan, change: Callable[[], None]) -> None:
        self._monitor = monitor
        self._plan = plan
        self._change = change
        self._told: dict[str, dict[Verdict, int]] = {name: {} for name in HEADLINES}
        self._made = 0
        self.state: ImpactState | None = None
        self.watched = 0
        self.ticks = Ticks(0, 0, 0)
        self.done = threading.Event()

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        """Take one sample."""
        if self.done.is_set():
            return
        self._monitor.observe(sample, ticks)
        self._made += 1
        self.ticks = ticks
        if self._made == self._plan.history:
            self._monitor.experiment.record_next(self._plan.baseline, "A", "")
        snapshot = self._monitor.snapshot
        assert snapshot is not None
        before, self.state = self.state, snapshot.experiment.impact
        if self.state is None:
            return
        if before is None:
            self._change()
        self.watched = round((sample.timestamp - self.state.baseline.end) / 1000)
        for name, (verdict, _) in _headlines(self.state).items():
            self._told[name].setdefault(verdict, self.watched)
        if self.watched >= self._plan.watched:
            self.done.set()

    def headlines(self) -> dict[str, Headline]:
        """Return what they said."""
        assert self.state is not None
        return {
            name: Headline(self._told[name], verdict, gain)
            for name, (verdict, gain) in _headlines(self.state).items()
        }


def run(plan: Plan, seed: int, change: Callable[[str], None] = lambda _url: None) -> Report:
    """Make one run; raises TimeoutError when it takes much longer than it should, RuntimeError without a baseline.

    `change` is called with the address of the hub's metrics as the watching begins: a run of which it is known
    that something has changed shows that the headlines can say so.
    """
    clock = FastClock.begin(plan.factor)
    with tempfile.TemporaryDirectory() as folder, _hub(clock, seed) as url:
        monitor = build_monitor(_TARGET, Path(folder), clock, 2 * plan.seconds)
        watcher = _Watcher(monitor, plan, lambda: change(url))
        sources = [_FastSource(parse_address("target", url), plan.factor), HostSource()]
        sampler = Sampler(_TARGET, sources, watcher, clock, 1.0 / plan.factor)
        monitor.experiment.start()
        try:
            sampler.start()
            finished = watcher.done.wait(1.5 * plan.seconds / plan.factor + _PATIENCE_SECONDS)
        finally:
            sampler.close()
            monitor.experiment.close()
            monitor.feed.close()
    if watcher.state is None:
        raise RuntimeError(f"no baseline: {monitor.experiment.state().problem or 'not enough samples'}")
    if not finished:
        raise TimeoutError(f"only {watcher.watched} of {plan.watched} s were watched")
    return Report(
        watcher.headlines(), watcher.ticks, watcher.state.baseline.seconds, watcher.watched,
        monitor.window.last(2 * plan.seconds),
    )  # fmt: skip


def _headlines(state: ImpactState) -> dict[str, tuple[Verdict, Gain | None]]:
    """Return verdict and interval of each headline; of the errors the interval is in percentage points."""
    metrics = (*state.metrics, *(() if state.tail is None else (state.tail,)))
    said = {one.metric: (one.verdict, one.gain) for one in metrics}
    silent = (Verdict.NOT_COMPARABLE, None)
    errors = state.errors
    points = (Verdict.COLLECTING, None) if errors is None else (
        errors.verdict, Gain(errors.points, errors.low, errors.high),
    )  # fmt: skip
    others = {"errors": points, "overall": (state.overall.verdict, state.overall.gain)}
    return {name: others[name] if name in others else said.get(name, silent) for name in HEADLINES}


@contextmanager
def _hub(clock: FastClock, seed: int) -> Iterator[str]:
    """Run the hub and yield the address of its metrics; it ends with the block, or with this process."""
    reading, writing = os.pipe()
    numbers = (clock.factor, clock.origin, clock.epoch, seed, reading)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stats.fast_hub", *map(repr, numbers)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=(reading,),
    )
    os.close(reading)
    try:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["url"])
    finally:
        os.close(writing)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_END_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
