"""A long series drawn with few points, its spikes kept."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import Floats
from monitor.core.window import Integers, Rows

_GAP_SHARE: Final = 0.25
HOLE_INTERVALS: Final = 1.75
"""Samples further apart have a hole between them. A source may take most of an interval to answer and the next
time nothing, so neighbours can be nearly two intervals apart; one missed tick is at least two, less the same."""


@dataclass(frozen=True, slots=True)
class Series:
    """Metrics over shared moments: `timestamp` (n,) epoch ms, `values[metric]` (n,), NaN = unknown."""

    timestamp: Integers
    values: dict[str, Floats]


def raw(parts: list[Rows], metrics: list[str], interval_ms: int) -> Series:
    """Return each sample, and a row of NaN inside each hole."""
    if not parts:
        return Series(np.empty(0, np.int64), {metric: np.empty(0) for metric in metrics})
    timestamp = np.concatenate([part.timestamp for part in parts])
    holes = np.flatnonzero(np.diff(timestamp) > HOLE_INTERVALS * interval_ms) + 1
    marks = timestamp[holes - 1] + interval_ms
    return Series(
        np.insert(timestamp, holes, marks),
        {
            metric: np.insert(np.concatenate([part.column(metric) for part in parts]), holes, np.nan)
            for metric in metrics
        },
    )


def fits(parts: list[Rows], points: int, interval_ms: int) -> bool:
    """Tell whether `raw` gives at most `points` rows."""
    if sum(len(part) for part in parts) > points:
        return False
    return len(raw(parts, [], interval_ms).timestamp) <= points


class Reduction:
    """Many samples as `points` (>= 3) rows or fewer, one metric at a time.

    Time from the first sample to the last, within start..end (epoch ms), is cut into equal spans; each gives its
    smallest and its largest value, in the order in which they occurred, at the first and the third quarter of the
    span. Of a span of which a quarter or more was not measured there is a NaN between the two, so an outage of
    half a span is always seen; a span without samples gives NaN.
    """

    def __init__(
        self, parts: list[Rows], metrics: list[str], start: int, end: int, points: int, interval_ms: int
    ) -> None:
        """Cut the time of `parts`, which hold a sample at least; one each `interval_ms` where none is missing."""
        # A moment before anybody measured is none to draw at, whatever the caller asked for.
        start = max(start, min(int(part.timestamp.min()) for part in parts))
        end = max(start + 1, min(end, max(int(part.timestamp.max()) for part in parts)))
        for rows in (2, 3):
            self._spans = max(1, points // rows)
            width = (end - start) / self._spans
            self._cuts = [_Cut.of(part, start, width, self._spans) for part in parts]
            self._broken = {metric: self._gaps(metric, width / interval_ms) for metric in metrics}
            broken = np.any([np.zeros(self._spans, np.bool_), *self._broken.values()], axis=0)
            if 2 * self._spans + broken.sum() <= points:
                break
        self.edges: Floats = np.linspace(start, end, self._spans + 1)
        """Epoch ms (spans + 1,): each span begins at one and ends before the next."""
        self.edges[-1] += 1
        self._drawn = np.stack([np.ones_like(broken), broken, np.ones_like(broken)], axis=1)
        quarters = start + (np.arange(self._spans)[:, None] + np.array([0.25, 0.5, 0.75])) * width
        self.timestamp: Integers = quarters[self._drawn].astype(np.int64)

    def column(self, metric: str) -> Floats:
        """Return the metric's values (n,)."""
        low, high = np.full(self._spans, np.inf), np.full(self._spans, -np.inf)
        at_low, at_high = np.zeros(self._spans, np.int64), np.zeros(self._spans, np.int64)
        seen = 0
        for cut in self._cuts:
            values = cut.values(metric)
            for extreme, best, at, better in (
                (np.fmin, low, at_low, np.less),
                (np.fmax, high, at_high, np.greater),
            ):
                found = extreme.reduceat(values, cut.begins)
                first = np.flatnonzero(values == found[cut.run])
                position = np.zeros(len(found), np.int64)
                # Of several writes to one place the last one stays: the first occurrence.
                position[cut.run[first[::-1]]] = first[::-1]
                won = better(found, best[cut.spans])
                best[cut.spans[won]] = found[won]
                at[cut.spans[won]] = seen + position[won]
            seen += len(values)
        known = np.isfinite(low)
        earlier, later = np.where(known, np.where(at_low <= at_high, (low, high), (high, low)), np.nan)
        return self._rows(metric, earlier, later)

    def spread(self, metric: str, values: Floats) -> Floats:
        """Return one value per span (spans,) as the metric's rows (n,), with the metric's gaps."""
        return self._rows(metric, values, values)

    def _rows(self, metric: str, earlier: Floats, later: Floats) -> Floats:
        # A span that has a row between for another metric's sake repeats its first.
        between = np.where(self._broken[metric], np.nan, earlier)
        rows: Floats = np.stack([earlier, between, later], axis=1)[self._drawn]
        return rows

    def _gaps(self, metric: str, samples: float) -> NDArray[np.bool_]:
        """Tell of which spans (spans,) too few of their `samples` were measured."""
        measured = np.zeros(self._spans)
        for cut in self._cuts:
            measured[cut.spans] += np.add.reduceat(~np.isnan(cut.values(metric)), cut.begins, dtype=np.float64)
        # What was never measured has no gaps: there is nothing to break.
        broken: NDArray[np.bool_] = (measured <= (1.0 - _GAP_SHARE) * samples - 1.0) & measured.any()
        return broken


@dataclass(frozen=True, slots=True)
class _Cut:
    """A part's rows sorted by span: `begins` (k,) of its k spans in it, `spans` (k,), `run` (n,) 0..k-1 by row."""

    rows: Rows
    order: Integers | None
    begins: Integers
    spans: Integers
    run: Integers

    @classmethod
    def of(cls, rows: Rows, start: int, width: float, spans: int) -> Self:
        span = np.clip(((rows.timestamp - start) / width).astype(np.int64), 0, spans - 1)
        order = None
        if (np.diff(span) < 0).any():
            # The wall clock was set back.
            order = np.argsort(span, kind="stable")
            span = span[order]
        begins = np.concatenate(([0], np.flatnonzero(np.diff(span)) + 1))
        run = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(span)))
        return cls(rows, order, begins, span[begins], run)

    def values(self, metric: str) -> Floats:
        column = self.rows.column(metric)
        return column if self.order is None else column[self.order]
