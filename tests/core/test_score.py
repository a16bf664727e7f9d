"""Optimisation score."""

import numpy as np
import pytest

from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.score import jain_index, optimization_score, score_rows

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


def rows(*seconds: dict[str, float]) -> np.ndarray:
    table = np.full((len(seconds), len(COLUMNS)), np.nan)
    for row, values in zip(table, seconds, strict=True):
        for metric, value in values.items():
            row[COLUMN[metric]] = value
    return table


def test_a_minute_is_scored_by_its_means() -> None:
    """Pool saving is reused of all that was handed out; balance is over the workers that report."""
    score = score_rows(
        rows(
            {"pool_saved_mb": 0.0, "pool_allocated_mb": 10.0, "worker_cpu_1": 4.0, "worker_cpu_2": 4.0},
            {"pool_saved_mb": 30.0, "pool_allocated_mb": 0.0, "worker_cpu_1": 4.0, "worker_cpu_2": 4.0},
        )
    )
    assert score is not None
    assert score.parts == {"pool saving": 0.75, "balance": 1.0}


def test_a_mechanism_that_reports_nothing_now_has_no_gauge() -> None:
    """What it did a minute ago is over."""
    assert score_rows(rows({"pool_hit_rate": 100.0}, {"latency_ms": 1.0})) is None


def test_nothing_handed_out_saves_nothing_and_costs_no_division() -> None:
    """0 of 0 is unknown."""
    assert score_rows(rows({"pool_saved_mb": 0.0, "pool_allocated_mb": 0.0})) is None
