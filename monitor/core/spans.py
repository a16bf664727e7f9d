"""Any length of time as consecutive spans: what each of them contained, mergeable into longer ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import Floats
from monitor.core.latency_log import Past
from monitor.core.window import Integers, Rows

_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
WIDTHS: Final = (
    *(number * _SECOND for number in (1, 2, 5, 10, 15, 30)),
    *(number * _MINUTE for number in (1, 2, 5, 10, 15, 30)),
    *(number * _HOUR for number in (1, 2, 3, 6, 12)),
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
    step = max(_DAY, multiple)
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


@dataclass(frozen=True, slots=True)
class Spans:
    """k spans between `edges` (k + 1,), rising epoch ms; each begins at one and ends before the next.

    `figures` by metric; `histograms` (k, 65): the latency of all operations over BOUNDS, overflow last. Extremes,
    counts and histograms of several spans merge exactly, means by their counts.
    """

    edges: Integers
    figures: Mapping[str, Figures]
    histograms: Floats

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
        return cls(edges, figures, past.merged(edges.astype(np.float64)))

    def coarser(self, edges: Integers) -> Self:
        """Return them merged into the spans between `edges`, which are some of theirs, both ends too."""
        begins = np.searchsorted(self.edges, edges[:-1])
        figures = {}
        for metric, one in self.figures.items():
            low, high = np.fmin.reduceat(one.low, begins), np.fmax.reduceat(one.high, begins)
            count = np.add.reduceat(one.count, begins)
            total = np.add.reduceat(np.where(one.count > 0, one.mean, 0.0) * one.count, begins)
            mean = np.divide(total, count, out=np.full(len(begins), np.nan), where=count > 0)
            figures[metric] = Figures(low, high, np.clip(mean, low, high), count)
        return type(self)(edges, figures, np.add.reduceat(self.histograms, begins, axis=0))

    def at_least(self, step: int) -> Self:
        """Return them merged into spans of `step` ms, a multiple of their own length."""
        return self.coarser(cut(int(self.edges[0]), int(self.edges[-1]), step))

    @staticmethod
    def shortest(interval_ms: int) -> int:
        """Return how long (ms) a span has to be, so that each has a sample where none is missing."""
        return _JITTER * interval_ms


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
