"""What the baseline's service would show at a load."""

from typing import Any

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline
from monitor.core.baseline import COMPARED, Baseline, load_of
from monitor.core.expectation import Expectation
from monitor.core.metric import COLUMN
from monitor.core.window import Rows


@pytest.fixture(scope="module")
def before() -> Rows:
    return Service().rows(np.random.default_rng(7), 3600, START_MS)


@pytest.fixture(scope="module")
def frozen(before: Rows) -> Baseline:
    return baseline(before, 900)


@pytest.mark.parametrize("metric", COMPARED)
def test_over_the_baseline_itself_it_is_what_was_seen(before: Rows, frozen: Baseline, metric: str) -> None:
    """Means of the expected and of the seen agree where the loads are known; it follows the load within it."""
    one: Any = Expectation.of(frozen, metric)
    window = before.values[-900:]
    expected, seen = one.at(load_of(window)), window[:, COLUMN[metric]]
    known = np.isfinite(expected)
    assert known.mean() > 0.95
    assert expected[known].mean() == pytest.approx(seen[known].mean(), rel=0.01)


def test_it_is_the_model_that_comparisons_use(frozen: Baseline) -> None:
    """A second at which a metric is what is expected is one with no change."""
    one, load = frozen.metrics["latency_ms"], np.array([frozen.mean_load])
    expected: Any = Expectation.of(frozen, "latency_ms")
    assert expected.at(load)[0] / one.model.at(float(load[0])) == pytest.approx(one.reference.mean)


def test_a_load_that_was_never_seen_is_a_gap(frozen: Baseline) -> None:
    """Beyond the baseline's loads, at none and at an unknown one nothing is expected."""
    assert frozen.load is not None
    one: Any = Expectation.of(frozen, "cpu_utilization")
    beyond = np.array([0.9 * frozen.load.low, 1.1 * frozen.load.high, 0.0, np.nan])
    assert np.isnan(one.at(beyond)).all()


def test_without_a_load_it_is_the_mean(before: Rows) -> None:
    """A target that tells no load is expected to go on as it was, whatever the load."""
    values = before.values.copy()
    values[:, [COLUMN["offered_ops_sec"], COLUMN["throughput_ops_sec"]]] = np.nan
    frozen = baseline(Rows(before.seq, before.timestamp, values), 900)
    one: Any = Expectation.of(frozen, "memory_mb")
    assert one.at(np.array([np.nan, 5.0])).tolist() == [frozen.metrics["memory_mb"].mean] * 2
    assert Expectation.of(frozen, "throughput_ops_sec") is None
