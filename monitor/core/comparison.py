"""One metric since a change against its baseline: a log ratio of means, its interval good at every look."""

import math
from dataclasses import dataclass
from typing import Final

from monitor.core.batch_means import BatchMeans
from monitor.core.reference import Reference
from monitor.core.student import student_quantile

LEAST_SECONDS: Final = 10
LEAST_DEGREES: Final = 4.0
"""Of freedom: with fewer a variance is a guess."""
_LONGEST_SECONDS: Final = 86_400.0
_STEP: Final = 1.1


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of ln(current mean / baseline mean): `log_ratio` within `half_width` on either side.

    `seconds` are the current ones that counted, `degrees` those of the interval's variance. `effective` is how
    many independent seconds the current ones are worth. `resolution` is the half width that it can reach at best:
    smaller changes this baseline cannot show.
    """

    log_ratio: float
    half_width: float
    seconds: int
    degrees: float
    effective: float
    resolution: float

    @property
    def resolution_percent(self) -> float:
        """Return the smallest change that can be shown, percent."""
        return 100.0 * math.expm1(self.resolution)

    @property
    def low(self) -> float:
        """Return the lower end, a log ratio."""
        return self.log_ratio - self.half_width

    @property
    def high(self) -> float:
        """Return the upper end, a log ratio."""
        return self.log_ratio + self.half_width


@dataclass(frozen=True, slots=True)
class _Variance:
    """Of the log ratio, with its degrees of freedom, and the relative long-run variance (s) of the present."""

    value: float
    degrees: float
    present: float


class Comparison:
    """Takes one value a second; its state does not grow."""

    def __init__(self, reference: Reference) -> None:
        """Begin to compare with `reference`."""
        self.reference = reference
        self._now = BatchMeans(reference.batch, reference.mean)
        self._enough = math.inf

    def add(self, value: float) -> None:
        """Take the next second, NaN where nothing is known or it does not count."""
        self._now.add(value)

    @property
    def seconds(self) -> int:
        """Return how many seconds counted."""
        return self._now.values

    def estimate(self) -> Estimate | None:
        """Return what is known now; None below 10 seconds or 4 degrees of freedom, or with no mean above 0."""
        now, reference = self._now, self.reference
        seconds = now.values
        if seconds < LEAST_SECONDS or not now.mean > 0:
            return None
        variance = self._held(seconds)
        if variance is None:
            return None
        width = student_quantile(reference.critical, variance.degrees)
        best = reference.variance / reference.seconds
        best += max(reference.floor.at(_LONGEST_SECONDS) - best, 0.0)
        noise = now.variance / now.mean**2
        return Estimate(
            log_ratio=math.log(now.mean / reference.mean),
            half_width=width * math.sqrt(variance.value),
            seconds=seconds,
            degrees=variance.degrees,
            effective=seconds if variance.present <= noise else seconds * noise / variance.present,
            resolution=width * math.sqrt(best),
        )

    def seconds_until(self, half_width: float) -> int | None:
        """Return about how many current seconds in all bring the half width down to this; None if no day would.

        Taken that what comes is as noisy as what came. Within a tenth.
        """
        seconds = float(self._now.values)
        if seconds < LEAST_SECONDS or not self._now.mean > 0:
            return None
        # Not by bisection: past what the history can calibrate the interval widens again.
        while seconds <= _LONGEST_SECONDS:
            if self._reaches(half_width, seconds):
                return math.ceil(seconds)
            seconds *= _STEP
        return None

    def _reaches(self, half_width: float, seconds: float) -> bool:
        variance = self._variance(seconds)
        if variance.degrees < LEAST_DEGREES:
            return False
        return student_quantile(self.reference.critical, variance.degrees) * math.sqrt(variance.value) < half_width

    def _held(self, seconds: int) -> _Variance | None:
        """Return the variance with all current seconds, or with as many as leave 4 degrees of freedom, if any do.

        The more of them, the more of the variance is the baseline's, which may be known worse than the present's.
        More evidence must not undo an interval: it stays as wide as it was with fewer seconds.
        """
        enough = min(float(seconds), self._enough * _STEP)
        while (variance := self._variance(enough)).degrees < LEAST_DEGREES:
            enough /= _STEP
            if enough < LEAST_SECONDS:
                self._enough = float(LEAST_SECONDS)
                return None
        self._enough = enough if enough < seconds else math.inf
        return variance

    def _variance(self, seconds: float) -> _Variance:
        """Return the variance with so many current seconds of the kind that was seen."""
        now, reference = self._now, self.reference
        square = now.mean**2
        before, degrees_before = reference.variance, reference.degrees
        kappa = max(before / reference.noise, 1.0) if reference.noise > 0 else 1.0
        noise = now.variance / square / max(1.0 - kappa / now.values, 0.3)
        # A noisier system widens the interval at once, before its own batches can say so.
        prior = before * max(1.0, noise / reference.noise) if reference.noise > 0 else max(before, noise)
        weight = reference.prior_degrees
        present, degrees = prior, weight
        spread = now.long_run_variance()
        if spread is not None:
            degrees = spread.degrees + weight
            present = (spread.degrees * spread.value / square + weight * prior) / degrees
        parts = (before / reference.seconds, present / seconds)
        value, freedom = added(((parts[0], degrees_before), (parts[1], degrees)))
        excess = max(reference.floor.at(seconds) - value, 0.0)
        if excess > 0:
            pairs = reference.floor.pairs(reference.seconds, seconds)
            value, freedom = added(((value, freedom), (excess, pairs)))
        return _Variance(value, freedom, present)


def added(parts: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """Return the sum of (variance, its degrees of freedom), and the sum's degrees (Welch and Satterthwaite)."""
    total = sum(part for part, _ in parts)
    spread = sum(part * part / degrees for part, degrees in parts)
    return total, total * total / spread if spread > 0 else math.inf
