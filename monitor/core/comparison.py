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
_FEWER: Final = 1.25


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
class _Noise:
    """A variance with its degrees of freedom."""

    value: float
    degrees: float


class Comparison:
    """Takes one value a second; its state does not grow."""

    def __init__(self, reference: Reference) -> None:
        """Begin to compare with `reference`."""
        self.reference = reference
        self._now = BatchMeans(reference.batch, reference.mean)

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
        present = self._present()
        variance = self._held(present)
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
            effective=seconds if present.value <= noise else seconds * noise / present.value,
            resolution=width * math.sqrt(best),
        )

    def seconds_until(self, half_width: float) -> int | None:
        """Return about how many current seconds in all bring the half width down to this; None if no day would.

        Taken that what comes is as noisy as what came. Within a tenth.
        """
        seconds = float(self._now.values)
        if seconds < LEAST_SECONDS or not self._now.mean > 0:
            return None
        present = self._present()
        # Not by bisection: past what the history can calibrate the interval widens again.
        while seconds <= _LONGEST_SECONDS:
            if self._reaches(half_width, present, seconds):
                return math.ceil(seconds)
            seconds *= _STEP
        return None

    def _reaches(self, half_width: float, present: _Noise, seconds: float) -> bool:
        variance = self._variance(present, seconds)
        if variance.degrees < LEAST_DEGREES:
            return False
        return student_quantile(self.reference.critical, variance.degrees) * math.sqrt(variance.value) < half_width

    def _held(self, present: _Noise) -> _Noise | None:
        """Return the variance with all current seconds, or with as many as leave 4 degrees of freedom, if any do.

        The more of them, the more of the variance is the baseline's, which may be known worse than the present's.
        More evidence must not undo an interval: it stays as wide as it was with fewer seconds. A function of what
        came alone: how often it was asked for must not matter.
        """
        seconds = self._now.values
        variance = self._variance(present, seconds)
        # Not by bisection: with more seconds there are first more degrees, then fewer.
        steps = math.floor(math.log(seconds / LEAST_SECONDS) / math.log(_FEWER))
        while variance.degrees < LEAST_DEGREES and steps >= 0:
            variance = self._variance(present, LEAST_SECONDS * _FEWER**steps)
            steps -= 1
        return variance if variance.degrees >= LEAST_DEGREES else None

    def _present(self) -> _Noise:
        """Return the relative long-run variance (s) of the present."""
        now, reference = self._now, self.reference
        square = now.mean**2
        before = reference.variance
        kappa = max(before / reference.noise, 1.0) if reference.noise > 0 else 1.0
        noise = now.variance / square / max(1.0 - kappa / now.values, 0.3)
        # A noisier system widens the interval at once, before its own batches can say so.
        prior = before * max(1.0, noise / reference.noise) if reference.noise > 0 else max(before, noise)
        weight = reference.prior_degrees
        spread = now.long_run_variance()
        if spread is None:
            return _Noise(prior, weight)
        degrees = spread.degrees + weight
        return _Noise((spread.degrees * spread.value / square + weight * prior) / degrees, degrees)

    def _variance(self, present: _Noise, seconds: float) -> _Noise:
        """Return the variance of the log ratio with so many current seconds of the kind that was seen."""
        reference = self.reference
        parts = (reference.variance / reference.seconds, present.value / seconds)
        value, freedom = added(((parts[0], reference.degrees), (parts[1], present.degrees)))
        excess = max(reference.floor.at(seconds) - value, 0.0)
        if excess > 0:
            pairs = reference.floor.pairs(reference.seconds, seconds)
            value, freedom = added(((value, freedom), (excess, pairs)))
        return _Noise(value, freedom)


def added(parts: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """Return the sum of (variance, its degrees of freedom), and the sum's degrees (Welch and Satterthwaite)."""
    total = sum(part for part, _ in parts)
    spread = sum(part * part / degrees for part, degrees in parts)
    return total, total * total / spread if spread > 0 else math.inf
