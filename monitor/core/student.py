"""Quantiles of Student's t, without a statistics library: one function would cost 100 MB of one."""

import math
from typing import Final

from monitor.core.beta import incomplete_beta

_NORMAL_DEGREES: Final = 30.0
_LEAST_DEGREES: Final = 3.0
_STEPS: Final = 20
_PRECISION: Final = 1e-7


def normal_tail(z: float) -> float:
    """Return P(Z > z) of the standard normal distribution."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def normal_density(z: float) -> float:
    """Return the standard normal density."""
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def student_quantile(z: float, degrees: float) -> float:
    """Return t with P(T > t) = P(Z > z), T having `degrees` (>= 3) degrees of freedom. z >= 0.

    From 30 degrees on the expansion of Cornish and Fisher (relative error below 0.2 %); below that the same as the
    start of Newton's method on the tail, which is an incomplete beta function.
    """
    if degrees < _LEAST_DEGREES:
        raise ValueError("the quantile is for 3 degrees of freedom or more")
    t = _expansion(z, degrees)
    if degrees >= _NORMAL_DEGREES:
        return t
    target = normal_tail(z)
    for _ in range(_STEPS):
        # On the logarithm, which is nearly a straight line out there.
        tail = _tail(t, degrees)
        step = tail * math.log(tail / target) / _density(t, degrees)
        t += step
        if abs(step) < _PRECISION * t:
            break
    return t


def _expansion(z: float, degrees: float) -> float:
    square = z * z
    first = (square + 1.0) / (4.0 * degrees)
    second = (5.0 * square * square + 16.0 * square + 3.0) / (96.0 * degrees * degrees)
    return z * (1.0 + first + second)


def _density(t: float, degrees: float) -> float:
    scale = math.lgamma((degrees + 1.0) / 2.0) - math.lgamma(degrees / 2.0) - 0.5 * math.log(degrees * math.pi)
    return math.exp(scale - (degrees + 1.0) / 2.0 * math.log1p(t * t / degrees))


def _tail(t: float, degrees: float) -> float:
    """Return P(T > t), t >= 0."""
    return 0.5 * incomplete_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5)
