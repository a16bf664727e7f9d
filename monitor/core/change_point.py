"""Steps in a series: where its mean changed for good."""

import math
from collections.abc import Callable
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
_REACH: Final = 10
_SUDDEN: Final = 4.5
_DEVIATIONS: Final = 1.4826
"""Standard deviations in a median of absolute values, of a normal distribution."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """From point `index` on the mean is `after` and no longer `before`."""

    index: int
    before: float
    after: float


def change_points(
    values: Floats, alpha: float, least: float = 0.0, block: int = _BLOCK, *, sudden: bool = False
) -> list[ChangePoint]:
    """Return the steps of a series (n,), oldest first, by binary segmentation.

    They are judged by the long-run variance per point: the median over blocks of `block` points, which steps
    within fewer than half of them do not spoil, but no less than `least`. alpha: the chance that a series without
    any shows a step. With `sudden` only those that stand out from how the series moves elsewhere: what drifts,
    swings or wanders has a mean that changes, too. NaN are passed over.
    """
    places = np.flatnonzero(~np.isnan(values))
    known = values[places]
    variance = max(_long_run_variance(known, block) or 0.0, least)
    if len(known) < 2 * LEAST_POINTS or variance <= 0:
        return []
    limit = step_limit(alpha, len(known))

    def stands(start: int, cut: int, end: int) -> bool:
        step = abs(float(known[cut:end].mean() - known[start:cut].mean()))
        return step > limit * math.sqrt(variance * (1.0 / (cut - start) + 1.0 / (end - cut)))

    edges = [0, *steps(known, stands), len(known)]
    means = [float(known[start:end].mean()) for start, end in pairwise(edges)]
    return [
        ChangePoint(int(places[cut]), means[i], means[i + 1])
        for i, cut in enumerate(edges[1:-1])
        if not sudden or _stands_out(known, cut, least)
    ]


def step_limit(alpha: float, points: int) -> float:
    """Return how many standard errors the largest step in noise has with probability alpha, wherever it is."""
    # A cut's information is left * right / all of the points: that is how far apart the looks are.
    return critical_value(alpha, max((points - LEAST_POINTS) / LEAST_POINTS, 1.0) ** 2)


def steps(values: Floats, stands: Callable[[int, int, int], bool]) -> list[int]:
    """Return where to cut a series (n,) without gaps: at its strongest step, and so on within both parts.

    stands(start, cut, end) tells whether the step at point `cut` is more than noise between these two ends.
    """
    return sorted(_cuts(values, stands, 0, len(values)))


def point_means(values: Floats, size: int) -> Floats:
    """Return the means of `size` neighbours each, NaN where fewer than half of them are known."""
    points = values[: len(values) // size * size].reshape(-1, size)
    known = (~np.isnan(points)).sum(axis=1)
    sums: Floats = np.nansum(points, axis=1)
    return np.where(2 * known >= size, sums / np.maximum(known, 1), np.nan)


def _stands_out(values: Floats, cut: int, least: float) -> bool:
    """Tell whether ten points on either side of `cut` differ as ten neighbours on either side seldom do."""
    if len(values) < 2 * _REACH:
        return False
    sums = np.concatenate(([0.0], np.cumsum(values)))
    edges = np.arange(_REACH, len(values) - _REACH + 1)
    usual = np.abs(sums[edges + _REACH] - 2.0 * sums[edges] + sums[edges - _REACH]) / _REACH
    left, right = values[max(cut - _REACH, 0) : cut], values[cut : cut + _REACH]
    # By the median, which the steps themselves do not spoil.
    deviation = max(_DEVIATIONS * float(np.median(usual)), math.sqrt(2.0 * least / _REACH))
    fewer = math.sqrt((1.0 / len(left) + 1.0 / len(right)) * _REACH / 2.0)
    return abs(float(right.mean() - left.mean())) > _SUDDEN * fewer * deviation


def _long_run_variance(values: Floats, size: int) -> float | None:
    blocks = [values[start : start + size] for start in range(0, len(values) - size + 1, size)] or [values]
    spreads = [
        spread.value
        for block in blocks
        if (spread := BatchMeans.of([block], 1, 0.0).long_run_variance()) is not None
    ]
    return _BLOCK_SHARE * float(np.median(spreads)) if spreads else None


def _cuts(values: Floats, stands: Callable[[int, int, int], bool], start: int, end: int) -> list[int]:
    length = end - start
    if length < 2 * LEAST_POINTS:
        return []
    part = values[start:end]
    left = np.arange(1, length)
    bridge = np.cumsum(part)[:-1] - left * part.mean()
    strength = np.abs(bridge) / np.sqrt(left * (length - left))
    strength[: LEAST_POINTS - 1] = strength[length - LEAST_POINTS :] = 0.0
    cut = start + int(np.argmax(strength)) + 1
    if not strength.any() or not stands(start, cut, end):
        return []
    return [*_cuts(values, stands, start, cut), cut, *_cuts(values, stands, cut, end)]
