"""What a metric is at a given load, learnt while nothing changed, so that a change in traffic is no verdict."""

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import Floats

_TAIL_PERCENT: Final = 0.5
_MARGIN: Final = 0.02
_LEAST_SPREAD: Final = 1e-3


@dataclass(frozen=True, slots=True)
class LoadModel:
    """A metric as a parabola of x = ln(load / `reference`): `coefficients` of 1, x and x^2, in its unit."""

    reference: float
    coefficients: tuple[float, float, float]

    @classmethod
    def fit(cls, load: Floats, values: Floats) -> Self:
        """Fit by least squares; a constant where the load hardly moved or the fit is not above 0.

        load, values: (n,) seconds of history and baseline, NaN = unknown.
        """
        known = (load > 0) & ~np.isnan(values)
        load, values = load[known], values[known]
        if not len(values):
            return cls(1.0, (1.0, 0.0, 0.0))
        mean = float(values.mean())
        reference = float(np.exp(np.log(load).mean()))
        x = np.log(load / reference)
        if len(values) < 3 or x.std() < _LEAST_SPREAD:
            return cls(reference, (mean, 0.0, 0.0))
        powers = np.vander(x, 3, increasing=True)
        solution, _, rank, _ = np.linalg.lstsq(powers, values, rcond=None)
        if rank < 3 or not (powers @ solution > 0).all():
            return cls(reference, (mean, 0.0, 0.0))
        return cls(reference, (float(solution[0]), float(solution[1]), float(solution[2])))

    def at(self, load: float) -> float:
        """Return the metric at one load; a constant at any, known or not."""
        first, second, third = self.coefficients
        if not second and not third:
            return first
        x = math.log(load / self.reference) if load > 0 else math.nan
        return first + x * (second + x * third)

    def expected(self, load: Floats) -> Floats:
        """Return the metric at each load (n,), each above 0."""
        x = np.log(load / self.reference)
        first, second, third = self.coefficients
        expected: Floats = first + x * (second + x * third)
        return expected


@dataclass(frozen=True, slots=True)
class LoadRange:
    """Loads that were seen often enough to compare at; both ends in operations per second."""

    low: float
    high: float

    @classmethod
    def of(cls, load: Floats) -> Self | None:
        """Return the middle 99 % of the loads (n,), 2 % wider on either side; None without a load above 0."""
        seen = load[load > 0]
        if not len(seen):
            return None
        low, high = np.percentile(seen, [_TAIL_PERCENT, 100.0 - _TAIL_PERCENT])
        return cls(float(low) * (1.0 - _MARGIN), float(high) * (1.0 + _MARGIN))

    def __contains__(self, load: float) -> bool:
        return self.low <= load <= self.high

    def matched(self, values: Floats, load: Floats, model: LoadModel) -> Floats:
        """Return values over what the model expects at their load (n,), NaN where the load is none of these."""
        inside = (load >= self.low) & (load <= self.high)
        expected = model.expected(np.where(inside, load, model.reference))
        usable = inside & (expected > 0)
        return np.where(usable, values / np.where(usable, expected, 1.0), np.nan)
