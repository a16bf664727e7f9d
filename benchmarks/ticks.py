"""`.venv/bin/python -m benchmarks.ticks SECONDS`: the CPU time of whole ticks, and of their parts.

A process of its own, with the real sample hub beside it, the real sources, the real schedule and a full frame.
Nothing else runs in it, so a tick's cost is the growth of the process' CPU time from one tick's end to the next.
"""

import json
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.day import ROWS, fill
from benchmarks.monitor import build_monitor
from monitor.config import Settings
from monitor.core.sample import Reading, Sample
from monitor.core.snapshot import Snapshot, Ticks
from monitor.engine.clock import SystemClock
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Source
from monitor.engine.sampler import Sampler
from monitor.net.address import parse_address
from monitor.sources.prometheus import PrometheusSource
from monitor.sources.sample_hub import SampleHub
from monitor.sources.switchboard import HttpSwitchboard
from monitor.sources.watch import Watch
from monitor.ui.page import Page
from monitor.web.stream.frames import Frames

_WARM_UP = 5
_LEAN, _DEFAULT = 0, 60
PARSE = "of it parsing"


class Parts:
    """CPU ms per part and tick, by the clock of the thread that does the part."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)

    def timed(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return `work`, timed as `part`."""

        def run(*arguments: object) -> object:
            began = time.thread_time()
            try:
                return work(*arguments)
            finally:
                self.times[part].append((time.thread_time() - began) * 1000.0)

        return run


class Timed:
    """A source whose readings are timed."""

    def __init__(self, source: Source, parts: Parts) -> None:
        self.name, self.watches_target, self.metrics = source.name, source.watches_target, source.metrics
        self._source = source
        self._read = parts.timed(f"source {source.name}", source.read)

    def read(self) -> Reading:
        """Read and time."""
        reading: Reading = self._read()
        return reading

    def close(self) -> None:
        """Close the source."""
        self._source.close()


class Renderer:
    """The end of a tick: observes it and makes all that is sent, as the first reader of each kind would."""

    def __init__(self, monitor: Monitor, parts: Parts, ticks: int) -> None:
        page = Page(target="hub", settings={})
        frames = Frames(monitor, page.patch)
        self._monitor = monitor
        self._observe = parts.timed("observe", monitor.observe)
        self._default = parts.timed("frame, 60 points", lambda now: frames.metrics(now, _DEFAULT))
        self._lean = parts.timed("frame, no history", lambda now: frames.metrics(now, _LEAN))
        self._patch = parts.timed("page patch", frames.page)
        self._before: Snapshot | None = None
        self._used = 0.0
        self._left = ticks + _WARM_UP
        self.totals: list[float] = []
        self.sizes: dict[str, int] = {}
        self.done = threading.Event()

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        """Take a sample to its end."""
        self._observe(sample, ticks)
        now = self._monitor.snapshot
        assert now is not None
        self.sizes = {
            "frame, 60 points": len(self._default(now)),
            "frame, no history": len(self._lean(now)),
            "page patch": len(self._patch(self._before, now)),
        }
        self._before = now
        used = time.process_time()
        self.totals.append((used - self._used) * 1000.0)
        self._used = used
        self._left -= 1
        if self._left == 0:
            self.done.set()


def main(seconds: float, kept: Path) -> None:
    """Measure and print JSON; `kept` is an empty folder."""
    ticks = max(5, round(seconds))
    hub = SampleHub("steady")
    address = parse_address("target", hub.start())
    parts = Parts()
    clock = SystemClock()
    monitor = build_monitor("hub", kept, clock, ROWS)
    writer, experiment = monitor.writer, monitor.experiment
    writer.open()
    experiment.start()
    fill(monitor, time.time())
    writer.start()
    experiment.record_last(300, "before", "")
    watch = Watch.of(Settings(target=address.url, scenario="steady"))
    sources = [*watch.sources(address, 1.0), HttpSwitchboard(address)]
    for source in sources:
        if isinstance(source, PrometheusSource):
            # An instance's own attribute, so that the reading can be told from the asking.
            source.take = parts.timed(PARSE, source.take)  # type: ignore[method-assign]
    renderer = Renderer(monitor, parts, ticks)
    sampler = Sampler("hub", [Timed(source, parts) for source in sources], renderer, clock, 1.0)
    try:
        sampler.start()
        if not renderer.done.wait(2.0 * ticks + 30.0):
            raise TimeoutError("the ticks did not come")
        series = _series(address.url)
    finally:
        sampler.close()
        experiment.close()
        writer.close()
        hub.close()
    print(
        json.dumps(
            {
                "totals": renderer.totals[_WARM_UP:],
                "parts": {part: times[_WARM_UP:] for part, times in parts.times.items()},
                "sizes": renderer.sizes,
                "series": series,
            }
        )
    )


def _series(url: str) -> int:
    """Return how many series the target exposes."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        return sum(1 for line in answer.read().splitlines() if line and not line.startswith(b"#"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(float(sys.argv[1]), Path(folder))
