"""Forecasts from the rolling frame, once a minute for everybody."""

import numpy as np
import pytest

from builders import monitor, sample
from fakes import ManualClock
from monitor.core.forecast import Forecast
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.refusal import Refusal
from monitor.core.rollup import MINUTE_MS
from monitor.core.snapshot import Ticks
from monitor.engine.forecasts import HISTORY_MINUTES, Forecasts
from monitor.engine.monitor import Monitor

MINUTE = 60_000 * 28_333_333


def leaking(minutes: int, then: int = 0) -> Monitor:
    """Return a monitor whose target's memory grew by 0.1 a minute, and `then` seconds of the next minute."""
    made = monitor()
    random = np.random.default_rng(1)
    for second in range(60 * minutes + then):
        row = np.full(len(COLUMNS), np.nan)
        row[COLUMN["memory_mb"]] = 100.0 + 0.1 * second / 60.0 + random.normal()
        made.window.append(second + 1, MINUTE + 1000 * second, row)
    return made


def test_it_starts_where_the_newest_whole_minute_ended() -> None:
    """A minute that is not over is not in it."""
    made = Forecasts(leaking(200, then=30)).outlook("memory_mb")
    assert isinstance(made.forecast, Forecast)
    assert made.at == MINUTE + 200 * MINUTE_MS
    assert made.timestamp.tolist() == [made.at + minute * MINUTE_MS for minute in range(30)]
    assert made.forecast.minutes == 200
    assert made.forecast.values[0] == pytest.approx(120.0, abs=0.5)


def test_everybody_gets_the_one_that_was_made_this_minute() -> None:
    """Another when the minute is over."""
    watched = leaking(200, then=30)
    forecasts = Forecasts(watched)
    first = forecasts.outlook("memory_mb")
    watched.window.append(99_999, MINUTE + 200 * MINUTE_MS + 59_000, np.full(len(COLUMNS), 1.0))
    assert forecasts.outlook("memory_mb") is first
    assert forecasts.outlook("memory_mb", 60) is not first
    watched.window.append(99_999, MINUTE + 201 * MINUTE_MS, np.full(len(COLUMNS), 1.0))
    later = forecasts.outlook("memory_mb")
    assert later.at == MINUTE + 201 * MINUTE_MS


def test_a_rule_that_changes_is_told_of_at_once() -> None:
    """Not only in the next minute; memory grows from 100 by 0.1 a minute to 120."""
    watched = leaking(200)
    forecasts = Forecasts(watched)
    (reached,) = forecasts.outlook("memory_mb").approaches
    assert reached.crossing == Refusal("the threshold is reached already")
    rule = {**reached.rule.document(), "threshold": 125.0}
    watched.alerting.replace(reached.rule.id, rule)
    (later,) = forecasts.outlook("memory_mb").approaches
    assert later.seconds == pytest.approx(50 * 60, abs=300)
    watched.alerting.replace(reached.rule.id, {**rule, "enabled": False})
    assert forecasts.outlook("memory_mb").approaches == ()


def test_nothing_measured_is_said_so() -> None:
    """Neither a forecast nor an error."""
    none = Forecasts(monitor()).outlook("memory_mb")
    assert (none.at, none.timestamp.tolist()) == (None, [])
    assert none.forecast == Refusal("a forecast needs 120 measured minutes, there are 0")
    other = Forecasts(leaking(130)).outlook("latency_ms")
    assert other.forecast == Refusal("a forecast needs 120 measured minutes, there are 0")


def test_percentiles_are_of_all_operations_of_a_minute() -> None:
    """A slow second with few operations does not become the p95 of the busy ones beside it."""
    clock = ManualClock(wall=MINUTE / 1000 - 1)
    made = monitor(clock)
    for number in range(121):
        clock.advance(1.0)
        slow = number % 60 == 30
        counts = np.zeros(BUCKETS)
        counts[np.searchsorted(BOUNDS, 1.0 if slow else 0.010)] = 10 if slow else 1000
        values = {"latency_p95_ms": 1000.0 if slow else 10.0}
        made.observe(sample(values, clock=clock, latency=Histogram(counts, 10.0)), Ticks(number, 0, 0))
    means = Forecasts(made).means("latency_p95_ms", MINUTE + 2 * MINUTE_MS)
    assert len(means) == HISTORY_MINUTES
    assert np.isnan(means[:-2]).all()
    assert means[-2:] == pytest.approx([10.0, 10.0], rel=0.1)
