"""Times to a threshold: rarely told where there is no trend, and right where there is one."""

import numpy as np
import pytest

from benchmarks.stats.kinds import KINDS
from benchmarks.stats.predictions import shown_crossings
from benchmarks.stats.worlds import autoregression
from monitor.core.histogram import Floats
from monitor.core.refusal import Refusal
from monitor.core.rule import Condition
from monitor.core.trend import Crossing, time_to_threshold

RUNS = 200
RISE = np.arange(240.0)


@pytest.mark.parametrize("deviations", [1.0, 3.0])
def test_a_stationary_series_reaches_nothing(deviations: float) -> None:
    """A time is told for at most 2 % of them."""
    assert shown_crossings(KINDS["stationary"], RUNS, 3, deviations) <= 0.02


@pytest.mark.parametrize("minutes", [120, 240, 360])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_interval_holds_the_time(minutes: int, sign: float) -> None:
    """80 % of the intervals, chance apart; rising or falling."""
    ahead, hits, told = minutes / 3, 0, 0
    for noise in autoregression(0.5)(np.random.default_rng(4), RUNS, minutes):
        means = 100.0 + sign * 0.1 * np.arange(minutes) + noise
        threshold = 100.0 + sign * 0.1 * (minutes - 1 + ahead)
        found = time_to_threshold(means, threshold, Condition.ABOVE if sign > 0 else Condition.BELOW)
        if isinstance(found, Crossing):
            told += 1
            hits += found.early <= ahead and (found.late is None or ahead <= found.late)
            assert found.early <= found.minutes <= found.horizon
            assert found.slope_low <= found.slope <= found.slope_high
            assert sign * found.slope_low > 0
    assert told > 0.8 * RUNS
    assert 0.74 <= hits / told <= 0.95


def noisy(means: Floats) -> Floats:
    return means + np.random.default_rng(5).normal(0, 1.0, len(means))


def test_rising_and_falling_are_mirror_images() -> None:
    """One rule for both directions."""
    up = time_to_threshold(noisy(RISE), 300.0, Condition.ABOVE)
    down = time_to_threshold(-noisy(RISE), -300.0, Condition.BELOW)
    assert isinstance(up, Crossing)
    assert isinstance(down, Crossing)
    assert (up.early, up.minutes, up.late) == (down.early, down.minutes, down.late)
    assert up.slope == -down.slope
    assert up.minutes == pytest.approx(61, abs=1)


def test_missing_minutes_are_gaps_and_the_newest_six_hours_count() -> None:
    """A level of the day before is no part of the trend."""
    means = noisy(RISE)
    means[100:120] = np.nan
    found = time_to_threshold(means, 300.0, Condition.ABOVE)
    assert isinstance(found, Crossing)
    assert found.minutes == pytest.approx(61, abs=1)
    long = time_to_threshold(
        np.concatenate([np.full(1000, 900.0), noisy(np.arange(360.0))]), 420.0, Condition.ABOVE
    )
    assert isinstance(long, Crossing)
    assert (long.history, long.horizon) == (360, 180.0)


def test_minutes_before_the_first_measured_one_are_no_history() -> None:
    """Half of what was measured, not of what could have been."""
    rise = noisy(RISE[:200])
    found = time_to_threshold(np.concatenate([np.full(1240, np.nan), rise]), 220.0, Condition.ABOVE)
    assert found == time_to_threshold(rise, 220.0, Condition.ABOVE)
    assert isinstance(found, Crossing)
    assert (found.history, found.horizon) == (200, 100.0)


def test_a_late_end_beyond_half_of_the_history_is_not_told() -> None:
    """It may be later than anything that is said."""
    found = time_to_threshold(noisy(0.02 * RISE), 7.4, Condition.ABOVE)
    assert isinstance(found, Crossing)
    assert found.late is None


@pytest.mark.parametrize(
    ("means", "threshold", "condition", "reason"),
    [
        (np.empty(0), 1.0, Condition.ABOVE, "a trend needs 60 measured minutes, there are 0"),
        (RISE[:59], 300.0, Condition.ABOVE, "a trend needs 60 measured minutes, there are 59"),
        (noisy(0 * RISE), 3.0, Condition.ABOVE, "no trend that the noise could not have made"),
        (np.full(240, 7.0), 8.0, Condition.ABOVE, "no trend that the noise could not have made"),
        (noisy(RISE), 200.0, Condition.ABOVE, "the threshold is reached already"),
        (
            np.concatenate([noisy(RISE), np.full(5, np.nan)]),
            300.0,
            Condition.ABOVE,
            "the last 5 minutes were not measured",
        ),
        (np.full(360, np.nan), 300.0, Condition.ABOVE, "a trend needs 60 measured minutes, there are 0"),
        (noisy(RISE), 300.0, Condition.EQUAL, "a trend passes one value, it does not stay there"),
        (noisy(RISE), 100.0, Condition.BELOW, "the trend leads away from the threshold"),
        (
            noisy(RISE),
            400.0,
            Condition.ABOVE,
            "not within 120 minutes, half of the history; of later nothing is said",
        ),
        (
            np.cumsum(np.random.default_rng(6).normal(0, 1.0, 240)),
            50.0,
            Condition.ABOVE,
            "each minute resembles the one before too much to tell a trend",
        ),
    ],
)
def test_it_says_why_there_is_none(means: Floats, threshold: float, condition: Condition, reason: str) -> None:
    """In words."""
    assert time_to_threshold(means, threshold, condition) == Refusal(reason)
