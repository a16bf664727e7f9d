"""Steps in series that resemble themselves."""

import numpy as np
import pytest

from benchmarks.stats.worlds import autoregression
from monitor.core.change_point import change_points

RUNS = 60


@pytest.mark.parametrize(("phi", "found"), [(0.5, 0.92), (0.8, 0.80)])
def test_steps_are_found_and_none_made_up(phi: float, found: float) -> None:
    """720 points: no step in 97 of 100 without any; one of two standard deviations within ten points."""
    random = np.random.default_rng(1)
    quiet = autoregression(phi)(random, RUNS, 720)
    assert sum(bool(change_points(series, 0.01)) for series in quiet) <= 0.03 * RUNS + 1
    hits = 0
    for series in autoregression(phi)(random, RUNS, 720):
        at = int(random.integers(120, 600))
        series[at:] += 2.0
        hits += any(abs(step.index - at) <= 10 for step in change_points(series, 0.01))
    assert hits >= (found - 0.05) * RUNS


def test_a_step_says_from_what_to_what() -> None:
    """And where, counted with the gaps."""
    series = np.concatenate([np.full(100, 5.0), np.full(100, 8.0)])
    series += np.random.default_rng(2).normal(0, 0.1, 200)
    series[40:60] = np.nan
    [step] = change_points(series, 0.01)
    assert step.index == 100
    assert (step.before, step.after) == (pytest.approx(5.0, abs=0.1), pytest.approx(8.0, abs=0.1))


@pytest.mark.parametrize("values", [[], [1.0], [np.nan] * 50, [3.0] * 200, list(range(9))])
def test_what_cannot_have_a_step_has_none(values: list[float]) -> None:
    """Too short, unknown, constant."""
    assert change_points(np.array(values, dtype=float), 0.01) == []
