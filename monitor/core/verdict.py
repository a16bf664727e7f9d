"""What an interval says in a word."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from monitor.core.comparison import Estimate
from monitor.core.metric import Better

MARGIN_PERCENT: Final = 3.0
"""Changes smaller than this do not matter, unless the user says another figure."""
_LARGEST_LOG: Final = 20.0
"""A factor of 500 million; what lies beyond is no interval that says anything."""
SETTLING_TICKS: Final = 5
"""A verdict is told when so many ticks in a row say the same."""


class Verdict(StrEnum):
    """One word for one comparison, in the order in which they are looked for."""

    NOT_COMPARABLE = "not_comparable"
    COLLECTING = "collecting"
    NO_DIFFERENCE = "no_difference"
    BETTER = "better"
    WORSE = "worse"
    NOT_ENOUGH_DATA = "not_enough_data"


DECIDED: Final = frozenset({Verdict.NO_DIFFERENCE, Verdict.BETTER, Verdict.WORSE})
"""Verdicts that answer the question."""

IN_WORDS: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.BETTER: "Better",
        Verdict.WORSE: "Worse",
        Verdict.NO_DIFFERENCE: "No meaningful difference",
        Verdict.COLLECTING: "Collecting",
        Verdict.NOT_ENOUGH_DATA: "Not enough data yet",
        Verdict.NOT_COMPARABLE: "Not comparable",
    }
)
"""As people read them, on the page and on paper."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A change in percent as it is shown, its interval `low`..`high`; above 0 is better whatever the metric.

    Where higher is better it is 100 (R - 1), R being current / baseline; where lower is better 100 (1 - R), the
    share that was saved.
    """

    percent: float
    low: float
    high: float

    @classmethod
    def of(cls, estimate: Estimate, better: Better) -> "Gain":
        """Return the gain that a log ratio is, for a metric of which higher or lower is better."""
        if better is Better.LOWER:
            return cls(_saved(estimate.log_ratio), _saved(estimate.high), _saved(estimate.low))
        return cls(_grown(estimate.log_ratio), _grown(estimate.low), _grown(estimate.high))


def _grown(log_ratio: float) -> float:
    return 100.0 * math.expm1(min(log_ratio, _LARGEST_LOG))


def _saved(log_ratio: float) -> float:
    return -_grown(log_ratio)


def decide(gain: Gain | None, margin: float = MARGIN_PERCENT) -> Verdict:
    """Return the verdict of a comparable metric. margin: percent that do not matter."""
    if gain is None:
        return Verdict.COLLECTING
    if -margin < gain.low and gain.high < margin:
        return Verdict.NO_DIFFERENCE
    if gain.low > 0:
        return Verdict.BETTER
    if gain.high < 0:
        return Verdict.WORSE
    return Verdict.NOT_ENOUGH_DATA


@dataclass(slots=True)
class Settling:
    """Tells a verdict when it has stood for five ticks; until then the one before."""

    told: Verdict = Verdict.COLLECTING
    _candidate: Verdict = field(default=Verdict.COLLECTING)
    _ticks: int = 0

    def tick(self, verdict: Verdict) -> Verdict:
        """Take this tick's verdict and return the one to tell."""
        if verdict is not self._candidate:
            self._candidate, self._ticks = verdict, 0
        self._ticks += 1
        if self._ticks >= SETTLING_TICKS:
            self.told = verdict
        return self.told
