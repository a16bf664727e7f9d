"""A target that restarts under a comparison."""

import pytest

from benchmarks.stats.restarts import RestartTrial
from benchmarks.stats.worlds import autoregression


@pytest.mark.parametrize("told", [True, False])
def test_counters_that_begin_anew_change_no_verdict(told: bool) -> None:
    """One second is missing, no rate is false; where the start is told it is marked, and warms up again."""
    for run in RestartTrial(told=told).run(autoregression(0.7), 2, seed=1):
        assert run.sound
        assert run.shown
        assert run.unchanged
