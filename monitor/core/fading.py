"""Whether an effect is wearing off: the present, searched for a step back towards the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.baseline import Baseline, load_of
from monitor.core.change_point import ChangePoint, change_points
from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN
from monitor.core.metric_baseline import MetricBaseline
from monitor.core.window import Rows

LEAST_SECONDS: Final = 120
_POINT_SECONDS: Final = 5
_ALPHA: Final = 0.001


@dataclass(frozen=True, slots=True)
class Fading:
    """From `at` (epoch ms) on `metric` is nearer to the baseline again than it was since the change."""

    metric: str
    at: int


def fading(baseline: Baseline, rows: Rows, interval_ms: int) -> Fading | None:
    """Return the newest step of any metric back towards the baseline; None where there is none.

    rows: what came after the change and its warm-up. Steps are judged by the baseline's own noise.
    """
    values = rows.regular(interval_ms)
    if len(values) < LEAST_SECONDS:
        return None
    load = load_of(values)
    found = [
        Fading(metric, int(rows.timestamp[0]) + step.index * _POINT_SECONDS * interval_ms)
        for metric, one in baseline.metrics.items()
        for step in _steps(one, values[:, COLUMN[metric]], load, baseline)
        if _back(step, one.reference.mean)
    ]
    return max(found, key=lambda one: one.at, default=None)


def _steps(one: MetricBaseline, values: Floats, load: Floats, baseline: Baseline) -> Sequence[ChangePoint]:
    if baseline.load is None or not any(one.model.coefficients[1:]):
        matched = values / one.model.coefficients[0]
    else:
        matched = baseline.load.matched(values, load, one.model)
    whole = len(matched) // _POINT_SECONDS * _POINT_SECONDS
    points = matched[:whole].reshape(-1, _POINT_SECONDS)
    known = (~np.isnan(points)).sum(axis=1)
    means = np.where(known > 0, np.nansum(points, axis=1) / np.maximum(known, 1), np.nan)
    # The present is as noisy as its level is high; the variance is relative to that.
    level = float(np.nanmean(means)) if (known > 0).any() else 0.0
    variance = one.reference.variance * level**2 / _POINT_SECONDS
    return change_points(means, _ALPHA, variance)


def _back(step: ChangePoint, mean: float) -> bool:
    """Tell whether it leads towards the baseline's mean, and not beyond it to as far on the other side."""
    return abs(step.after - mean) < abs(step.before - mean)
