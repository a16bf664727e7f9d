"""A service under load as a queue sees it, second by second."""

from dataclasses import dataclass

import numpy as np

from benchmarks.stats.worlds import autoregression
from monitor.core.baseline import Baseline, freeze
from monitor.core.histogram import Floats
from monitor.core.impact import Impact, ImpactState
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.verdict import DECIDED, Verdict
from monitor.core.window import Rows

START_MS = 1_700_000_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """Latency 20 ms / (1 - load / 2000), CPU 15 % + load / 20, memory 50 MB + load / 25; load wanders by 10 %."""

    load: float = 1000.0
    slower: float = 1.0
    errors: float = 0.0

    def rows(self, random: np.random.Generator, seconds: int, start: int, *, offered: bool = True) -> Rows:
        """Return its samples from epoch ms `start` on."""
        load = self.load * np.exp(0.1 * autoregression(0.98)(random, 1, seconds)[0])
        load = np.minimum(load, 1800.0)
        values = np.full((seconds, len(COLUMNS)), np.nan)

        def put(metric: str, made: Floats, noise: float) -> None:
            values[:, COLUMN[metric]] = made * (1.0 + noise * autoregression(0.5)(random, 1, seconds)[0])

        put("throughput_ops_sec", load, 0.0)
        if offered:
            put("offered_ops_sec", load, 0.0)
        put("latency_ms", self.slower * 20.0 / (1.0 - load / 2000.0), 0.05)
        put("cpu_utilization", 15.0 + load / 20.0, 0.03)
        put("memory_mb", 50.0 + load / 25.0, 0.01)
        failed = random.poisson(self.errors * load)
        values[:, COLUMN["error_rate"]] = 100.0 * failed / load
        timestamps = start + 1000 * np.arange(seconds, dtype=np.int64)
        return Rows(np.arange(1, seconds + 1), timestamps, values)


def baseline(rows: Rows, seconds: int) -> Baseline:
    """Freeze the newest `seconds` rows, the older ones being quiet history."""
    older = rows[: len(rows) - seconds]
    return freeze(
        identity="b1",
        name="before",
        note="",
        target="hub",
        rows=rows.tail(seconds),
        history=[older] if len(older) else [],
        interval_ms=1000,
        started_at=None,
        fingerprint={},
    )


def watch(before: Baseline, rows: Rows) -> tuple[ImpactState, dict[str, set[Verdict]]]:
    """Return the state after the rows, and the verdicts that each metric was ever given on the way."""
    impact = Impact(before, since=before.end, text="", warm_up=0, interval_ms=1000)
    told: dict[str, set[Verdict]] = {metric: set() for metric in before.metrics}
    state = impact.state(before.end)
    for timestamp, row in zip(rows.timestamp.tolist(), rows.values, strict=True):
        impact.add(timestamp, row, None)
        state = impact.state(timestamp)
        for one in state.metrics:
            told[one.metric].add(one.verdict)
    return state, {metric: verdicts & (DECIDED | {Verdict.NOT_COMPARABLE}) for metric, verdicts in told.items()}
