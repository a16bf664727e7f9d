"""Latency as a histogram: what a second contained, mergeable over any number of seconds.

Percentiles of several seconds come from merged histograms only: a mean of percentiles is not a percentile.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Edges = tuple[float, ...]
"""Seconds, ascending."""

BUCKETS: Final = 64
_LOWEST, _DECADES = 1e-4, 6
BOUNDS: Final[Floats] = _LOWEST * 10.0 ** (np.arange(BUCKETS) * _DECADES / (BUCKETS - 1))
"""Upper bounds in seconds, 0.1 ms to 100 s, equally spaced in the logarithm; slower ones overflow."""
BOUNDS.flags.writeable = False
EDGES: Final[Edges] = tuple(BOUNDS.tolist())
_UNBOUNDED: Final[Floats] = np.append(BOUNDS, np.inf)
_UNBOUNDED.flags.writeable = False

RELATIVE_WIDTH: Final = 10.0 ** (_DECADES / (BUCKETS - 1)) - 1.0
"""Width of a bucket over its lower bound: 0.245. No percentile of merged seconds is known better than this."""
SAME: Final = 1e-3
"""Bounds closer than this are one bound: layouts are written with few digits."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A percentile as an interpolated value with the bounds between which it lies, in seconds."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float | None:
        """Return the bucket's width over its lower bound; 1 where it begins at 0; None without an upper bound."""
        if not math.isfinite(self.high):
            return None
        return self.high / self.low - 1.0 if self.low > 0 else 1.0


def quantile(bounds: Floats, counts: Floats, q: float) -> Quantile | None:
    """Interpolate the q-quantile (0..1) of observations counted per bucket.

    bounds: (n,) ascending upper bounds in seconds, the last may be inf. counts: (n,) per bucket, not cumulative.
    Linear inside a bucket, from 0 in the first, as Prometheus' histogram_quantile does. None without observations,
    and where it falls into an unbounded bucket: nothing is known of how slow those were.
    """
    total = float(counts.sum())
    if total <= 0:
        return None
    cumulative = np.cumsum(counts)
    index = min(int(np.searchsorted(cumulative, q * total, side="left")), len(bounds) - 1)
    low = float(bounds[index - 1]) if index else 0.0
    high = float(bounds[index])
    if not np.isfinite(high):
        return None
    before = float(cumulative[index - 1]) if index else 0.0
    inside = float(counts[index])
    share = (q * total - before) / inside if inside > 0 else 1.0
    return Quantile(low + (high - low) * min(max(share, 0.0), 1.0), low, high)


def quantiles(counts: Floats, q: float) -> Floats:
    """Return the q-quantile (0..1) in seconds of each row, (n,), as `quantile` does, NaN for its None.

    counts: (n, 65) per bucket of BOUNDS, the last column what overflowed.
    """
    cumulative = np.cumsum(counts, axis=1)
    rank = q * cumulative[:, -1]
    index = np.minimum((cumulative < rank[:, None]).sum(axis=1), BUCKETS)
    rows = np.arange(len(counts))
    inside = counts[rows, index]
    before = cumulative[rows, index] - inside
    share = np.divide(rank - before, inside, out=np.ones(len(counts)), where=inside > 0)
    edges = np.concatenate(([0.0], BOUNDS, [np.nan]))
    found: Floats = edges[index] + (edges[index + 1] - edges[index]) * np.clip(share, 0.0, 1.0)
    return np.where(cumulative[:, -1] > 0, found, np.nan)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Observations of one span of time.

    `counts` is (64,) over BOUNDS, `total` the observations' sum in seconds, NaN where unknown. `overflow` is how
    many were slower than anything counted: beyond BOUNDS, or beyond the last bound of the layout in which they
    were counted first. `edges` are that layout's finite bounds: only there the cumulative count is exact.
    """

    counts: Floats
    total: float
    overflow: float = 0.0
    edges: Edges = EDGES

    @property
    def count(self) -> float:
        """Return how many observations there are."""
        return float(self.counts.sum()) + self.overflow

    @property
    def mean(self) -> float | None:
        """Return the mean in seconds, exact, or None where unknown or without observations."""
        count = self.count
        return self.total / count if count > 0 and math.isfinite(self.total) else None

    def quantile(self, q: float) -> Quantile | None:
        """Return the q-quantile (0..1) in seconds, None without observations and where it overflowed.

        Its bounds are those of the bucket here and of that of the first layout, whichever reach further.
        """
        found = quantile(_UNBOUNDED, np.append(self.counts, self.overflow), q)
        if found is None:
            return None
        place = bisect_right(self.edges, found.low * (1.0 + SAME))
        low = self.edges[place - 1] if place else 0.0
        high = self.edges[place] if place < len(self.edges) else math.inf
        return Quantile(found.value, min(low, found.low), max(high, found.high))

    @classmethod
    def merge(cls, histograms: Iterable[Self]) -> Self:
        """Add up histograms; of none the empty one. Exact are the edges that all of them share."""
        counts, total, overflow = np.zeros(BUCKETS), 0.0, 0.0
        edges: Edges | None = None
        for histogram in histograms:
            counts += histogram.counts
            total += histogram.total
            overflow += histogram.overflow
            if edges is None:
                edges = histogram.edges
            elif edges != histogram.edges:
                edges = tuple(sorted(set(edges).intersection(histogram.edges)))
        return cls(counts, total, overflow, EDGES if edges is None else edges)

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
        overflow = max(0.0, float(counts.sum()) - float(at_bounds[-1]))
        return cls(np.diff(at_bounds, prepend=0.0), total, overflow, tuple(bounds[finite].tolist()))

    def cut(self, reach: float) -> Self:
        """Return it with what lies in buckets from `reach` seconds on counted as overflow."""
        beyond = np.concatenate(([0.0], BOUNDS[:-1])) >= reach
        more = float(self.counts[beyond].sum())
        return type(self)(np.where(beyond, 0.0, self.counts), self.total, self.overflow + more, self.edges)
