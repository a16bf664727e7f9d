"""An experiment to try things on."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from fakes import BaselineShelf, Notebook, Slip
from monitor.core.experiment import ExperimentState
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.sample import Sample
from monitor.core.window import Window
from monitor.engine.experiment import Experiment
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.latency_history import LatencyHistory

START = 1_700_000_000_000


class ExperimentBench:
    """An experiment fed by hand, a second at a time."""

    def __init__(self, **options: Any) -> None:
        self.window = Window(86_400)
        self.latency = LatencyHistory(24 * 60)
        self.store, self.entries, self.notes = BaselineShelf(), Notebook(), Slip()
        kept = {"store": self.store, "entries": self.entries, "notes": self.notes}
        kept |= {name: options.pop(name) for name in kept.keys() & options}
        options = {"warm_up": 5, "interval_ms": 1000} | options
        self.experiment = Experiment(ExperimentSetup("hub", self.window, self.latency, **options), **kept)
        self.experiment.start()
        self.second = 0
        self.random = np.random.default_rng(1)
        self.state = ExperimentState()

    def run(
        self,
        seconds: int,
        level: float = 1.0,
        switches: dict[str, bool] | None = None,
        born: float = 0.0,
        *,
        proving: str = "",
        slow: float | None = None,
    ) -> ExperimentState:
        """Let seconds pass: throughput 200 * level, latency 100 / level, `slow` the share of slow operations."""
        for _ in range(seconds):
            self.second += 1
            at = START + 1000 * self.second
            noise = 1.0 + 0.03 * self.random.normal(size=4)
            values = {
                "offered_ops_sec": 600.0 + 10 * self.random.normal(),
                "throughput_ops_sec": 200.0 * level * noise[0],
                "latency_ms": 100.0 / level * noise[1],
                "cpu_utilization": 20.0 * noise[2],
                "memory_mb": 40.0 * noise[3],
                "error_rate": 0.0,
            }
            row = np.full(len(COLUMNS), np.nan)
            for metric, value in values.items():
                row[COLUMN[metric]] = value
            latency = None
            if slow is not None:
                counts = np.zeros(BUCKETS)
                counts[[40, 50]] = 200 - (above := self.random.binomial(200, slow)), above
                latency = Histogram(counts, 20.0)
                self.latency.append(at, latency)
            sample = Sample(
                target="hub", timestamp=at, at=float(self.second), lateness=0.0, values=values, latency=latency,
                latency_width=None, answered=True, errors={}, started_at=START / 1000 + born,
                switches=switches or {}, switchable=frozenset(),
            )  # fmt: skip
            self.state = self.experiment.observe(sample, row, proving=proving)
            self.window.append(self.second, at, row)
        return self.state

    def until(self, seen: Callable[[], object]) -> None:
        """Give the background the time it needs."""
        end = time.monotonic() + 10
        while not seen():
            assert time.monotonic() < end
            threading.Event().wait(0.005)

    def close(self) -> None:
        """End it."""
        self.experiment.close()
