"""Batch means: how sure the mean of a series is whose seconds resemble their neighbours."""

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import Floats

LEAST_BATCHES: Final = 12
_MOST_CORRELATED: Final = 0.98


@dataclass(frozen=True, slots=True)
class LongRunVariance:
    """The variance of a mean of n seconds is `value` / n. In squares of the series' unit, times seconds.

    `correlation` (phi) is that of a batch mean with the one before it, `degrees` how many independent pieces of
    evidence `value` itself rests on.
    """

    value: float
    correlation: float
    degrees: float


def batch_seconds(seconds: int) -> int:
    """Return how long the batches of a window of so many seconds are."""
    if seconds < 600:
        return 5
    return 10 if seconds < 1800 else 15


class BatchMeans:
    """Running sums over one value a second and over the means of batches of them; the state does not grow.

    A second without a value adds nothing. A batch counts that has values in half of its seconds or more; the
    product of two neighbours is never taken over one that does not.
    """

    def __init__(self, seconds: int, origin: float) -> None:
        """Batch `seconds` (>= 1) values; sums are taken of values - `origin`, to lose no digits."""
        self._seconds = seconds
        self._origin = origin
        self.values = 0
        self._sum = self._squares = 0.0
        self._filled = self._values_in_batch = 0
        self._sum_in_batch = 0.0
        self._batches = 0
        self._sum_of_batches = self._squares_of_batches = 0.0
        self._before: float | None = None
        self._pairs = 0
        self._cross = self._left = self._right = 0.0

    @classmethod
    def of(cls, segments: list[Floats], seconds: int, origin: float) -> Self:
        """Return what `add` makes of the values (NaN = unknown) of each segment; no batch spans two segments."""
        made = cls(seconds, origin)
        for segment in segments:
            made._take(segment - origin)
        return made

    def add(self, value: float) -> None:
        """Take the next second; NaN where nothing is known of it."""
        if value == value:  # noqa: PLR0124 - not NaN
            off = value - self._origin
            self.values += 1
            self._sum += off
            self._squares += off * off
            self._sum_in_batch += off
            self._values_in_batch += 1
        self._filled += 1
        if self._filled == self._seconds:
            self._close()

    @property
    def mean(self) -> float:
        """Return the mean of the values, NaN without any."""
        return self._origin + self._sum / self.values if self.values else math.nan

    @property
    def variance(self) -> float:
        """Return the variance of the values (divided by their number), NaN without any."""
        if not self.values:
            return math.nan
        mean = self._sum / self.values
        return max(0.0, self._squares / self.values - mean * mean)

    def long_run_variance(self) -> LongRunVariance | None:
        """Return the variance as of an autoregression of first order of the batch means; None below 12 of them."""
        count = self._batches
        if count < LEAST_BATCHES:
            return None
        mean = self._sum_of_batches / count
        own = self._squares_of_batches / count - mean * mean
        next_one = (self._cross - mean * (self._left + self._right) + self._pairs * mean * mean) / count
        if own <= 1e-12 * (mean + self._origin) ** 2:
            # Nothing moves, but for rounding.
            return LongRunVariance(0.0, 0.0, count / 3.0)
        phi = next_one / own
        phi = min(max(phi + (1.0 + 4.0 * phi) / count, 0.0), _MOST_CORRELATED)
        kappa = (1.0 + phi) / (1.0 - phi)
        value = self._seconds * own / max(1.0 - kappa / count, 0.25) * kappa
        return LongRunVariance(value, phi, count / (1.0 + 2.0 * kappa))

    def _close(self) -> None:
        """End a batch."""
        if 2 * self._values_in_batch < self._seconds:
            self._before = None
        else:
            mean = self._sum_in_batch / self._values_in_batch
            self._batches += 1
            self._sum_of_batches += mean
            self._squares_of_batches += mean * mean
            if self._before is not None:
                self._pairs += 1
                self._cross += self._before * mean
                self._left += self._before
                self._right += mean
            self._before = mean
        self._filled = self._values_in_batch = 0
        self._sum_in_batch = 0.0

    def _take(self, off: Floats) -> None:
        """Take a whole segment, the same sums at once."""
        known = ~np.isnan(off)
        filled = np.where(known, off, 0.0)
        self.values += int(known.sum())
        self._sum += float(filled.sum())
        self._squares += float((filled * filled).sum())
        whole = len(off) // self._seconds * self._seconds
        counts = known[:whole].reshape(-1, self._seconds).sum(axis=1)
        counted = 2 * counts >= self._seconds
        means = filled[:whole].reshape(-1, self._seconds).sum(axis=1) / np.maximum(counts, 1)
        self._batches += int(counted.sum())
        self._sum_of_batches += float(means[counted].sum())
        self._squares_of_batches += float((means[counted] ** 2).sum())
        both = counted[1:] & counted[:-1]
        left, right = means[:-1][both], means[1:][both]
        self._pairs += len(left)
        self._cross += float(left @ right)
        self._left += float(left.sum())
        self._right += float(right.sum())
