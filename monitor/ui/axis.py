"""Y axes that rarely move: round limits around the extremes of a span longer than the one drawn.

A rise widens the axis at once; it narrows only when the extreme has been out of the 60 s drawn for another half
minute. So the limits depend on the snapshot alone and still do not follow every wave.
"""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from monitor.core.histogram import Floats
from monitor.ui.chart import Chart

HOLD_SECONDS: Final = 90
"""How far back the limits of the live charts look."""
_STEPS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0)
_MARGIN: Final = 1.08
_FLAT_SHARE: Final = 0.5
_GRID: Final = 8.0
_LONGER: Final = 2.0
"""How much longer an axis may be for a limit to be on it: beyond, the values would lie flat."""


def limits(chart: Chart, columns: list[Floats]) -> tuple[float, float]:
    """Return the axis for the values (each (n,), NaN = unknown): both ends round, every value inside."""
    joined = np.concatenate(columns) if columns else np.empty(0)
    finite = joined[np.isfinite(joined)]
    if not len(finite):
        return 0.0, chart.least
    low, high = float(finite.min()), float(finite.max())
    if not chart.floor and low > _FLAT_SHARE * high:
        return _around(low, high, chart.least)
    top = max(_ceiling(high * _MARGIN), chart.least)
    if chart.most is not None and high <= chart.most:
        top = min(top, chart.most)
    return 0.0, top


def with_limits(chart: Chart, columns: list[Floats], thresholds: Iterable[float]) -> tuple[float, float]:
    """Return the axis for the values, and for each of the thresholds that does not make it much longer."""
    low, high = limits(chart, columns)
    known = np.concatenate(columns) if columns else np.empty(0)
    known = known[np.isfinite(known)]
    if not len(known):
        return low, high
    ends = known.min(), known.max()

    def fits(threshold: float) -> bool:
        bottom, top = limits(chart, [np.array([*ends, threshold])])
        return top - bottom <= _LONGER * (high - low)

    # What lies nearer than one that fits needs no room of its own.
    ordered = sorted(set(thresholds))
    lowest = next((one for one in ordered if one < ends[0] and fits(one)), ends[0])
    highest = next((one for one in reversed(ordered) if one > ends[1] and fits(one)), ends[1])
    return limits(chart, [np.array([*ends, lowest, highest])])


def _ceiling(value: float) -> float:
    """Return the next round number at or above a positive value."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    for step in _STEPS:
        if step * power >= value * (1 - 1e-9):
            return float(f"{step * power:.6g}")
    return 10.0 * power


def _around(low: float, high: float, least: float) -> tuple[float, float]:
    """Return limits on a coarse grid around values that sit far above 0."""
    span = max((high - low) * 2.0, high / _GRID, least)
    step = _ceiling(span / 2.0)
    bottom = math.floor(low / step) * step
    top = math.ceil(high / step) * step
    if top - bottom < 2 * step:
        top = bottom + 2 * step
    return float(f"{max(0.0, bottom):.6g}"), float(f"{top:.6g}")
