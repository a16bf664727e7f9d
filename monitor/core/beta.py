"""The incomplete beta function, behind the tails of Student's and the binomial distribution."""

import math
from typing import Final

_TERMS: Final = 10_000
_PRECISION: Final = 1e-13
_TINY: Final = 1e-300


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised I_x(a, b), a and b > 0, by its continued fraction (DLMF 8.17.22, Lentz' method)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(1.0 - x, b, a)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(scale + a * math.log(x) + b * math.log1p(-x)) / a
    fraction, numerator, denominator = 1.0, 1.0, 0.0
    for term in range(1, _TERMS):
        half, odd = divmod(term, 2)
        if odd:
            factor = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            factor = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        denominator = 1.0 / ((1.0 + factor * denominator) or _TINY)
        numerator = (1.0 + factor / numerator) or _TINY
        change = numerator * denominator
        fraction *= change
        if abs(change - 1.0) < _PRECISION:
            break
    return front / fraction


def beta_quantile(tail: float, a: float, b: float) -> float:
    """Return x with I_x(a, b) = tail, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if incomplete_beta(middle, a, b) < tail else (low, middle)
    return (low + high) / 2.0
