"""Any length of time as consecutive spans: what each of them contained, mergeable into longer ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import BUCKETS, Floats
from monitor.core.latency_log import Past
from monitor.core.metric import COLUMN
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.core.window import Integers, Rows

WIDTHS: Final = (
    *(number * 1000 for number in (1, 2, 5, 10, 15, 30)),
    *(number * MINUTE_MS for number in (1, 2, 5, 10, 15, 30)),
    *(number * HOUR_MS for number in (1, 2, 3, 6, 12)),
)
"""Lengths of a span in ms, which a person can say; beyond them whole days."""
_JITTER: Final = 2
"""Intervals that the shortest span has: in a shorter one a sample that came a moment late would leave a gap."""


def width(length: int, most: int, *, least: int = 0, multiple: int = 1) -> int:
    """Return the shortest of WIDTHS that cuts `length` ms into `most` (>= 2) spans or fewer, ends included.

    It is `least` ms or longer, and a multiple of `multiple` ms.
    """
    wanted = max(least, -(-length // (most - 1)))
    for one in WIDTHS:
        if one >= wanted and one % multiple == 0:
            return one
    step = max(DAY_MS, multiple)
    return step * max(1, -(-wanted // step))


def cut(start: int, end: int, step: int) -> Integers:
    """Return (k + 1,) from `start` to `end` (epoch ms, start < end), between them the multiples of `step`."""
    inner = np.arange(start - start % step + step, end, step, dtype=np.int64)
    return np.concatenate(([start], inner, [end])).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Figures:
    """One metric over k spans, each (k,): its extremes and its mean, NaN = unknown, of `count` samples."""

    low: Floats
    high: Floats
    mean: Floats
    count: Floats

    @property
    def total(self) -> Floats:
        """Return the samples' sum (k,), 0 where there were none."""
        return np.where(self.count > 0, self.mean, 0.0) * self.count


@dataclass(frozen=True, slots=True)
class Spans:
    """k spans between `edges` (k + 1,), rising epoch ms; each begins at one and ends before the next.

    `figures` by metric; `histograms` (k, 65): the latency of all operations over BOUNDS, overflow last. Extremes,
    counts and histograms of several spans merge exactly, means by their counts. Some of the latency is known by
    the `latency_grain` (ms) only, then it is all in one of the spans within.
    """

    edges: Integers
    figures: Mapping[str, Figures]
    histograms: Floats
    latency_grain: int = 0

    def __len__(self) -> int:
        return len(self.edges) - 1

    @classmethod
    def of(cls, parts: Sequence[Rows], past: Past, edges: Integers, metrics: Sequence[str]) -> Self:
        """Return what samples and latency histograms say; of `parts` only what lies between the edges counts."""
        spans = len(edges) - 1
        timestamp = np.concatenate([np.empty(0, np.int64), *(part.timestamp for part in parts)])
        span = np.searchsorted(edges, timestamp, side="right") - 1
        inside = np.flatnonzero((span >= 0) & (span < spans))
        # The wall clock may have been set back.
        order = inside[np.argsort(span[inside], kind="stable")]
        figures = {}
        for metric in metrics:
            values = np.concatenate([np.empty(0), *(part.column(metric) for part in parts)])[order]
            known = ~np.isnan(values)
            figures[metric] = _figures(span[order][known], values[known], spans)
        return cls(edges, figures, past.counted(edges.astype(np.float64)), past.grain)

    @classmethod
    def rolled(cls, rollups: Rollups, width: int, until: int, edges: Integers, metrics: Sequence[str]) -> Self:
        """Return what roll-ups of `width` ms say; each belongs to the span that holds its middle.

        One that is under way at `until` (epoch ms) has its middle between the edges when it begins there.
        """
        spans = len(edges) - 1
        under_way = (rollups.start + width > until) & (rollups.start < edges[-1])
        middle = rollups.start + width // 2
        middle[under_way] = np.minimum(middle[under_way], edges[-1] - 1)
        span = np.searchsorted(edges, middle, side="right") - 1
        inside = np.flatnonzero((span >= 0) & (span < spans))
        begins = np.flatnonzero(np.diff(span[inside], prepend=-1))
        where = span[inside][begins]
        figures = {}
        for metric in metrics:
            column = COLUMN[metric]
            one = Figures(np.full(spans, np.nan), np.full(spans, np.nan), np.full(spans, np.nan), np.zeros(spans))
            if len(begins):
                count = rollups.count[inside, column].astype(np.float64)
                total = np.where(count > 0, rollups.mean[inside, column], 0.0) * count
                one.low[where] = np.fmin.reduceat(rollups.low[inside, column], begins)
                one.high[where] = np.fmax.reduceat(rollups.high[inside, column], begins)
                one.count[where] = np.add.reduceat(count, begins)
                one.mean[where] = _mean(np.add.reduceat(total, begins), one.count[where])
            figures[metric] = one
        histograms = np.zeros((spans, BUCKETS + 1))
        if len(begins):
            histograms[where] = np.add.reduceat(rollups.latency[inside], begins, axis=0)
        return cls(edges, figures, histograms, width)

    def plus(self, other: Self) -> Self:
        """Return both together: spans between the same edges, of other samples."""
        figures = {}
        for metric, one in self.figures.items():
            more = other.figures[metric]
            count = one.count + more.count
            total = one.total + more.total
            low, high = np.fmin(one.low, more.low), np.fmax(one.high, more.high)
            figures[metric] = Figures(low, high, np.clip(_mean(total, count), low, high), count)
        grain = max(self.latency_grain, other.latency_grain)
        return type(self)(self.edges, figures, self.histograms + other.histograms, grain)

    def coarser(self, edges: Integers) -> Self:
        """Return them merged into the spans between `edges`, which are some of theirs, both ends too."""
        begins = np.searchsorted(self.edges, edges[:-1])
        figures = {}
        for metric, one in self.figures.items():
            low, high = np.fmin.reduceat(one.low, begins), np.fmax.reduceat(one.high, begins)
            count = np.add.reduceat(one.count, begins)
            total = np.add.reduceat(one.total, begins)
            figures[metric] = Figures(low, high, np.clip(_mean(total, count), low, high), count)
        histograms = np.add.reduceat(self.histograms, begins, axis=0)
        return type(self)(edges, figures, histograms, self.latency_grain)

    def at_least(self, step: int) -> Self:
        """Return them merged into spans of `step` ms, a multiple of their own length."""
        return self.coarser(cut(int(self.edges[0]), int(self.edges[-1]), step))

    @staticmethod
    def shortest(interval_ms: int) -> int:
        """Return how long (ms) a span has to be, so that each has a sample where none is missing."""
        return _JITTER * interval_ms


def _mean(total: Floats, count: Floats) -> Floats:
    mean: Floats = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return mean


def _figures(span: Integers, values: Floats, spans: int) -> Figures:
    """Return the figures of known values (n,) sorted by their span (n,)."""
    low, high, mean = (np.full(spans, np.nan) for _ in range(3))
    count = np.bincount(span, minlength=spans).astype(np.float64)
    if len(values):
        begins = np.concatenate(([0], np.flatnonzero(np.diff(span)) + 1))
        where = span[begins]
        low[where] = np.minimum.reduceat(values, begins)
        high[where] = np.maximum.reduceat(values, begins)
        # Rounding may put the mean of equal values beside them.
        mean[where] = np.clip(np.add.reduceat(values, begins) / count[where], low[where], high[where])
    return Figures(low, high, mean, count)
