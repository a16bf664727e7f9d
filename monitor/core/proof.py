"""A randomised on/off test of one optimisation: its plan, and what its pairs of halves say."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist, fmean
from typing import Final, Self

import numpy as np

from monitor.core.baseline import COMPARED, SATURATED_SECONDS, at_limit, errors_of
from monitor.core.comparison import Estimate
from monitor.core.effectiveness import MetricImpact, Overall, overall
from monitor.core.error_comparison import ErrorChange, ErrorCounts
from monitor.core.metric import COLUMN, COLUMNS, METRIC
from monitor.core.paired import LEAST_OF_AN_ORDER, LEAST_PAIRS, paired
from monitor.core.reference import LEAST_VARIANCE
from monitor.core.verdict import DECIDED, Gain, Verdict, decide

MOST_PAIRS: Final = 20
DEFAULT_PAIRS: Final = 8
LEAST_HALF_SECONDS: Final = 10
MOST_HALF_SECONDS: Final = 300
DEFAULT_HALF_SECONDS: Final = 40
_LEAST_SHARE: Final = 0.5
"""Of the seconds of a half that count: with fewer measured ones its pair is left out."""
_ALPHA: Final = 0.01
"""Of each of four metrics and the errors, looked at once."""
_THROUGHPUT: Final = "throughput_ops_sec"
_OPERATIONS: Final = (_THROUGHPUT, "offered_ops_sec", "error_rate", "cpu_utilization")
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


class Half:
    """What was measured while it was on, or off: sums of what counted. Its state does not grow."""

    def __init__(self) -> None:
        """Begin without a second."""
        self._sums: dict[str, float] = dict.fromkeys(COMPARED, 0.0)
        self._counts: dict[str, int] = dict.fromkeys(COMPARED, 0)
        self._operations = self._errors = 0.0
        self.spoilt = False
        """Whether something else changed meanwhile: its pair is left out."""
        self.limited = 0
        """In how many samples the service did less than was asked of it."""
        self.error_samples = 0
        """In how many samples the errors were counted."""

    def add(self, values: Mapping[str, float]) -> None:
        """Take the values of a sample that counts, in display units by metric id."""
        for metric in COMPARED:
            if metric in values:
                self._sums[metric] += values[metric]
                self._counts[metric] += 1
        if _THROUGHPUT in values:
            self._add_operations(values)

    def count(self, metric: str) -> int:
        """Return in how many samples it was measured."""
        return self._counts[metric]

    def mean(self, metric: str) -> float:
        """Return its mean, 0 without a sample."""
        return self._sums[metric] / max(self._counts[metric], 1)

    def errors(self, interval: float) -> ErrorCounts:
        """Return what was counted in samples that are `interval` seconds apart."""
        seconds = round(self.error_samples * interval)
        return ErrorCounts(self._errors * interval, self._operations * interval, seconds)

    def _add_operations(self, values: Mapping[str, float]) -> None:
        """Count operations, failed ones, and whether more were asked for."""
        row = np.full(len(COLUMNS), np.nan)
        for metric in _OPERATIONS:
            row[COLUMN[metric]] = values.get(metric, math.nan)
        self.limited += bool(at_limit(row))
        # As if each sample stood for one second; `errors` knows for how many.
        operations, errors = errors_of(row, 1000)
        if not math.isnan(errors):
            self._operations += float(operations)
            self._errors += float(errors)
            self.error_samples += 1


class Phase(StrEnum):
    """How far a proof is."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """On against off: each metric (`before` is the mean off, `now` on), the errors, and the mean of the gains.

    `errors` is None where they were not counted in enough pairs; more of them are a veto.
    """

    metrics: tuple[MetricImpact, ...]
    errors: ErrorChange | None
    overall: Overall


@dataclass(frozen=True, slots=True)
class ProofState:
    """What a snapshot says of a proof: begun at `started` (epoch ms), `half` is the one under way (0, 1, ...).

    `left` are the seconds of it that are left, None while the switch is being turned. `seconds` is how long all of
    it took, None before its end and where the monitor itself stopped meanwhile. `reason` says in a sentence why it
    ended before its end. `result` is there when it is finished.
    """

    plan: Plan
    started: int
    phase: Phase = Phase.RUNNING
    half: int = 0
    left: int | None = None
    seconds: int | None = None
    reason: str = ""
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Its two halves, and which of them came first."""

    on: Half
    off: Half
    on_first: bool

    def measured(self, samples: Callable[[Half], int], least: float) -> bool:
        """Tell whether nothing disturbed it and both halves have as many samples as they need."""
        halves = (self.on, self.off)
        return not any(half.spoilt or samples(half) < max(least, 1) for half in halves)


def prove(plan: Plan, halves: Sequence[Half], interval: float) -> Result:
    """Compare the halves (n,), in the order of the plan and sampled each `interval` seconds, pair by pair."""
    least = _LEAST_SHARE * (plan.half_seconds - plan.settle_seconds) / interval
    pairs = [
        _Pair(first, second, on_first=True) if plan.on_first[place] else _Pair(second, first, on_first=False)
        for place, (first, second) in enumerate(zip(halves[::2], halves[1::2], strict=False))
    ]
    metrics = tuple(_compare(metric, pairs, plan, least, interval) for metric in COMPARED)
    errors = _errors(pairs, least, interval)
    total = overall(metrics, () if errors is None else (errors.verdict,), len(COMPARED))
    if total.verdict not in {*DECIDED, Verdict.NOT_ENOUGH_DATA}:
        total = replace(total, verdict=Verdict.NOT_ENOUGH_DATA)
    return Result(metrics, errors, total)


