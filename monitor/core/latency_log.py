"""Latency histograms over time: each second for one hour, each minute for a day."""

from typing import Final

import numpy as np

from monitor.core.histogram import BUCKETS, Floats, Histogram

SECONDS_KEPT: Final = 3600
MINUTES_KEPT: Final = 24 * 60
_MINUTE_MS: Final = 60_000


class _Ring:
    """The newest `size` histograms with the moment (epoch ms) that each belongs to."""

    def __init__(self, size: int) -> None:
        self.at = np.full(size, np.iinfo(np.int64).min, np.int64)
        self.counts = np.zeros((size, BUCKETS), np.float32)
        self.totals = np.zeros(size)
        self._next = 0

    def append(self, at: int, histogram: Histogram) -> None:
        self.at[self._next] = at
        self.counts[self._next] = histogram.counts
        self.totals[self._next] = histogram.total
        self._next = (self._next + 1) % len(self.at)

    def merged(self, start: int, end: int) -> Histogram:
        chosen = (self.at >= start) & (self.at < end)
        counts: Floats = self.counts[chosen].sum(axis=0, dtype=np.float64)
        return Histogram(counts, float(self.totals[chosen].sum()))


class LatencyLog:
    """Histograms of the past, merged over any span. Used by its owner's thread alone."""

    def __init__(self) -> None:
        self._seconds = _Ring(SECONDS_KEPT)
        self._minutes = _Ring(MINUTES_KEPT)
        self._minute: int | None = None
        self._open: list[Histogram] = []

    def append(self, timestamp: int, histogram: Histogram) -> None:
        """Add the histogram of the sample at `timestamp` (epoch ms)."""
        self._seconds.append(timestamp, histogram)
        minute = timestamp - timestamp % _MINUTE_MS
        if self._minute is not None and minute != self._minute:
            self._minutes.append(self._minute, Histogram.merge(self._open))
            self._open = []
        self._minute = minute
        self._open.append(histogram)

    def seconds(self, start: int, end: int) -> Histogram:
        """Merge the single seconds with start <= timestamp < end (epoch ms), one hour back at the most."""
        return self._seconds.merged(start, end)

    def minutes(self, start: int, end: int) -> Histogram:
        """Merge the whole minutes that begin in start <= minute < end (epoch ms), a day back at the most."""
        merged = self._minutes.merged(start, end)
        if self._minute is not None and start <= self._minute < end:
            return Histogram.merge([merged, *self._open])
        return merged
