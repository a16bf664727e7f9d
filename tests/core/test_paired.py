"""The mean of pairs that were measured in either order."""

from statistics import NormalDist

import pytest

from monitor.core.paired import paired

CRITICAL = NormalDist().inv_cdf(0.995)


def test_its_interval_is_students_at_99_percent() -> None:
    """By tables: t(0.995) is 5.8409 with 3 degrees, 4.6041 with 4, 3.7074 with 6."""
    four = paired([1.0, 3.0], [2.0, 6.0], CRITICAL)
    assert four is not None
    assert (four.mean, four.degrees) == (3.0, 3)
    assert four.half_width == pytest.approx(5.8409 * (14 / 3 / 4) ** 0.5, rel=1e-4)
    six = paired([1.0, 2.0, 3.0], [5.0, 7.0, 9.0], CRITICAL)
    assert six is not None
    assert (six.mean, six.degrees) == (4.5, 4)
    assert six.half_width == pytest.approx(4.6041 * (2.5 * (2 / 3) / 4) ** 0.5, rel=1e-4)
    eight = paired([0.0, 2.0], [1.0, 3.0, 1.0, 3.0, 1.0, 3.0], CRITICAL)
    assert eight is not None
    assert (eight.mean, eight.degrees) == (1.5, 6)
    assert eight.half_width == pytest.approx(3.7074 * (8 / 6 * (1 / 2 + 1 / 6) / 4) ** 0.5, rel=1e-4)


def test_a_drift_is_taken_from_the_one_order_as_it_is_added_to_the_other() -> None:
    """However many there are of each."""
    found = paired([1.1, 1.1], [0.9, 0.9, 0.9], CRITICAL, least=1e-6)
    assert found is not None
    assert found.mean == pytest.approx(1.0)
    assert found.half_width == pytest.approx(5.8409e-3, rel=1e-4)


@pytest.mark.parametrize(("first", "second"), [(2, 1), (3, 1), (1, 6), (4, 0), (0, 0)])
def test_too_few_are_none(first: int, second: int) -> None:
    """Four in all, two of each order."""
    assert paired([1.0] * first, [1.0] * second, CRITICAL) is None
