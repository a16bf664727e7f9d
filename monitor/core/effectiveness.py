"""The overall figure, and what it is made of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.comparison import Estimate
from monitor.core.metric import METRIC, Better
from monitor.core.verdict import Gain, Verdict

_CLIP: Final = 100.0
_LEAST_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class MetricImpact:
    """One metric against the baseline. `reason` says in words why there is no verdict, empty where there is one.

    `before` and `now` are means in the metric's unit, `now` at the baseline's loads. `calibrated` tells whether
    the history was long enough to know how often such a comparison is wrong by itself.
    """

    metric: str
    verdict: Verdict
    reason: str
    gain: Gain | None
    before: float | None
    now: float | None
    estimate: Estimate | None
    calibrated: bool


@dataclass(frozen=True, slots=True)
class Overall:
    """The mean of the metrics' gains, each within ±100 %; `parts` of `possible` are in it.

    The interval is the mean of their intervals, which hold all at once, so it holds with them. `ratio_percent` is
    the geometric mean of the ratios beside it. `gain` is None with fewer than two parts.
    """

    verdict: Verdict
    gain: Gain | None
    ratio_percent: float | None
    parts: int
    possible: int


def overall(metrics: Sequence[MetricImpact], guards: Sequence[Verdict], possible: int) -> Overall:
    """Return the overall figure of these of `possible` metrics; each of the guards' verdicts is a veto."""
    parts = [one for one in metrics if one.gain is not None and one.verdict is not Verdict.NOT_COMPARABLE]
    gains = [one.gain for one in parts if one.gain is not None]
    gain = effectiveness(gains)
    ratios = [one.estimate.log_ratio * _sign(one.metric) for one in parts if one.estimate is not None]
    ratio = None if gain is None else 100.0 * math.expm1(sum(ratios) / len(ratios))
    return Overall(_verdict(metrics, parts, gain, guards), gain, ratio, len(gains), possible)


def _verdict(
    metrics: Sequence[MetricImpact], parts: Sequence[MetricImpact], gain: Gain | None, guards: Sequence[Verdict]
) -> Verdict:
    """One that got worse outweighs all that got better; nobody reads a verdict off the mean alone."""
    verdicts = {one.verdict for one in parts}
    if Verdict.WORSE in verdicts or Verdict.WORSE in guards:
        return Verdict.WORSE
    if gain is None:
        waits = not metrics or any(one.verdict is Verdict.COLLECTING for one in metrics)
        return Verdict.COLLECTING if waits else Verdict.NOT_COMPARABLE
    if Verdict.BETTER in verdicts and gain.low > 0:
        return Verdict.BETTER
    return Verdict.NO_DIFFERENCE if verdicts == {Verdict.NO_DIFFERENCE} else Verdict.NOT_ENOUGH_DATA


def effectiveness(gains: list[Gain]) -> Gain | None:
    """Return the mean of two gains or more, each clipped to ±100 %; None below two."""
    if len(gains) < _LEAST_PARTS:
        return None
    means = [
        sum(min(max(value, -_CLIP), _CLIP) for value in values) / len(gains)
        for values in zip(*((one.percent, one.low, one.high) for one in gains), strict=True)
    ]
    return Gain(means[0], means[1], means[2])


def _sign(metric: str) -> float:
    return -1.0 if METRIC[metric].better is Better.LOWER else 1.0
