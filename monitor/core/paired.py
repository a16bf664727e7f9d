"""The mean of differences of pairs that were measured in either order, and how far it can be trusted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import Final

from monitor.core.student import student_quantile

LEAST_PAIRS: Final = 4
LEAST_OF_AN_ORDER: Final = 2


@dataclass(frozen=True, slots=True)
class Paired:
    """`mean` within `half_width` on either side, in the unit of the differences; `degrees` of its variance."""

    mean: float
    half_width: float
    degrees: float


def paired(first: Sequence[float], second: Sequence[float], critical: float, least: float = 0.0) -> Paired | None:
    """Return the mean of two means: of the differences measured in one order (n,) and in the other (m,).

    What a steady drift adds to the one it takes from the other, however many there are of each. `critical` is the
    normal quantile of the interval, `least` the variance that the mean has at the least. None with fewer than four
    pairs, or than two of an order.
    """
    pairs = len(first) + len(second)
    if pairs < LEAST_PAIRS or min(len(first), len(second)) < LEAST_OF_AN_ORDER:
        return None
    if pairs == LEAST_PAIRS:
        # About their common mean: two degrees would be too few, and with two of each order a drift only widens it.
        degrees, spread = pairs - 1, variance([*first, *second])
    else:
        degrees = pairs - 2
        spread = sum((len(some) - 1) * variance(some) for some in (first, second)) / degrees
    error = max(spread * (1.0 / len(first) + 1.0 / len(second)) / 4.0, least)
    width = student_quantile(critical, degrees) * math.sqrt(error)
    return Paired((fmean(first) + fmean(second)) / 2.0, width, degrees)
