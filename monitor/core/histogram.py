"""Latency as a histogram: what a second contained, mergeable over any number of seconds.

Percentiles of several seconds come from merged histograms only: a mean of percentiles is not a percentile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BUCKETS: Final = 64
_LOWEST, _DECADES = 1e-4, 6
BOUNDS: Final[Floats] = _LOWEST * 10.0 ** (np.arange(BUCKETS) * _DECADES / (BUCKETS - 1))
"""Upper bounds in seconds, 0.1 ms to 100 s, equally spaced in the logarithm; slower ones count in the last."""
BOUNDS.flags.writeable = False

RELATIVE_WIDTH: Final = 10.0 ** (_DECADES / (BUCKETS - 1)) - 1.0
"""Width of a bucket over its lower bound: 0.245. No percentile is known better than this."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A percentile as an interpolated value with the bucket it fell in, in seconds."""

    value: float
    low: float
    high: float


def quantile(bounds: Floats, counts: Floats, q: float) -> Quantile | None:
    """Interpolate the q-quantile (0..1) of observations counted per bucket.

    bounds: (n,) ascending upper bounds in seconds, the last may be inf. counts: (n,) per bucket, not cumulative.
    Linear inside a bucket, from 0 in the first, as Prometheus' histogram_quantile does; in an unbounded last
    bucket the answer is its lower bound. None without observations.
    """
    total = float(counts.sum())
    if total <= 0:
        return None
    cumulative = np.cumsum(counts)
    index = min(int(np.searchsorted(cumulative, q * total, side="left")), len(bounds) - 1)
    low = float(bounds[index - 1]) if index else 0.0
    high = float(bounds[index])
    if not np.isfinite(high):
        return Quantile(low, low, high)
    before = float(cumulative[index - 1]) if index else 0.0
    inside = float(counts[index])
    share = (q * total - before) / inside if inside > 0 else 1.0
    return Quantile(low + (high - low) * min(max(share, 0.0), 1.0), low, high)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Observations of one span of time. `counts` is (64,) over BOUNDS, `total` their sum in seconds."""

    counts: Floats
    total: float

    @property
    def count(self) -> float:
        """Return how many observations there are."""
        return float(self.counts.sum())

    @property
    def mean(self) -> float | None:
        """Return the mean in seconds, exact, or None without observations."""
        count = self.count
        return self.total / count if count > 0 else None

    def quantile(self, q: float) -> Quantile | None:
        """Return the q-quantile (0..1) in seconds, None without observations."""
        return quantile(BOUNDS, self.counts, q)

    @classmethod
    def merge(cls, histograms: Iterable[Self]) -> Self:
        """Add up histograms; of none the empty one."""
        counts, total = np.zeros(BUCKETS), 0.0
        for histogram in histograms:
            counts += histogram.counts
            total += histogram.total
        return cls(counts, total)

    @classmethod
    def rebin(cls, bounds: Floats, counts: Floats, total: float) -> Self:
        """Spread another layout's buckets over ours, evenly inside each of them.

        bounds: (n,) ascending upper bounds in seconds, the last may be inf; counts: (n,) per bucket.
        The count is kept exactly; the shape is no finer than the coarser of both layouts.
        """
        finite = np.isfinite(bounds)
        edges = np.concatenate(([0.0], bounds[finite]))
        cumulative = np.concatenate(([0.0], np.cumsum(counts[finite])))
        at_bounds = np.interp(BOUNDS, edges, cumulative)
        mine = np.diff(at_bounds, prepend=0.0)
        mine[-1] += float(counts.sum()) - float(at_bounds[-1])
        return cls(mine, total)
