"""Errors: counts are tested exactly, at a few looks."""

import math

import numpy as np
import pytest

from benchmarks.stats.errors import ErrorTrial
from benchmarks.stats.trials import share
from monitor.core.batch_means import BatchMeans
from monitor.core.beta import beta_quantile, incomplete_beta
from monitor.core.error_comparison import ErrorComparison, ErrorCounts, design_effect
from monitor.core.verdict import Verdict

RUNS = 40
WRONG = (Verdict.BETTER, Verdict.WORSE)


def test_errors_that_begin_are_found_in_seconds() -> None:
    """0 to 0.1 % at 500 operations a second: within 20 s."""
    assert share(ErrorTrial(0.0, 0.001).run(100, seed=1), Verdict.WORSE, within=20) >= 0.99 - 0.01


def test_errors_that_end_are_better() -> None:
    """1 % to 0.2 %."""
    assert share(ErrorTrial(0.01, 0.002, looks=120).run(RUNS, seed=2), Verdict.BETTER) == 1.0


def test_no_errors_then_and_now_change_no_verdict() -> None:
    """Nothing is divided by 0."""
    runs = ErrorTrial(0.0, 0.0).run(3, seed=3)
    assert share(runs, *WRONG) == 0
    comparison = ErrorComparison(ErrorCounts(0.0, 150_000.0, 300), 1.0, 0.01)
    for _ in range(60):
        comparison.add(500.0, 0.0)
    change = comparison.change
    assert change is not None
    assert (change.points, change.before.percent, change.now.percent) == (0.0, 0.0, 0.0)
    assert change.low < 0 < change.high
    assert change.high < 0.02


@pytest.mark.parametrize("bursts", [False, True])
def test_the_same_rate_is_rarely_called_another(bursts: bool) -> None:
    """Bursts of five seconds are worth a few errors, not hundreds. 3 %; chance may add two runs."""
    assert share(ErrorTrial(0.01, 0.01, bursts=bursts).run(RUNS, seed=4), *WRONG) <= 0.03 + 2 / RUNS


def test_bursts_have_a_design_effect_and_single_errors_have_none() -> None:
    """It is never below 1."""
    single = BatchMeans.of([ErrorTrial(0.01, 0.01)._errors(np.random.default_rng(5), 0.01, 3600)], 5, 0.0)
    bursts = BatchMeans.of(
        [ErrorTrial(0.01, 0.01, bursts=True)._errors(np.random.default_rng(5), 0.01, 3600)], 5, 0.0
    )
    assert 1.0 <= design_effect(single) < 1.5
    assert design_effect(bursts) > 20
    assert design_effect(BatchMeans(5, 0.0)) == 1.0


def test_seconds_without_counts_are_passed_over() -> None:
    """A look comes after ten that have some."""
    comparison = ErrorComparison(ErrorCounts(1.0, 1000.0, 100), 1.0, 0.05)
    for _ in range(9):
        comparison.add(100.0, 1.0)
        comparison.add(math.nan, 1.0)
        comparison.add(100.0, math.nan)
    assert comparison.change is None
    comparison.add(100.0, 1.0)
    assert comparison.change is not None
    assert comparison.change.now == ErrorCounts(10.0, 1000.0, 10)


@pytest.mark.parametrize(("trials", "hits", "chance"), [(10, 3, 0.2), (50, 20, 0.5), (200, 30, 0.1), (5, 5, 0.9)])
def test_the_incomplete_beta_is_the_binomial_tail(trials: int, hits: int, chance: float) -> None:
    """Term by term."""
    tail = sum(math.comb(trials, n) * chance**n * (1 - chance) ** (trials - n) for n in range(hits, trials + 1))
    assert incomplete_beta(chance, hits, trials - hits + 1) == pytest.approx(tail, rel=1e-10)
    quantile = beta_quantile(tail, hits, trials - hits + 1)
    assert quantile == pytest.approx(chance, rel=1e-9)
