"""A data directory of someone who has watched for a month."""

import time
from pathlib import Path

import numpy as np

from benchmarks.day import ROWS, usual
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMNS
from monitor.core.record import Record
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention

DAYS = 30
TARGET = "hub"
RETENTION = Retention(DAY_MS, DAYS * DAY_MS, 730 * DAY_MS)


def keep(folder: Path, now: int) -> None:
    """Write every second of the day before `now` (epoch ms) as the program does, and the roll-ups of 30 days."""
    random = np.random.default_rng(1)
    store = HistoryFile(folder, TARGET, RETENTION)
    store.open()
    first = now - ROWS * 1000
    begin = first - first % HOUR_MS - DAYS * DAY_MS
    connection = store._opened()  # noqa: SLF001 - a month, second by second, would take an hour
    with store._transaction(connection):  # noqa: SLF001
        for hour in range(begin, first - HOUR_MS, HOUR_MS):
            minutes = _hour(random, hour)
            for width, span in ((MINUTE_MS, HOUR_MS), (HOUR_MS, DAY_MS)):
                store._roll(connection, minutes, width, hour - hour % span)  # noqa: SLF001
    for minute in range(0, ROWS, 60):
        store.write([_record(random, first + 1000 * (minute + second)) for second in range(60)], [])
    store.close()


def _hour(random: np.random.Generator, start: int) -> Rollups:
    mean = usual() * random.uniform(0.9, 1.1, (60, len(COLUMNS)))
    return Rollups(
        start + np.arange(60) * MINUTE_MS,
        0.8 * mean,
        1.3 * mean,
        mean,
        np.full(mean.shape, 60),
        random.poisson(100.0, (60, BUCKETS + 1)) * (np.arange(BUCKETS + 1) % 4 == 0),
        np.full(60, 18.0),
    )


def _record(random: np.random.Generator, timestamp: int) -> Record:
    counts = np.zeros(BUCKETS)
    counts[random.integers(10, 40, 12)] = random.integers(1, 90, 12)
    return Record(
        timestamp,
        usual() * random.uniform(0.9, 1.1, len(COLUMNS)),
        answered=True,
        latency=Histogram(counts, 18.0),
        started_at=1.7e9,
        switches={"message_batching": True},
    )


def seconds(began: float) -> float:
    """Return the seconds since `began`, of the monotonic clock."""
    return time.monotonic() - began
