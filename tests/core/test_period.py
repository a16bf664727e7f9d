"""A period in numbers."""

import numpy as np
import pytest

from monitor.core.histogram import BUCKETS
from monitor.core.latency_log import Past
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.period import METRICS, Period
from monitor.core.spans import Spans, cut
from monitor.core.window import Rows


def period(columns: dict[str, list[float]], seconds: int = 100, interval: float = 1.0) -> Period:
    """Return the period of so many samples; metrics that are not named are unknown."""
    values = np.full((seconds, len(COLUMNS)), np.nan)
    for metric, column in columns.items():
        values[:, COLUMN[metric]] = column
    made = Rows(np.arange(seconds), np.arange(seconds, dtype=np.int64) * round(1000 * interval), values)
    past = Past(np.empty(0, np.int64), np.empty((0, BUCKETS + 1), np.float32), np.empty(0, np.int64))
    edges = cut(0, round(1000 * interval) * seconds, 7000)
    return Period.of(Spans.of([made], past, edges, METRICS), interval)


def test_operations_and_errors_are_counted_not_averaged() -> None:
    """A busy second has more of both than an idle one."""
    found = period(
        {
            "throughput_ops_sec": [1000.0] * 50 + [10.0] * 50,
            "failed_ops_sec": [1.0] * 50 + [5.0] * 50,
        }
    )
    assert found.operations == pytest.approx(50_500)
    assert found.errors == pytest.approx(300)
    assert found.error_percent == pytest.approx(100 * 300 / 50_500)
    assert found.measured == 100


def test_uptime_is_of_the_seconds_in_which_the_target_was_asked() -> None:
    """Seconds without a sample are nobody's; two seconds' samples count twice."""
    answered = [100.0] * 90 + [0.0] * 6 + [np.nan] * 4
    found = period({"answered": answered})
    assert (found.asked, found.lost) == (96, pytest.approx(6))
    assert found.uptime_percent == pytest.approx(100 * 90 / 96)
    assert period({"answered": answered}, interval=2.0).lost == pytest.approx(12)


def test_unknown_is_none() -> None:
    """Never 0."""
    found = period({})
    assert (found.operations, found.errors, found.error_percent, found.lost) == (None, None, None, None)
    assert found.uptime_percent is None
    assert set(found.percentiles.values()) == {None}


def test_errors_are_of_the_operations_among_which_they_were_counted() -> None:
    """Seconds in which nobody counted errors are not without errors; of nothing there is no share."""
    throughput = [100.0] * 100
    found = period({"throughput_ops_sec": throughput, "failed_ops_sec": [np.nan] * 90 + [10.0] * 10})
    assert (found.operations, found.errors) == (pytest.approx(10_000), pytest.approx(100))
    assert found.error_percent == pytest.approx(10)
    idle = period({"throughput_ops_sec": [0.0] * 100, "failed_ops_sec": [0.0] * 100})
    assert (idle.operations, idle.errors, idle.error_percent) == (0, 0, None)
    assert period({"throughput_ops_sec": throughput}).error_percent is None
