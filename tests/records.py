"""Records for tests, each second another."""

from zlib import crc32

import numpy as np

from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.record import Record

BEGIN = 1_700_000_040_000
"""The beginning of a minute, epoch ms."""


def record(second: int, *, value: float | None = None, latency: bool = True, begin: int = BEGIN) -> Record:
    """Make the record of a second after `begin`; about every third metric was not measured.

    What a metric is depends on its name alone, so that files of older versions stay comparable.
    """
    names = np.array([crc32(metric.encode()) for metric in COLUMNS], np.float64)
    values = np.round(20.0 + names % 997 / 10.0 + names * (second + 1) % 1009 / 100.0, 3)
    values[names % 3 == 0] = np.nan
    random = np.random.default_rng(second)
    if value is not None:
        values[COLUMN["latency_ms"]] = value
    counts = np.zeros(BUCKETS)
    counts[random.integers(10, 40, 6)] = random.integers(1, 90, 6)
    return Record(
        timestamp=begin + 1000 * second,
        values=values,
        answered=(True, False, None)[second % 3],
        latency=Histogram(counts, float(counts.sum()) * 0.01, 2.0) if latency else None,
        started_at=None if second % 5 == 0 else 1_699_999_000.25,
        switches={"message_batching": second % 90 > 45},
    )


def records(seconds: int, first: int = 0) -> list[Record]:
    """Make the records of so many seconds from `first` on."""
    return [record(first + second) for second in range(seconds)]
