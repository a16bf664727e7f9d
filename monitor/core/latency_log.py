"""Latency histograms over time: each sample's, 3600 of them, and each minute's for as long as samples are kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import BUCKETS, EDGES, Edges, Floats, Histogram
from monitor.core.rollup import MINUTE_MS
from monitor.core.window import Integers

SAMPLES_KEPT: Final = 3600
_UNKNOWN: Final = -1
"""The layout of histograms that were kept: they are whole, but where they are exact was not."""
_ROUNDING: Final = 1e-5
"""Of a minute's counts, which are kept in single precision."""
_NEVER: Final = np.iinfo(np.int64).min


class _Ring:
    """The newest `size` histograms with the moment (epoch ms) of each; overflow is the last column."""

    def __init__(self, size: int) -> None:
        self.at = np.full(size, _NEVER, np.int64)
        self.counts = np.zeros((size, BUCKETS + 1), np.float32)
        self.totals = np.zeros(size)
        self.layouts = np.zeros(size, np.int64)
        self._next = 0

    @property
    def reach(self) -> int:
        """Return the moment from which on everything is here, the smallest number while nothing has been lost."""
        return int(self.at[self._next])

    def append(self, at: int, counts: Floats, total: float, layout: int) -> None:
        self.layouts[self._next] = layout
        self.at[self._next] = at
        self.counts[self._next] = counts
        self.totals[self._next] = total
        self._next = (self._next + 1) % len(self.at)

    def extend(self, at: Integers, counts: NDArray[np.float32], totals: Floats) -> None:
        size = len(self.at)
        at, counts, totals = at[-size:], counts[-size:], totals[-size:]
        places = (self._next + np.arange(len(at))) % size
        self.at[places], self.counts[places], self.totals[places] = at, counts, totals
        self.layouts[places] = _UNKNOWN
        self._next = (self._next + len(at)) % size

    def between(self, start: int, end: int) -> Integers:
        """Return the places of what lies in start <= at < end (epoch ms)."""
        return np.flatnonzero((self.at >= start) & (self.at < end) & (self.at != _NEVER))


@dataclass(frozen=True, slots=True)
class Seconds:
    """A copy of single samples: `at` (n,) epoch ms, `counts` (n, 65) over BOUNDS, overflow last.

    All of them were counted first in the one layout with `edges`.
    """

    at: Integers
    counts: NDArray[np.float32]
    edges: Edges

    def histograms(self) -> dict[int, Histogram]:
        """Return each sample's histogram by its moment, without its total."""
        counts = self.counts.astype(np.float64)
        return {
            at: Histogram(row[:BUCKETS], math.nan, float(row[BUCKETS]), self.edges)
            for at, row in zip(self.at.tolist(), counts, strict=True)
        }


@dataclass(frozen=True, slots=True)
class Past:
    """A copy of what is known of some span of time: single samples, and before them whole minutes or hours.

    `at` (n,) epoch ms, a minute's being its beginning; `counts` (n, 65) over BOUNDS, overflow last; `width` (n,)
    ms, 0 of a sample.
    """

    at: Integers
    counts: NDArray[np.float32]
    width: Integers

    @classmethod
    def of(cls, at: Integers, counts: NDArray[Any], width: int) -> "Past":
        """Return the past of pieces of one width."""
        return cls(at, counts.astype(np.float32, copy=False), np.full(len(at), width))

    @classmethod
    def joined(cls, parts: "Sequence[Past]") -> "Past":
        """Return the past of all parts, of which there is one at the least."""
        return cls(
            np.concatenate([part.at for part in parts]),
            np.concatenate([part.counts for part in parts]),
            np.concatenate([part.width for part in parts]),
        )

    def where(self, chosen: NDArray[np.bool_]) -> "Past":
        """Return the pieces at which a mask (n,) is true."""
        return Past(self.at[chosen], self.counts[chosen], self.width[chosen])

    @property
    def grain(self) -> int:
        """Return the ms of the widest piece, 0 where all are samples."""
        return int(self.width.max(initial=0))

    def merged(self, edges: Floats) -> Floats:
        """Return (k, 65): the histograms of k spans of time between `edges` (k + 1,), ascending epoch ms.

        For pictures: a minute belongs to the span that holds its middle, and a span too short to hold one's has
        the minute in which its own middle lies, as nothing finer is known. So with hours.
        """
        merged, pieces = self._sums(edges)
        if self.width.any():
            self._fill(merged, edges, pieces == 0)
        return merged

    def counted(self, edges: Floats) -> Floats:
        """Return (k, 65) as `merged`, to be added up: each operation once, in the span that holds its middle."""
        return self._sums(edges)[0]

    def refined(self, samples: "Past") -> "Past":
        """Return it with samples in place of those minutes whose operations they hold all of."""
        wide = np.flatnonzero(self.width == MINUTE_MS)
        minute = samples.at - samples.at % MINUTE_MS
        minutes = np.unique(self.at[wide])
        place = np.searchsorted(minutes, minute)
        inside = np.flatnonzero(place < len(minutes))
        inside = inside[minutes[place[inside]] == minute[inside]]
        counts = samples.counts[inside].sum(axis=1, dtype=np.float64)
        found = np.bincount(place[inside], counts, minlength=len(minutes))
        needed = np.bincount(
            np.searchsorted(minutes, self.at[wide]),
            self.counts[wide].sum(axis=1, dtype=np.float64),
            minlength=len(minutes),
        )
        whole = minutes[found >= needed * (1 - _ROUNDING)]
        kept = (self.width != MINUTE_MS) | ~np.isin(self.at, whole)
        finer = np.isin(minute, whole)
        return Past.joined([samples.where(finer), self.where(kept)])

    def _sums(self, edges: Floats) -> tuple[Floats, Integers]:
        """Return the sum of each span's pieces, and their number (k,)."""
        spans = len(edges) - 1
        middle = self.at + self.width / 2
        span = np.searchsorted(edges, middle, side="right") - 1
        inside = np.flatnonzero((span >= 0) & (span < spans))
        inside = inside[np.argsort(span[inside], kind="stable")]
        merged = np.zeros((spans, BUCKETS + 1))
        if len(inside):
            begins = np.concatenate(([0], np.flatnonzero(np.diff(span[inside])) + 1))
            merged[span[inside][begins]] = np.add.reduceat(self.counts[inside], begins, axis=0, dtype=np.float64)
        return merged, np.bincount(span[inside], minlength=spans)

    def _fill(self, merged: Floats, edges: Floats, empty: NDArray[np.bool_]) -> None:
        wide = np.flatnonzero(self.width)
        order = wide[np.argsort(self.at[wide], kind="stable")]
        middle = (edges[:-1] + edges[1:]) / 2
        place = np.searchsorted(self.at[order], middle, side="right") - 1
        row = order[np.maximum(place, 0)]
        found = empty & (place >= 0) & (middle < self.at[row] + self.width[row])
        merged[found] = self.counts[row[found]]


