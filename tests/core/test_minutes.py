"""Means of whole minutes."""

import numpy as np

from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.minutes import minute_means
from monitor.core.rollup import MINUTE_MS
from monitor.core.window import Rows

START = 60_000 * 28_333_333


def rows(moments: list[int], values: list[float]) -> Rows:
    """Return rows of CPU at `moments`, ms after the start."""
    table = np.full((len(moments), len(COLUMNS)), np.nan)
    table[:, COLUMN["cpu_utilization"]] = values
    return Rows(np.arange(len(moments)), START + np.array(moments, np.int64), table)


def test_each_minute_is_the_mean_of_its_samples() -> None:
    """Whatever part they are in, and in whatever order; what is outside is passed over."""
    parts = [
        rows([-1, 0, 59_999], [900.0, 1.0, 3.0]),
        rows([120_000, 60_000, 70_000], [900.0, 5.0, 6.0]),
    ]
    means = minute_means(parts, "cpu_utilization", START, 2, 30_000)
    assert means.tolist() == [2.0, 5.5]


def test_a_minute_is_unknown_where_fewer_than_half_of_its_samples_are_known() -> None:
    """Never 0."""
    moments = list(range(0, 2 * MINUTE_MS, 1000))
    values = [1.0] * 30 + [np.nan] * 30 + [1.0] * 29 + [np.nan] * 31
    means = minute_means([rows(moments, values)], "cpu_utilization", START, 3, 1000)
    assert means[0] == 1.0
    assert np.isnan(means[1:]).all()


def test_a_sample_a_minute_is_enough_where_no_more_are_taken() -> None:
    """The rule goes by the interval."""
    assert minute_means([rows([500], [4.0])], "cpu_utilization", START, 1, 60_000).tolist() == [4.0]
