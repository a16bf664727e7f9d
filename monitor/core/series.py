"""A long series drawn with few points, its spikes kept."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.histogram import Floats
from monitor.core.window import Integers, Rows

HOLE_INTERVALS: Final = 1.75
"""Samples further apart have a hole between them. A source may take most of an interval to answer and the next
time nothing, so neighbours can be nearly two intervals apart; one missed tick is at least two, less the same."""


@dataclass(frozen=True, slots=True)
class Series:
    """Metrics over shared moments: `timestamp` (n,) epoch ms, `values[metric]` (n,), NaN = unknown."""

    timestamp: Integers
    values: dict[str, Floats]


def raw(parts: list[Rows], metrics: list[str], interval: int) -> Series:
    """Return each sample, and a row of NaN inside each hole. interval: ms."""
    if not parts:
        return Series(np.empty(0, np.int64), {metric: np.empty(0) for metric in metrics})
    timestamp = np.concatenate([part.timestamp for part in parts])
    holes = np.flatnonzero(np.diff(timestamp) > HOLE_INTERVALS * interval) + 1
    marks = timestamp[holes - 1] + interval
    return Series(
        np.insert(timestamp, holes, marks),
        {
            metric: np.insert(np.concatenate([part.column(metric) for part in parts]), holes, np.nan)
            for metric in metrics
        },
    )


def reduce(parts: list[Rows], metrics: list[str], start: int, end: int, points: int, interval: int) -> Series:
    """Return at most `points` (>= 2) rows over start..end (epoch ms) with each metric's extremes kept.

    Time is cut into points/2 equal spans; each gives its smallest and its largest value, in the order in which
    they occurred, at the first and the third quarter of the span. A span without samples gives NaN. Fewer samples
    than points come as they are.
    """
    if sum(len(part) for part in parts) * 2 <= points or end <= start:
        return raw(parts, metrics, interval)
    everything = raw(parts, metrics, interval)
    if len(everything.timestamp) <= points:
        return everything
    spans = points // 2
    width = (end - start) / spans
    span = np.clip(((everything.timestamp - start) / width).astype(np.int64), 0, spans - 1)
    order = np.argsort(span, kind="stable")
    span = span[order]
    begins = np.searchsorted(span, np.arange(spans), side="left")
    filled = begins < np.searchsorted(span, np.arange(spans), side="right")
    quarters = start + (np.arange(spans)[:, None] + np.array([0.25, 0.75])) * width
    values = {
        metric: _extremes(column[order], span, begins[filled], filled)
        for metric, column in everything.values.items()
    }
    return Series(quarters.reshape(-1).astype(np.int64), values)


def _extremes(column: Floats, span: Integers, begins: Integers, filled: np.ndarray) -> Floats:
    """Return (2 * spans,): each span's two extremes in the order in which they occurred."""
    low = np.minimum.reduceat(np.where(np.isnan(column), np.inf, column), begins)
    high = np.maximum.reduceat(np.where(np.isnan(column), -np.inf, column), begins)
    position = np.arange(len(column))
    rank = np.cumsum(filled) - 1
    at_low = np.full(len(begins), len(column))
    at_high = np.full(len(begins), len(column))
    np.minimum.at(at_low, rank[span], np.where(column == low[rank[span]], position, len(column)))
    np.minimum.at(at_high, rank[span], np.where(column == high[rank[span]], position, len(column)))
    known = np.isfinite(low)
    first = np.where(known, np.where(at_low <= at_high, low, high), np.nan)
    second = np.where(known, np.where(at_low <= at_high, high, low), np.nan)
    drawn = np.full((len(filled), 2), np.nan)
    drawn[filled, 0] = first
    drawn[filled, 1] = second
    result: Floats = drawn.reshape(-1)
    return result
