"""Whether an effect is wearing off: the present, searched for a step back towards the baseline."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from monitor.core.baseline import Baseline, load_of
from monitor.core.batch_means import BatchMeans, LongRunVariance
from monitor.core.change_point import LEAST_POINTS, point_means, step_limit, steps
from monitor.core.comparison import LEAST_DEGREES, added
from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN
from monitor.core.metric_baseline import MetricBaseline
from monitor.core.reference import Reference
from monitor.core.student import student_quantile
from monitor.core.verdict import MARGIN_PERCENT
from monitor.core.window import Rows

LEAST_SECONDS: Final = 120
_POINT_SECONDS: Final = 5
_BATCHES: Final = (1, 3)
_BATCHES_ALONE: Final = (1, 3, 6)
"""Points to a batch; counting single operations hides a slow wander from short ones."""
_ALPHA: Final = 0.001
"""Of each search, over all metrics together."""


@dataclass(frozen=True, slots=True)
class Fading:
    """From `at` (epoch ms) on `metric` is nearer to the baseline again than it was since the change."""

    metric: str
    at: int


def fading(baseline: Baseline, rows: Rows, interval_ms: int) -> Fading | None:
    """Return the newest step of any metric back towards the baseline that lasted; None where there is none.

    rows: what came after the change and its warm-up.
    """
    values = rows.regular(interval_ms)
    if len(values) < LEAST_SECONDS:
        return None
    load = load_of(values)
    found = [
        Fading(metric, int(rows.timestamp[0]) + point * _POINT_SECONDS * interval_ms)
        for metric, one in baseline.metrics.items()
        for point in _back(_matched(one, values[:, COLUMN[metric]], load, baseline), one, baseline)
    ]
    return max(found, key=lambda one: one.at, default=None)


def _matched(one: MetricBaseline, values: Floats, load: Floats, baseline: Baseline) -> Floats:
    if baseline.load is None or not any(one.model.coefficients[1:]):
        return values / one.model.coefficients[0]
    return baseline.load.matched(values, load, one.model)


def _back(matched: Floats, one: MetricBaseline, baseline: Baseline) -> Iterator[int]:
    """Yield the points at which a metric steps back, by more than does not matter, and stays nearer ever since."""
    means = point_means(matched, _POINT_SECONDS)
    places = np.flatnonzero(~np.isnan(means))
    if len(places) < 2 * LEAST_POINTS:
        return
    limit = step_limit(_ALPHA / len(baseline.metrics), len(places))
    seconds = matched[: len(means) * _POINT_SECONDS].reshape(-1, _POINT_SECONDS)[places]
    noise = _Noise(one.reference, means[places], seconds, limit)
    edges = [0, *steps(noise.means, noise.exceeded), len(places)]
    levels = [float(noise.means[start:end].mean()) for start, end in pairwise(edges)]
    away = [abs(level - one.reference.mean) for level in levels]
    least = MARGIN_PERCENT / 100.0 * one.reference.mean
    for step in range(1, len(levels)):
        if max(away[step:]) < away[step - 1] and abs(levels[step] - levels[step - 1]) >= least:
            yield int(places[edges[step]])


@dataclass(frozen=True, slots=True)
class _Noise:
    """What a metric wanders without a step: `means` (k,) of points, and their `seconds` (k, 5), NaN = unknown.

    `limit` are the standard errors that a step must have.
    """

    reference: Reference
    means: Floats
    seconds: Floats
    limit: float

    def exceeded(self, start: int, cut: int, end: int) -> bool:
        """Tell whether the step at `cut` is more than noise, judged from `start` to `end` alone."""
        before, after = float(self.means[start:cut].mean()), float(self.means[cut:end].mean())
        present = self._present(start, cut, end)
        if present is None or not (before > 0 and after > 0):
            return False
        seconds = (_POINT_SECONDS * (cut - start), _POINT_SECONDS * (end - cut))
        variance, degrees = present.value * (1.0 / seconds[0] + 1.0 / seconds[1]), present.degrees
        floor = self.reference.floor
        excess = max(floor.at(seconds[1]) - variance, 0.0)
        if excess > 0:
            pairs = floor.pairs(self.reference.seconds, seconds[1])
            variance, degrees = added(((variance, degrees), (excess, pairs)))
        if degrees < LEAST_DEGREES:
            return False
        return abs(math.log(after / before)) > student_quantile(self.limit, degrees) * math.sqrt(variance)

    def _present(self, start: int, cut: int, end: int) -> LongRunVariance | None:
        """Return the relative long-run variance (s) on both sides of a cut; None where too little is known.

        What the quiet history knows, widened at once by a noisier present, and what the present says of itself,
        each by its degrees of freedom. Without a history the larger of both: one short window may have missed
        all that is slow, and so longer batches are asked as well.
        """
        reference, square = self.reference, float(self.means[start:end].mean()) ** 2
        own = self._own(start, cut, end, _BATCHES if reference.history_seconds else _BATCHES_ALONE)
        if own is None or not square > 0:
            return None
        value = own.value * _POINT_SECONDS / square
        known = reference.variance
        if reference.noise > 0:
            known *= max(1.0, self._squares(start, cut, end) / square / reference.noise)
        if reference.history_seconds:
            weight = reference.prior_degrees
            degrees = own.degrees + weight
            return LongRunVariance((own.degrees * value + weight * known) / degrees, own.correlation, degrees)
        if value > known:
            return LongRunVariance(value, own.correlation, own.degrees)
        return LongRunVariance(known, reference.correlation, reference.degrees)

    def _own(self, start: int, cut: int, end: int, sizes: tuple[int, ...]) -> LongRunVariance | None:
        """Return that of the points about the means of both sides, the largest by batches of these sizes."""
        parts = [part - part.mean() for part in (self.means[start:cut], self.means[cut:end])]
        spreads = [BatchMeans.of(parts, size, 0.0).long_run_variance() for size in sizes]
        return max((one for one in spreads if one is not None), key=lambda one: one.value, default=None)

    def _squares(self, start: int, cut: int, end: int) -> float:
        """Return the variance of single seconds about the means of both sides."""
        sides = (self.seconds[start:cut], self.seconds[cut:end])
        offs = np.concatenate([(side - np.nanmean(side)).ravel() for side in sides])
        return float(np.nanmean(offs**2))