def _compare(metric: str, pairs: list[_Pair], plan: Plan, least: float, interval: float) -> MetricImpact:
    measured = [pair for pair in pairs if pair.measured(lambda half: half.count(metric), least)]
    usable = [pair for pair in measured if pair.on.mean(metric) > 0 and pair.off.mean(metric) > 0]
    on, off = (sum(half.count(metric) for half in side) for side in _sides(usable))
    found = paired(
        *_by_order(usable, lambda pair: math.log(pair.on.mean(metric) / pair.off.mean(metric))),
        _CRITICAL,
        # As of a baseline: what never moved is not known without end.
        LEAST_VARIANCE * (1.0 / max(on, 1) + 1.0 / max(off, 1)),
    )
    if found is None:
        never = not any(half.count(metric) for side in _sides(pairs) for half in side)
        verdict, reason = _missing(measured, usable, plan, never=never)
        return MetricImpact(metric, verdict, reason, None, None, None, None, calibrated=True)
    estimate = Estimate(
        log_ratio=found.mean,
        half_width=found.half_width,
        seconds=round(on * interval),
        degrees=found.degrees,
        effective=len(usable),
        resolution=found.half_width,
    )
    gain = Gain.of(estimate, METRIC[metric].better)
    reason = _demand(usable) if metric == _THROUGHPUT else ""
    verdict = Verdict.NOT_COMPARABLE if reason else decide(gain)
    if not reason and verdict not in DECIDED:
        reason = "not settled; more or longer pairs narrow the interval"
    before, now = (fmean(half.mean(metric) for half in side) for side in reversed(_sides(usable)))
    return MetricImpact(metric, verdict, reason, gain, before, now, estimate, calibrated=True)


def _missing(measured: list[_Pair], usable: list[_Pair], plan: Plan, *, never: bool) -> tuple[Verdict, str]:
    """Say why there is no figure: there never was a value, it was 0, or too much of it was lost."""
    if never:
        return Verdict.NOT_COMPARABLE, "was not measured"
    zeros = len(measured) - len(usable)
    if zeros and paired(*_by_order(measured, lambda _: 0.0), _CRITICAL) is not None:
        when = "throughout" if not usable else f"in {zeros} of {len(measured)} pairs"
        return Verdict.NOT_COMPARABLE, f"was 0 {when}; there is nothing to compare in percent with"
    begun = f"only {len(usable)} of {plan.pairs} pairs were measured well and undisturbed"
    if len(usable) < LEAST_PAIRS:
        return Verdict.NOT_ENOUGH_DATA, f"{begun}; {LEAST_PAIRS} are needed"
    first = sum(pair.on_first for pair in usable)
    return (
        Verdict.NOT_ENOUGH_DATA,
        f"{begun}, {first} of them on first; {LEAST_OF_AN_ORDER} of either order are needed",
    )


def _demand(pairs: list[_Pair]) -> str:
    """Say so where the service did all that was asked for, on and off: its throughput is its users'."""
    for side in _sides(pairs):
        known = sum(half.count(_THROUGHPUT) for half in side)
        if sum(half.limited for half in side) >= SATURATED_SECONDS * known:
            return ""
    return "demand-bound: nothing shows that more was asked for than was done, on or off"


def _errors(pairs: list[_Pair], least: float, interval: float) -> ErrorChange | None:
    """Compare the error rates pair by pair; their difference is as uncertain as such counts are at the least."""
    usable = [
        pair
        for pair in pairs
        if pair.measured(lambda half: half.error_samples, least)
        and all(half.errors(interval).operations > 0 for half in (pair.on, pair.off))
    ]
    on, off = (_total([half.errors(interval) for half in side]) for side in _sides(usable))
    # As if there had been one error more: none at all does not make it certain that there are none.
    share = (on.errors + off.errors + 1.0) / (on.operations + off.operations + 2.0)
    orders = _by_order(usable, lambda pair: _fewer(pair, interval))
    counted = sum(
        (1.0 / pair.on.errors(interval).operations + 1.0 / pair.off.errors(interval).operations)
        / (2.0 * len(orders[0] if pair.on_first else orders[1])) ** 2
        for pair in usable
    )
    found = paired(*orders, _CRITICAL, share * (1.0 - share) * counted)
    if found is None:
        return None
    low, high = found.mean - found.half_width, found.mean + found.half_width
    verdict = Verdict.WORSE if high < 0 else Verdict.BETTER if low > 0 else Verdict.NOT_ENOUGH_DATA
    return ErrorChange(100.0 * found.mean, 100.0 * low, 100.0 * high, verdict, before=off, now=on)


def _fewer(pair: _Pair, interval: float) -> float:
    """Return by how much the share of failed operations is smaller with it on."""
    on, off = pair.on.errors(interval), pair.off.errors(interval)
    return off.errors / off.operations - on.errors / on.operations


def _total(counts: list[ErrorCounts]) -> ErrorCounts:
    return ErrorCounts(
        sum(one.errors for one in counts),
        sum(one.operations for one in counts),
        sum(one.seconds for one in counts),
    )


def _sides(pairs: list[_Pair]) -> tuple[list[Half], list[Half]]:
    """Return the halves with it on, and those with it off."""
    return [pair.on for pair in pairs], [pair.off for pair in pairs]


def _by_order(pairs: list[_Pair], figure: Callable[[_Pair], float]) -> tuple[list[float], list[float]]:
    """Return the figures of the pairs that began with on, and of the others."""
    return [figure(pair) for pair in pairs if pair.on_first], [figure(pair) for pair in pairs if not pair.on_first]
