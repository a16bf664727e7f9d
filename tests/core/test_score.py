"""Optimisation score."""

import pytest

from monitor.core.score import jain_index, optimization_score

NOTHING = {"batch_fill": None, "compression_ratio": None, "pool_hit": None, "pool_saving": None, "balance": None}


def test_no_gauge_no_score() -> None:
    """A target without mechanisms has no score, not 0."""
    assert optimization_score(**NOTHING) is None


def test_the_score_is_the_mean_of_the_gauges_present() -> None:
    """Missing gauges drop out."""
    score = optimization_score(**{**NOTHING, "batch_fill": 0.5, "compression_ratio": 4.0})
    assert score is not None
    assert score.parts == {"batch fill": 0.5, "compression saving": 0.75}
    assert score.value == pytest.approx(62.5)


def test_gauges_outside_their_range_are_clipped() -> None:
    """Compression that makes things larger saves nothing; it does not cost points of others."""
    score = optimization_score(**{**NOTHING, "compression_ratio": 0.5, "pool_hit": 1.2})
    assert score is not None
    assert score.value == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("shares", "index"), [([1.0, 1.0, 1.0], 1.0), ([1.0, 0.0, 0.0, 0.0], 0.25), ([0.0, 0.0], None), ([], None)]
)
def test_jain_index(shares: list[float], index: float | None) -> None:
    """Even is 1, one of n is 1/n, idle is unknown."""
    assert jain_index(shares) == (None if index is None else pytest.approx(index))
