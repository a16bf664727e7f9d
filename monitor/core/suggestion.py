"""Changes that nobody noted: steps in the history, as suggestions to mark them; nothing is cut by them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.baseline import COMPARED
from monitor.core.change_point import change_points, point_means
from monitor.core.marker import Marker
from monitor.core.metric import COLUMN, METRIC
from monitor.core.reference import LEAST_VARIANCE
from monitor.core.verdict import MARGIN_PERCENT
from monitor.core.window import Rows

LEAST_SECONDS: Final = 3600
"""In less of a history nobody can tell how much it moves by itself."""
_LOAD: Final = "offered_ops_sec"
_ALPHA: Final = 0.01 / (len(COMPARED) + 1)
_POINT_SECONDS: Final = 60
_BLOCK: Final = 20
"""Points: so few that an hour has three blocks, of which a step spoils one."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """At `at` (epoch ms) the metric stepped by so many percent, and stayed there."""

    at: int
    metric: str
    percent: float

    @property
    def text(self) -> str:
        """Return what a marker for it would say."""
        return f"{METRIC[self.metric].title} {self.percent:+.0f} %"


def suggest(rows: Rows, markers: Iterable[Marker], interval_ms: int) -> list[Suggestion]:
    """Return the steps of 3 % or more in throughput, latency, memory or CPU, oldest first, one for each moment.

    Not those that a marker explains, nor those that the offered load made at the same time, nor what drifts,
    swings or wanders as much elsewhere. rows: the history, one per `interval_ms`.
    """
    values = rows.regular(interval_ms)
    if len(values) * interval_ms < 1000 * LEAST_SECONDS:
        return []
    size = max(1, round(1000 * _POINT_SECONDS / interval_ms))
    start, near = int(rows.timestamp[0]), 2 * size * interval_ms

    def steps(metric: str) -> list[Suggestion]:
        means = point_means(values[:, COLUMN[metric]], size)
        level = float(np.nanmean(means)) if not np.isnan(means).all() else 0.0
        # A metric that never moves is known as well as a baseline says it is.
        least = LEAST_VARIANCE * level**2 / _POINT_SECONDS
        # Whatever the load does explains a step, sudden or not.
        found = change_points(means, _ALPHA, least, _BLOCK, sudden=metric != _LOAD)
        return [
            Suggestion(start + step.index * size * interval_ms, metric, 100.0 * (step.after / step.before - 1.0))
            for step in found
            if step.before > 0 and step.after > 0
        ]

    known = [*(marker.at for marker in markers), *(step.at for step in steps(_LOAD))]
    loose = [
        step
        for metric in COMPARED
        for step in steps(metric)
        if abs(step.percent) >= MARGIN_PERCENT and all(abs(step.at - at) > near for at in known)
    ]
    return _strongest(sorted(loose, key=lambda step: step.at), near)


def _strongest(steps: Sequence[Suggestion], near: int) -> list[Suggestion]:
    """Return the strongest of those that are within `near` ms of the one before."""
    groups: list[list[Suggestion]] = []
    for step in steps:
        if groups and step.at - groups[-1][-1].at <= near:
            groups[-1].append(step)
        else:
            groups.append([step])
    return [max(group, key=lambda step: abs(math.log1p(step.percent / 100.0))) for group in groups]
