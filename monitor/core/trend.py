"""When a metric's present trend reaches a threshold, told only where there is a trend."""

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.batch_means import LEAST_BATCHES, BatchMeans
from monitor.core.histogram import Floats
from monitor.core.refusal import Refusal
from monitor.core.rule import Condition
from monitor.core.student import student_quantile

MOST_MINUTES: Final = 360
_BATCHES: Final = (1, 5)
"""Minutes per batch: noise from minute to minute hides the slow part, so longer ones are looked at too."""
LEAST_MINUTES: Final = LEAST_BATCHES * max(_BATCHES)
_Z_SLOPE: Final = 1.959964
_Z_CROSSING: Final = 1.281552
"""Of 95 % and of 80 %, both sides."""
_LEAST_DEGREES: Final = 3.0
_STALE: Final = 5


@dataclass(frozen=True, slots=True)
class Crossing:
    """The line through the history meets the threshold in `minutes`, counted from the newest minute.

    `early` and `late` are its 80 % interval by Fieller's method, in minutes too: `early` is 0 where it may be
    there by now, `late` None where it may be later than `horizon`, half of the history, beyond which nothing is
    said. `slope` is in the metric's unit per minute, `slope_low` and `slope_high` its 95 % interval, which leaves
    out 0. `history` is how many minutes the line goes through, unknown ones included.
    """

    early: float
    minutes: float
    late: float | None
    horizon: float
    slope: float
    slope_low: float
    slope_high: float
    history: int


def time_to_threshold(means: Floats, threshold: float, condition: Condition) -> Crossing | Refusal:
    """Return when the metric is `condition` the threshold (in its unit), or why that is not said.

    means: (n,) of one minute each, oldest first, NaN = unknown; of more than six hours the newest six count, and
    from the first known one on.
    """
    if condition is Condition.EQUAL:
        return Refusal("a trend passes one value, it does not stay there")
    means = means[-MOST_MINUTES:]
    means = means[np.argmax(~np.isnan(means)) :] if len(means) else means
    # Bad is upwards from 0, whatever the condition.
    sign = 1.0 if condition is Condition.ABOVE else -1.0
    line = _Line.fit(sign * (means - threshold))
    if isinstance(line, Refusal):
        return line
    low, high = line.slope - line.off(_Z_SLOPE), line.slope + line.off(_Z_SLOPE)
    if low <= 0.0 <= high:
        return Refusal("no trend that the noise could not have made")
    now, horizon = len(means) - 1.0 - line.middle, len(means) / 2.0
    there = line.mean + line.slope * now >= 0.0
    if there or line.slope < 0.0:
        return Refusal("the threshold is reached already" if there else "the trend leads away from the threshold")
    minutes = -line.mean / line.slope - now
    if minutes > horizon:
        return Refusal(f"not within {horizon:.0f} minutes, half of the history; of later nothing is said")
    early, late = (edge - now for edge in line.roots(_Z_CROSSING))
    return Crossing(
        early=max(early, 0.0),
        minutes=minutes,
        late=late if late <= horizon else None,
        horizon=horizon,
        slope=sign * line.slope,
        slope_low=min(sign * low, sign * high),
        slope_high=max(sign * low, sign * high),
        history=len(means),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """`mean` + `slope` (minute - `middle`), the variances of the first two, and the degrees they are known by."""

    mean: float
    slope: float
    middle: float
    mean_variance: float
    slope_variance: float
    degrees: float

    @classmethod
    def fit(cls, values: Floats) -> Self | Refusal:
        """Fit the known minutes of `values` (n,) by least squares, or say why no line can be judged."""
        places = np.flatnonzero(~np.isnan(values))
        if len(places) < LEAST_MINUTES:
            return Refusal(f"a trend needs {LEAST_MINUTES} measured minutes, there are {len(places)}")
        if places[-1] < len(values) - _STALE:
            return Refusal(f"the last {_STALE} minutes were not measured")
        known, middle = values[places], float(places.mean())
        away = places - middle
        square, mean = float(away @ away), float(known.mean())
        slope = float(away @ known) / square
        rest = values - mean - slope * (np.arange(len(values)) - middle)
        spreads = [BatchMeans.of([rest], size, 0.0).long_run_variance() for size in _BATCHES]
        told = [spread for spread in spreads if spread is not None and spread.degrees >= _LEAST_DEGREES]
        if len(told) < len(spreads):
            return Refusal("each minute resembles the one before too much to tell a trend")
        widest = max(told, key=lambda spread: spread.value)
        return cls(mean, slope, middle, widest.value / len(known), widest.value / square, widest.degrees)

    def off(self, z: float) -> float:
        """Return by how much the slope may be off."""
        return student_quantile(z, self.degrees) * math.sqrt(self.slope_variance)

    def roots(self, z: float) -> tuple[float, float]:
        """Return between which minutes after the middle the line may be 0 (Fieller).

        There its distance from 0 is as large as its error; the slope is known to be above 0 by a larger z.
        """
        square = student_quantile(z, self.degrees) ** 2
        a = self.slope**2 - square * self.slope_variance
        b = self.mean * self.slope
        c = self.mean**2 - square * self.mean_variance
        root = math.sqrt(max(b * b - a * c, 0.0))
        return (-b - root) / a, (-b + root) / a
