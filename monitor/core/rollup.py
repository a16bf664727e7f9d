"""What is kept of many samples: smallest, largest, mean and count of each metric, and the merged latencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.histogram import BUCKETS, Floats
from monitor.core.metric import COLUMNS
from monitor.core.record import Records
from monitor.core.window import Integers, Rows

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Rollups:
    """Spans of one width, ascending: `start` (n,) epoch ms.

    `low`, `high`, `mean` (n, len(COLUMNS)) of the samples in which a metric was measured, NaN where there were
    none; `count` how many there were. `latency` (n, 65) is the merged histogram, what overflowed last, `total`
    (n,) its seconds.
    """

    start: Integers
    low: Floats
    high: Floats
    mean: Floats
    count: Integers
    latency: Floats
    total: Floats

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def none(cls) -> "Rollups":
        """Return no spans."""
        empty = np.empty((0, len(COLUMNS)))
        return cls(
            np.empty(0, np.int64), empty, empty, empty, empty.astype(np.int64),
            np.empty((0, BUCKETS + 1)), np.empty(0),
        )  # fmt: skip

    @classmethod
    def of(cls, records: Records, width: int) -> "Rollups":
        """Roll samples up into spans of `width` ms."""
        values = records.values
        single = cls(
            records.timestamp, values, values, values, (~np.isnan(values)).astype(np.int64),
            records.latency.astype(np.float64), records.total,
        )  # fmt: skip
        return cls.combined([single], width)

    @classmethod
    def combined(cls, parts: "Sequence[Rollups]", width: int) -> "Rollups":
        """Merge spans into those of `width` ms (a multiple of their own) that they lie in, in any order."""
        start = np.concatenate([part.start for part in parts]) if parts else np.empty(0, np.int64)
        if not len(start):
            return cls.none()
        start -= start % width
        order = np.argsort(start, kind="stable")
        start = start[order]
        begins = np.concatenate(([0], np.flatnonzero(np.diff(start)) + 1))

        def column(name: str) -> Floats:
            joined: Floats = np.concatenate([getattr(part, name) for part in parts])[order]
            return joined

        count = column("count")
        counts = np.add.reduceat(count, begins, axis=0)
        weighted = np.where(count > 0, column("mean") * count, 0.0)
        mean = np.divide(
            np.add.reduceat(weighted, begins, axis=0),
            counts,
            out=np.full(counts.shape, np.nan),
            where=counts > 0,
        )
        low = np.fmin.reduceat(column("low"), begins, axis=0)
        high = np.fmax.reduceat(column("high"), begins, axis=0)
        return cls(
            start[begins],
            low,
            high,
            np.clip(mean, low, high),
            counts.astype(np.int64),
            np.add.reduceat(column("latency"), begins, axis=0),
            np.add.reduceat(column("total"), begins),
        )

    @classmethod
    def joined(cls, parts: "Sequence[Rollups]") -> "Rollups":
        """Return the spans of all parts, which follow each other."""
        if not parts:
            return cls.none()
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def extremes(self, width: int) -> Rows:
        """Return two rows per span of `width` ms: the smallest values a quarter into it, the largest in the third.

        A chart of them reaches as far as one of the samples.
        """
        n = len(self)
        timestamp = np.stack([self.start + width // 4, self.start + 3 * width // 4], axis=1).reshape(-1)
        values = np.stack([self.low, self.high], axis=1).reshape(2 * n, len(COLUMNS))
        return Rows(np.zeros(2 * n, np.int64), timestamp, values)

    def between(self, start: int, end: int) -> "Rollups":
        """Return the spans that begin in start <= .. < end (epoch ms)."""
        chosen = (self.start >= start) & (self.start < end)
        return self if chosen.all() else Rollups(
            self.start[chosen], self.low[chosen], self.high[chosen], self.mean[chosen], self.count[chosen],
            self.latency[chosen], self.total[chosen],
        )  # fmt: skip
