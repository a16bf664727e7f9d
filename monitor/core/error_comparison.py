"""Errors since a change against the baseline's: an exact test of counts, at a few looks."""

import math
from dataclasses import dataclass
from typing import Final

from monitor.core.batch_means import BatchMeans
from monitor.core.beta import beta_quantile, incomplete_beta
from monitor.core.verdict import Verdict

_FIRST_SECONDS: Final = 10
_EVEN_LOOKS: Final = 13
_EVEN_SHARE: Final = 0.8
"""10, 14, 20, 28 ... 640 seconds: 80 % of the chance of a false verdict is spread evenly over them, the rest
over the looks beyond, each less."""


def look_seconds(look: int) -> int:
    """Return when look number 0, 1, 2 ... is taken."""
    return round(_FIRST_SECONDS * 2 ** (look / 2))


def look_alpha(look: int, alpha: float) -> float:
    """Return the chance of a false verdict that a look may take; over all looks they add up to alpha."""
    if look < _EVEN_LOOKS:
        return alpha * _EVEN_SHARE / _EVEN_LOOKS
    later = look - _EVEN_LOOKS + 1
    return alpha * (1.0 - _EVEN_SHARE) / (later * (later + 1))


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Operations that failed, of those that completed, in so many seconds."""

    errors: float
    operations: float
    seconds: int

    @property
    def percent(self) -> float | None:
        """Return the error rate in percent, None without operations."""
        return 100.0 * self.errors / self.operations if self.operations > 0 else None


@dataclass(frozen=True, slots=True)
class ErrorChange:
    """The change in percentage points, above 0 = fewer errors, with its interval; both counts beside it."""

    points: float
    low: float
    high: float
    verdict: Verdict
    before: ErrorCounts
    now: ErrorCounts


def design_effect(errors: BatchMeans) -> float:
    """Return by how much errors that come in bursts count less: long-run variance over mean, 1 at the least."""
    spread = errors.long_run_variance()
    if spread is None or not errors.mean > 0:
        return 1.0
    return max(1.0, spread.value / errors.mean)


class ErrorComparison:
    """Takes the operations and errors of one second after the other; the state does not grow."""

    def __init__(self, before: ErrorCounts, effect: float, alpha: float) -> None:
        """Compare with the baseline's counts; `effect` is the design effect of baseline and history (>= 1)."""
        self.before = before
        self._effect = effect
        self._whole_alpha = alpha
        self._look = 0
        self._operations = self._errors = 0.0
        self._seconds = 0
        self._alpha = look_alpha(0, alpha)
        self._change: ErrorChange | None = None

    @property
    def change(self) -> ErrorChange | None:
        """Return what the newest look has found, None before the first."""
        return self._change

    def add(self, operations: float, errors: float) -> None:
        """Take a second's counts; NaN where they are not known."""
        if math.isnan(operations) or math.isnan(errors):
            return
        self._operations += operations
        self._errors += errors
        self._seconds += 1
        if self._seconds == look_seconds(self._look):
            self._alpha = look_alpha(self._look, self._whole_alpha)
            self._change = self._compared()
            self._look += 1

    def _compared(self) -> ErrorChange | None:
        now = ErrorCounts(self._errors, self._operations, self._seconds)
        if not (self._operations > 0 and self.before.operations > 0):
            return None
        first, second = _Proportion.of(self.before, self._effect), _Proportion.of(now, self._effect)
        low_before, high_before = first.interval(self._alpha)
        low_now, high_now = second.interval(self._alpha)
        points = first.share - second.share
        return ErrorChange(
            points=100.0 * points,
            # Newcombe's interval of a difference out of those of its parts.
            low=100.0 * (points - math.hypot(first.share - low_before, high_now - second.share)),
            high=100.0 * (points + math.hypot(high_before - first.share, second.share - low_now)),
            verdict=self._verdict(first, second),
            before=self.before,
            now=now,
        )

    def _verdict(self, first: "_Proportion", second: "_Proportion") -> Verdict:
        """Test exactly, given how many errors there are, whether they are spread as operations are."""
        total = first.errors + second.errors
        if total <= 0:
            return Verdict.NOT_ENOUGH_DATA
        share = second.operations / (first.operations + second.operations)
        more = incomplete_beta(share, second.errors, first.errors + 1.0) if second.errors > 0 else 1.0
        fewer = 1.0 - incomplete_beta(share, second.errors + 1.0, first.errors) if first.errors > 0 else 1.0
        if 2.0 * more < self._alpha:
            return Verdict.WORSE
        if 2.0 * fewer < self._alpha:
            return Verdict.BETTER
        return Verdict.NOT_ENOUGH_DATA


@dataclass(frozen=True, slots=True)
class _Proportion:
    """Counts as independent ones: bursts divided out."""

    errors: float
    operations: float

    @classmethod
    def of(cls, counts: ErrorCounts, effect: float) -> "_Proportion":
        return cls(counts.errors / effect, counts.operations / effect)

    @property
    def share(self) -> float:
        return self.errors / self.operations

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the share's interval (Clopper and Pearson)."""
        others = self.operations - self.errors
        low = beta_quantile(alpha / 2.0, self.errors, others + 1.0) if self.errors > 0 else 0.0
        high = beta_quantile(1.0 - alpha / 2.0, self.errors + 1.0, others) if others > 0 else 1.0
        return low, high
