"""The last minute against the minute before it."""

import numpy as np
import pytest

from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.summary import Summary, summarize
from monitor.core.window import Rows

METRIC = "throughput_ops_sec"


def rows(values: list[float]) -> tuple[Rows, int]:
    """One row a second, the last at the returned moment."""
    table = np.full((len(values), len(COLUMNS)), np.nan)
    table[:, COLUMN[METRIC]] = values
    timestamp = np.arange(len(values), dtype=np.int64) * 1000
    return Rows(np.arange(1, len(values) + 1), timestamp, table), int(timestamp[-1]) if values else 0


def of(values: list[float]) -> Summary:
    made, now = rows(values)
    return summarize(made, now)[METRIC]


def test_nothing_measured_is_none() -> None:
    """Not 0."""
    assert of([float("nan")] * 60) == Summary(None, None, None, None, settled=False)
    assert of([]) == Summary(None, None, None, None, settled=False)


def test_mean_and_peak_are_of_the_last_60_seconds() -> None:
    """Older seconds do not count."""
    summary = of([1000.0] * 60 + [10.0] * 30 + [20.0] * 30)
    assert summary.mean == pytest.approx(15.0)
    assert summary.peak == 20.0
    assert summary.peak_at == 90_000


def test_there_is_no_change_without_a_full_enough_minute_before() -> None:
    """A trend needs something to be compared with."""
    assert of([10.0] * 70).change_percent is None


def test_a_step_is_settled_and_signed() -> None:
    """+50 % above noise."""
    noise = np.random.default_rng(1).normal(0, 1, 120)
    summary = of((np.where(np.arange(120) < 60, 100.0, 150.0) + noise).tolist())
    assert summary.settled
    assert summary.change_percent == pytest.approx(50.0, abs=1.0)


def test_noise_alone_is_settled_in_few_of_many_minutes() -> None:
    """The flat mark is the rule where nothing happened."""
    generator = np.random.default_rng(7)
    settled = sum(of(generator.normal(100, 10, 120).tolist()).settled for _ in range(200))
    assert settled < 30


def test_a_target_that_talks_nonsense_is_no_warning_and_settles_nothing() -> None:
    """1e300 squared is infinite; the summary stays a summary."""
    summary = of([1e300, -1e300] * 60)
    assert summary.peak == 1e300
    assert not summary.settled


def test_what_stays_at_zero_is_steady() -> None:
    """No errors in both minutes are no change, not an unknown one."""
    summary = of([0.0] * 120)
    assert summary.change_percent == 0.0
    assert not summary.settled


def test_a_mean_of_zero_before_has_no_percentage() -> None:
    """No division by zero, no infinity."""
    assert of([0.0] * 60 + [5.0] * 60).change_percent is None


def test_a_trend_can_be_told_at_an_interval_of_15_seconds() -> None:
    """Four samples a minute are enough, three are not."""
    table = np.full((8, len(COLUMNS)), np.nan)
    table[:, COLUMN[METRIC]] = [10.0, 10.1, 9.9, 10.0, 20.0, 20.1, 19.9, 20.0]
    timestamp = np.arange(8, dtype=np.int64) * 15_000
    summary = summarize(Rows(np.arange(1, 9), timestamp, table), int(timestamp[-1]))[METRIC]
    assert summary.change_percent == pytest.approx(100.0)
    assert summary.settled
    fewer = summarize(Rows(np.arange(1, 8), timestamp[1:], table[1:]), int(timestamp[-1]))[METRIC]
    assert fewer.change_percent is None
