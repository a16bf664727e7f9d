"""How far a difference that is looked at every second has to be from nothing."""

import math

from monitor.core.student import normal_density


def critical_value(alpha: float, ratio: float) -> float:
    """Return how many standard errors an estimate is off by chance, at any of all looks, with probability alpha.

    An estimate that is looked at again and again is a Brownian motion in information; where the most information
    it can have is `ratio` times the least, the flat boundary is the largest |B(t)| / sqrt(t) over such a span of
    t (Siegmund's tail formula).
    """
    spread = math.log(ratio)
    low, high = 1.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2.0
        chance = normal_density(middle) * ((middle - 1.0 / middle) * spread + 4.0 / middle)
        low, high = (middle, high) if chance > alpha else (low, middle)
    return high