class LatencyLog:
    """Histograms of the past. Used under its owner's lock alone."""

    def __init__(self, minutes: int = 24 * 60) -> None:
        """Keep single samples for an hour and whole minutes for so many."""
        self._samples = _Ring(SAMPLES_KEPT)
        self._minutes = _Ring(minutes)
        self._minute: int | None = None
        self._open = np.zeros(BUCKETS + 1)
        self._open_total = 0.0
        self._edges: Edges = EDGES
        self._layout = 0

    def append(self, timestamp: int, histogram: Histogram) -> None:
        """Add the histogram of the sample at `timestamp` (epoch ms)."""
        if histogram.edges != self._edges:
            self._edges = histogram.edges
            self._layout += 1
        counts = np.append(histogram.counts, histogram.overflow)
        self._samples.append(timestamp, counts, histogram.total, self._layout)
        self._add(timestamp - timestamp % MINUTE_MS, counts, histogram.total)

    def extend(self, timestamp: Integers, counts: NDArray[np.float32], totals: Floats) -> None:
        """Add many samples' histograms at once: (n,), (n, 65) with what overflowed last, and (n,) seconds."""
        self._samples.extend(timestamp, counts, totals)
        minute = timestamp - timestamp % MINUTE_MS
        cuts = [0, *(np.flatnonzero(np.diff(minute)) + 1).tolist(), len(minute)]
        for begin, end in pairwise(cuts if len(minute) else []):
            merged: Floats = counts[begin:end].sum(axis=0, dtype=np.float64)
            self._add(int(minute[begin]), merged, float(totals[begin:end].sum()))

    def _add(self, minute: int, counts: Floats, total: float) -> None:
        if self._minute is not None and minute != self._minute:
            self._minutes.append(self._minute, self._open, self._open_total, _UNKNOWN)
            self._open, self._open_total = np.zeros(BUCKETS + 1), 0.0
        self._minute = minute
        self._open += counts
        self._open_total += total

    def merged(self, start: int, end: int) -> Histogram:
        """Merge the samples with start <= timestamp < end (epoch ms); its edges are the newest sample's."""
        chosen = self._samples.between(start, end)
        counts: Floats = self._samples.counts[chosen].sum(axis=0, dtype=np.float64)
        return Histogram(
            counts[:BUCKETS], float(self._samples.totals[chosen].sum()), float(counts[BUCKETS]), self._edges
        )

    def seconds(self, start: int, end: int) -> Seconds:
        """Copy the single samples in start <= timestamp < end (epoch ms) that are of the newest's layout."""
        chosen = self._samples.between(start, end)
        chosen = chosen[self._samples.layouts[chosen] == self._layout]
        return Seconds(self._samples.at[chosen], self._samples.counts[chosen], self._edges)

    def past(self, start: int, end: int) -> Past:
        """Copy what lies in start <= timestamp < end (epoch ms): samples as far as they reach, minutes before."""
        reach = self._samples.reach
        if reach != _NEVER:
            reach += -reach % MINUTE_MS  # the minute in which the samples begin is known as a minute only
        samples = self._samples.between(max(start, reach), end)
        minutes = self._minutes.between(start - MINUTE_MS, min(end, reach))
        return Past.joined(
            [
                Past.of(self._minutes.at[minutes], self._minutes.counts[minutes], MINUTE_MS),
                Past.of(self._samples.at[samples], self._samples.counts[samples], 0),
            ]
        )
