"""A randomised on/off test of one optimisation: its plan, and what its pairs of halves say."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist, fmean, stdev
from typing import Final, Self

from monitor.core.baseline import COMPARED
from monitor.core.comparison import Estimate
from monitor.core.effectiveness import MetricImpact, Overall, overall
from monitor.core.metric import METRIC
from monitor.core.student import student_quantile
from monitor.core.verdict import DECIDED, Gain, Verdict, decide

LEAST_PAIRS: Final = 4
MOST_PAIRS: Final = 20
DEFAULT_PAIRS: Final = 8
LEAST_HALF_SECONDS: Final = 10
MOST_HALF_SECONDS: Final = 300
DEFAULT_HALF_SECONDS: Final = 40
_LEAST_SHARE: Final = 0.5
"""Of the seconds of a half that count: with fewer measured ones its pair is left out."""
_ALPHA: Final = 0.01
"""Of each of four metrics, looked at once."""
_CRITICAL: Final = NormalDist().inv_cdf(1.0 - _ALPHA / 2.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """Pairs of halves of `half_seconds`, of which the first `settle_seconds` do not count.

    `on_first` says of each pair whether it begins with the optimisation on.
    """

    optimization: str
    half_seconds: int
    settle_seconds: int
    on_first: tuple[bool, ...]

    @classmethod
    def draw(cls, optimization: str, pairs: int, half_seconds: int, warm_up: int, chance: random.Random) -> Self:
        """Draw the order: half of the pairs begin with on, which ones is chance, so that no drift takes a side.

        A quarter of each half does not count, more where the warm-up (seconds) is longer, half of it at the most.
        """
        order = [True] * (pairs // 2) + [False] * (pairs // 2) + [chance.random() < 0.5] * (pairs % 2)
        chance.shuffle(order)
        settle = min(max(math.ceil(half_seconds / 4), warm_up), half_seconds // 2)
        return cls(optimization, half_seconds, settle, tuple(order))

    @property
    def pairs(self) -> int:
        """Return how many there are."""
        return len(self.on_first)

    @property
    def halves(self) -> int:
        """Return how many there are."""
        return 2 * self.pairs

    def on(self, half: int) -> bool:
        """Tell whether it is on in half 0, 1, ..."""
        return self.on_first[half // 2] is (half % 2 == 0)

    @property
    def seconds(self) -> int:
        """Return how long it takes, switching aside."""
        return self.halves * self.half_seconds


class Half:
    """What was measured while it was on, or off: a mean per metric. Its state does not grow."""

    def __init__(self) -> None:
        """Begin without a second."""
        self._sums: dict[str, float] = dict.fromkeys(COMPARED, 0.0)
        self._counts: dict[str, int] = dict.fromkeys(COMPARED, 0)
        self._spoilt = False

    def spoil(self) -> None:
        """Leave its pair out: something else changed meanwhile."""
        self._spoilt = True

    def add(self, values: Mapping[str, float]) -> None:
        """Take the values of a sample that counts, in display units by metric id."""
        for metric in COMPARED:
            if metric in values:
                self._sums[metric] += values[metric]
                self._counts[metric] += 1

    def count(self, metric: str) -> int:
        """Return in how many samples it was measured."""
        return self._counts[metric]

    def mean(self, metric: str, least: float) -> float | None:
        """Return its mean; None where it was measured in fewer than `least` samples, is not above 0, or spoilt."""
        count = self._counts[metric]
        if self._spoilt or count == 0 or count < least or not self._sums[metric] > 0:
            return None
        return self._sums[metric] / count


class Phase(StrEnum):
    """How far a proof is."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """On against off: each metric (`before` is the mean off, `now` on), and the mean of their gains."""

    metrics: tuple[MetricImpact, ...]
    overall: Overall


@dataclass(frozen=True, slots=True)
class ProofState:
    """What a snapshot says of a proof: begun at `started` (epoch ms), `half` is the one under way (0, 1, ...).

    `left` are the seconds of it that are left, None while the switch is being turned. `reason` says in a sentence
    why it ended before its end. `result` is there when it is finished.
    """

    plan: Plan
    started: int
    phase: Phase = Phase.RUNNING
    half: int = 0
    left: int | None = None
    reason: str = ""
    result: Result | None = None


def prove(plan: Plan, halves: Sequence[Half], interval: float) -> Result:
    """Compare the halves (n,), in the order of the plan and sampled each `interval` seconds, pair by pair."""
    least = _LEAST_SHARE * (plan.half_seconds - plan.settle_seconds) / interval
    metrics = tuple(_compare(metric, plan, halves, least, interval) for metric in COMPARED)
    total = overall(metrics, (), len(COMPARED))
    if total.verdict not in {*DECIDED, Verdict.NOT_ENOUGH_DATA}:
        total = replace(total, verdict=Verdict.NOT_ENOUGH_DATA)
    return Result(metrics, total)


def _compare(metric: str, plan: Plan, halves: Sequence[Half], least: float, interval: float) -> MetricImpact:
    offs, ons, samples = [], [], 0
    for first in range(0, len(halves) - 1, 2):
        on, off = (first, first + 1) if plan.on(first) else (first + 1, first)
        means = halves[off].mean(metric, least), halves[on].mean(metric, least)
        if means[0] is not None and means[1] is not None:
            offs.append(means[0])
            ons.append(means[1])
            samples += halves[on].count(metric)
    pairs = len(ons)
    if pairs < LEAST_PAIRS:
        reason = f"only {pairs} of {plan.pairs} pairs were measured well and undisturbed; {LEAST_PAIRS} are needed"
        return MetricImpact(metric, Verdict.NOT_ENOUGH_DATA, reason, None, None, None, None, calibrated=True)
    estimate = _estimate([math.log(on / off) for off, on in zip(offs, ons, strict=True)], samples, interval)
    gain = Gain.of(estimate, METRIC[metric].better)
    verdict = decide(gain)
    reason = "" if verdict in DECIDED else "not settled; more or longer pairs narrow the interval"
    return MetricImpact(metric, verdict, reason, gain, fmean(offs), fmean(ons), estimate, calibrated=True)


def _estimate(ratios: list[float], samples: int, interval: float) -> Estimate:
    """Return the mean of the pairs' log ratios with its interval by Student's t; each pair is one observation."""
    pairs = len(ratios)
    width = stdev(ratios) / math.sqrt(pairs) * student_quantile(_CRITICAL, pairs - 1)
    return Estimate(
        log_ratio=fmean(ratios),
        half_width=width,
        seconds=round(samples * interval),
        degrees=pairs - 1,
        effective=pairs,
        resolution=width,
    )
