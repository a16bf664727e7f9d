"""Steps in a series: where its mean changed for good."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from monitor.core.batch_means import BatchMeans
from monitor.core.boundary import critical_value
from monitor.core.histogram import Floats

LEAST_POINTS: Final = 5
_BLOCK: Final = 60
_BLOCK_SHARE: Final = 1.07
"""Blocks of 60 points show so much less of the slow part of the noise."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """From point `index` on the mean is `after` and no longer `before`."""

    index: int
    before: float
    after: float


def change_points(
    values: Floats, alpha: float, variance: float | None = None, least: float = 0.0
) -> list[ChangePoint]:
    """Return the steps of a series (n,), oldest first, by binary segmentation.

    variance: the long-run variance per point, by default the median over blocks of 60 points, which steps between
    blocks do not spoil, but no less than `least`. alpha: the chance that a series without any shows a step. NaN
    are passed over.
    """
    places = np.flatnonzero(~np.isnan(values))
    known = values[places]
    if len(known) < 2 * LEAST_POINTS:
        return []
    spread = max((_long_run_variance(known) or 0.0) if variance is None else variance, least)
    if spread <= 0:
        return []
    # A cut's information is left * right / all of the points: that is how far apart the looks are.
    limit = critical_value(alpha, max((len(known) - LEAST_POINTS) / LEAST_POINTS, 1.0) ** 2)
    cuts = sorted(_cuts(known, 0, len(known), spread, limit))
    edges = [0, *cuts, len(known)]
    means = [float(known[start:end].mean()) for start, end in pairwise(edges)]
    return [ChangePoint(int(places[cut]), means[i], means[i + 1]) for i, cut in enumerate(cuts)]


def _long_run_variance(values: Floats) -> float | None:
    blocks = [values[start : start + _BLOCK] for start in range(0, len(values) - _BLOCK + 1, _BLOCK)] or [values]
    spreads = [
        spread.value
        for block in blocks
        if (spread := BatchMeans.of([block], 1, 0.0).long_run_variance()) is not None
    ]
    return _BLOCK_SHARE * float(np.median(spreads)) if spreads else None


def _cuts(values: Floats, start: int, end: int, variance: float, limit: float) -> list[int]:
    length = end - start
    if length < 2 * LEAST_POINTS:
        return []
    part = values[start:end]
    left = np.arange(1, length)
    sums = np.cumsum(part)[:-1]
    bridge = sums - left * part.mean()
    statistic = np.abs(bridge) / np.sqrt(variance * left * (length - left) / length)
    statistic[: LEAST_POINTS - 1] = statistic[length - LEAST_POINTS :] = 0.0
    best = int(np.argmax(statistic))
    if statistic[best] <= limit:
        return []
    cut = start + best + 1
    return [*_cuts(values, start, cut, variance, limit), cut, *_cuts(values, cut, end, variance, limit)]
