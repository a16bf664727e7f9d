"""24 hours of a hub, as if it had been watched since yesterday."""

import numpy as np

from monitor.core.histogram import BUCKETS, RELATIVE_WIDTH, Histogram
from monitor.core.metric import COLUMNS, METRIC
from monitor.core.sample import Sample
from monitor.core.snapshot import Ticks
from monitor.engine.monitor import Monitor

ROWS = 86_400
_LAST_HOUR = 3600
_USUAL = {"%": 35.0, "ms": 30.0, "MB": 60.0, "MB/s": 150.0, "ops/s": 600.0}


def fill(monitor: Monitor, now: float) -> None:
    """Fill frame, latency log and feed with the 24 h before `now` (epoch seconds), no value missing.

    Each second of the last hour and each minute before it is taken as a sample is taken; the other rows are put
    into the frame directly, which is all that is left of a sample after an hour.
    """
    random = np.random.default_rng(1)
    swing = 1.0 + 0.3 * np.sin(np.arange(ROWS) / 600.0)
    values = usual() * swing[:, None] * random.uniform(0.9, 1.1, (ROWS, len(COLUMNS)))
    first = round(now * 1000) - ROWS * 1000
    monotonic = float(-ROWS)
    for row in range(ROWS):
        timestamp = first + row * 1000
        if row < ROWS - _LAST_HOUR and row % 60:
            monitor.window.append(0, timestamp, values[row])
            continue
        latency = Histogram(random.poisson(10.0, BUCKETS).astype(np.float64), 18.0)
        monitor.observe(_sample(timestamp, monotonic + row, values[row], latency), Ticks(row + 1, 0, 0))


def usual() -> np.ndarray:
    """Return an ordinary value of each metric, (len(COLUMNS),)."""
    return np.array([_USUAL.get(METRIC[metric].unit, 8.0) for metric in COLUMNS])


def _sample(timestamp: int, at: float, row: np.ndarray, latency: Histogram) -> Sample:
    return Sample(
        target="hub",
        timestamp=timestamp,
        at=at,
        lateness=0.0,
        values=dict(zip(COLUMNS, row.tolist(), strict=True)),
        answered=True,
        latency=latency,
        latency_width=RELATIVE_WIDTH,
    )
