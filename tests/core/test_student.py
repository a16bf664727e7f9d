"""Student's quantiles."""

import math
from itertools import pairwise

import pytest

from monitor.core.student import normal_tail, student_quantile


def z_of(tail: float) -> float:
    """Return z with P(Z > z) = tail, by bisection."""
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_tail(middle) > tail else (low, middle)
    return low


@pytest.mark.parametrize(
    ("tail", "degrees", "quantile"),
    [
        # From printed tables of the distribution.
        (0.005, 3, 5.8409),
        (0.025, 4, 2.7764),
        (0.005, 4, 4.6041),
        (0.0005, 4, 8.6103),
        (0.001, 5, 5.8934),
        (0.005, 10, 3.1693),
        (0.0005, 10, 4.5869),
        (0.001, 20, 3.5518),
        (0.0005, 25, 3.7251),
        (0.0005, 30, 3.6460),
        (0.001, 60, 3.2317),
        (0.0005, 120, 3.3735),
    ],
)
def test_quantiles_are_those_of_the_tables(tail: float, degrees: int, quantile: float) -> None:
    """To the tables' four decimals below 30 degrees, to 0.2 % above."""
    found = student_quantile(z_of(tail), degrees)
    assert found == pytest.approx(quantile, abs=1e-4 if degrees < 30 else 0, rel=0.002)


def test_it_falls_towards_the_normal_quantile() -> None:
    """And never jumps where the method changes."""
    values = [student_quantile(3.0, 4 + step / 4) for step in range(400)]
    assert all(later < earlier for earlier, later in pairwise(values))
    assert student_quantile(3.0, 1e9) == pytest.approx(3.0)
    assert math.isclose(student_quantile(3.0, 29.999), student_quantile(3.0, 30.001), rel_tol=0.002)


def test_less_than_three_degrees_are_refused() -> None:
    """No interval is issued there."""
    with pytest.raises(ValueError, match="3 degrees"):
        student_quantile(2.0, 2.9)
