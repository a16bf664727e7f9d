"""The tail of the latency as a share: of the operations, how many were slower than a bound that stands still."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import BOUNDS, BUCKETS, EDGES, SAME, Edges, Floats, Histogram
from monitor.core.latency_log import Seconds
from monitor.core.load_model import LoadRange
from monitor.core.metric_baseline import MetricBaseline
from monitor.core.window import Integers, Rows

TAIL: Final = "tail_latency"
TITLE: Final = "Tail latency"
LEAST_SLOW: Final = 20
"""Operations slower than the bound, below which their share says nothing."""
LARGEST_BOUND: Final = 1e6
_QUANTILE: Final = 0.95
_LARGEST_SHARE: Final = 0.5
"""What more than half of the operations are is no tail."""


@dataclass(frozen=True, slots=True)
class Tail:
    """`share` is that of the operations slower than `bound` (seconds), in percent.

    The bound is the one nearest to the baseline's 95th percentile of those beyond which operations are counted
    exactly.
    """

    bound: float
    share: MetricBaseline

    @classmethod
    def freeze(
        cls,
        parts: Sequence[Rows],
        latency: Seconds | None,
        loads: Sequence[Floats],
        span: LoadRange | None,
        interval_ms: int,
    ) -> Self | str:
        """Freeze the tail of the baseline (the first of `parts`) and its history; words where that cannot be done.

        latency: the samples' histograms, as far as they are known; loads: of each part, at its ticks; span: the
        loads at which seconds are compared.
        """
        if latency is None or not len(latency.at):
            return f"{TITLE}: the target tells no latency histogram"
        own = latency.counts[np.isin(latency.at, parts[0].timestamp)].sum(axis=0, dtype=np.float64)
        found = _nearest(own, latency.edges)
        if isinstance(found, str):
            return found
        shares = _percent(latency.counts, found, latency.edges)
        values = [_at_ticks(part, latency.at, shares).regular(interval_ms)[:, 0] for part in parts]
        share = MetricBaseline.freeze(TITLE, values, loads, span)
        return share if isinstance(share, str) else cls(found, share)

    def percent(self, histogram: Histogram) -> float:
        """Return the share of its operations that were slower than the bound; NaN where that is not known."""
        factors, count = beyond(self.bound, histogram.edges), histogram.count
        if factors is None or not count > 0:
            return math.nan
        slow = float(histogram.counts @ factors[:BUCKETS]) + histogram.overflow * float(factors[BUCKETS])
        return 100.0 * min(max(slow, 0.0), count) / count


@lru_cache(maxsize=32)
def beyond(bound: float, edges: Edges) -> Floats | None:
    """Return (65,) by what to multiply counts over BOUNDS, overflow last, to count what is slower than `bound`.

    None where that is not known exactly. The counts were spread evenly over our buckets from those of the layout
    with `edges`: they are exact at its edges, if a bucket of ours lies wholly on one side of such an edge. Where
    it is as fine as ours, our own bounds are as good.
    """
    factors = np.zeros(BUCKETS + 1)
    place = next((at for at, edge in enumerate(edges) if math.isclose(edge, bound, rel_tol=SAME)), None)
    ours = int(np.searchsorted(BOUNDS, bound * (1.0 - SAME)))
    if ours < BUCKETS and math.isclose(BOUNDS[ours], bound, rel_tol=SAME):
        if place is None and not _fine(ours, edges):
            return None
        factors[ours + 1 :] = 1.0
    elif place is None:
        return None
    elif place == len(edges) - 1:
        factors[BUCKETS] = 1.0
    else:
        # The bound is inside of bucket number `ours`; its neighbour says how dense they are on that side.
        ends = (0.0, *EDGES, math.inf)
        low, high = (edges[place - 1] if place else 0.0), edges[place + 1]
        if ours + 2 < len(ends) and ends[ours + 2] <= high * (1.0 + SAME):
            factors[ours + 1 :] = 1.0
            factors[ours + 1] += (ends[ours + 1] - bound) / (ends[ours + 2] - ends[ours + 1])
        elif ours and ends[ours - 1] >= low * (1.0 - SAME):
            factors[ours:] = 1.0
            factors[ours - 1] -= (bound - ends[ours]) / (ends[ours] - ends[ours - 1])
        else:
            return None
    factors.flags.writeable = False
    return factors


def _fine(ours: int, edges: Edges) -> bool:
    """Tell whether our bound number `ours` is in a bucket of theirs that is no wider than ours."""
    after = int(np.searchsorted(edges, EDGES[ours]))
    low, high = edges[after - 1] if after else 0.0, edges[after] if after < len(edges) else math.inf
    return high - low <= EDGES[ours] - (EDGES[ours - 1] if ours else 0.0)


def _nearest(counts: Floats, edges: Edges) -> float | str:
    """Return the bound (seconds) nearest to the 95th percentile of the counts (65,); words where there is none."""
    whole = Histogram(counts[:BUCKETS], math.nan, float(counts[BUCKETS]), edges)
    if not whole.count:
        return f"{TITLE}: the target told no latency histogram"
    percentile = whole.quantile(_QUANTILE)
    if percentile is None:
        return f"{TITLE}: p95 is beyond the last bucket of the target's histogram"
    if (1.0 - _QUANTILE) * whole.count < LEAST_SLOW:
        slow = f"about {(1.0 - _QUANTILE) * whole.count:.0f} operations were slower than p95"
        return f"{TITLE}: {slow}; {LEAST_SLOW} are needed"
    known = [
        (bound, float(counts @ factors))
        for bound in (*edges, *EDGES)
        if bound > 0 and (factors := beyond(bound, edges)) is not None
    ]
    usable = [bound for bound, slow in known if LEAST_SLOW <= slow <= _LARGEST_SHARE * whole.count]
    if not usable:
        return f"{TITLE}: the target's histogram is too coarse near p95"
    # Of two that are one, the target's own.
    return min(usable, key=lambda bound: abs(math.log(bound / percentile.value)))


def _percent(counts: Floats | NDArray[np.float32], bound: float, edges: Edges) -> Floats:
    """Return the share beyond the bound of each row of counts (n, 65), percent; NaN where it is not known."""
    factors = beyond(bound, edges)
    if factors is None:
        return np.full(len(counts), np.nan)
    total = counts.sum(axis=1, dtype=np.float64)
    slow = np.clip(counts @ factors, 0.0, total)
    shares: Floats = np.divide(100.0 * slow, total, out=np.full(len(counts), np.nan), where=total > 0)
    return shares


def _at_ticks(part: Rows, at: Integers, shares: Floats) -> Rows:
    """Return the shares of the moments `at` as rows beside those of the part."""
    values = np.full(len(part), np.nan)
    _, rows, places = np.intersect1d(part.timestamp, at, return_indices=True)
    values[rows] = shares[places]
    return replace(part, values=values[:, None])
