"""Forecasts: what their bands hold, what they say of themselves, and when they say nothing."""

import numpy as np
import pytest

from benchmarks.stats.kinds import KINDS
from benchmarks.stats.predictions import ForecastTrial
from monitor.core.forecast import LEVELS, NO_SKILL, SURPRISED, Forecast, forecast, project
from monitor.core.histogram import Floats
from monitor.core.refusal import Refusal


def series(kind: str, seed: int = 1, minutes: int = 360) -> Floats:
    return KINDS[kind](np.random.default_rng(seed), 1, minutes)[0]


def made(means: Floats, horizon: int = 30) -> Forecast:
    found = project(means, horizon)
    assert isinstance(found, Forecast)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_bands_hold_what_they_say(kind: str) -> None:
    """Of 40 series; `make stats` has 400 of each. No worse than a fifth beyond "same as now"."""
    found = ForecastTrial().run(KINDS[kind], 40, seed=5)
    assert 0.75 <= found.covered[0] <= 0.93
    assert found.covered[1] >= 0.90
    assert found.error <= 1.2


@pytest.mark.parametrize("kind", KINDS)
def test_what_bands_held_is_what_they_would_have_held(kind: str) -> None:
    """Made anew from each past minute on, from what was known then alone."""
    means = series(kind)
    means[np.random.default_rng(2).random(360) < 0.1] = np.nan
    means[0] = 100.0
    inside: list[list[bool]] = [[] for _ in LEVELS]
    for minute in range(329, 118, -30):
        before, came = project(means[: minute + 1], 30), means[minute + 1 : minute + 31]
        if isinstance(before, Forecast):
            known = ~np.isnan(came)
            for counted, band in zip(inside, before.bands, strict=True):
                counted.extend(((band.low <= came) & (came <= band.high))[known].tolist())
    assert len(inside[0]) > 100
    assert [band.held for band in made(means).bands] == pytest.approx([np.mean(held) for held in inside])


def test_skill_is_against_the_present_value() -> None:
    """A leak can be foreseen, a random walk cannot; of 40 walks one may look as if."""
    assert made(series("leak")).skill > 0.3
    walks = [forecast(series("random walk", seed), 30) for seed in range(40)]
    silent = [walk for walk in walks if isinstance(walk, Refusal)]
    assert len(silent) >= 37
    assert {walk.reason for walk in silent} == {NO_SKILL}


@pytest.mark.parametrize("kind", ["stationary", "leak", "daily cycle"])
def test_after_a_jump_it_is_silent_until_the_present_is_understood(kind: str) -> None:
    """A band as narrow as the calm before it would be wrong; series that go on as ever are not surprising."""
    for seed in range(10):
        means = series(kind, seed)
        assert forecast(means, 30) != Refusal(SURPRISED)
        means[-5:] += 10.0 * means.std()
        assert forecast(means, 30) == Refusal(SURPRISED)
        assert isinstance(project(means, 30), Forecast)


def test_a_leak_goes_on() -> None:
    """By 0.1 a minute."""
    found = forecast(series("leak"), 30)
    assert isinstance(found, Forecast)
    assert found.values[-1] == pytest.approx(100 + 0.1 * 389, abs=1.5)
    assert np.all(np.diff(found.values) > 0)
    assert np.all(found.bands[0].low <= found.values)
    assert np.all(found.bands[0].high <= found.bands[1].high)


def test_missing_minutes_are_gaps() -> None:
    """Neither 0 nor the last value again: the trend goes on over them, the bands are little wider."""
    whole, holed = series("leak"), series("leak")
    holed[np.random.default_rng(3).random(360) < 0.2] = np.nan
    holed[200:220] = np.nan
    one, other = made(whole), made(holed)
    assert other.values == pytest.approx(one.values, abs=1.5)
    assert np.mean(other.bands[0].high - other.values) < 2.5 * np.mean(one.bands[0].high - one.values)


def test_unknown_minutes_before_the_first_change_nothing() -> None:
    """The history begins where something was measured."""
    means = series("leak")
    one, other = made(means), made(np.concatenate([np.full(1000, np.nan), means]))
    assert np.array_equal(one.values, other.values)
    assert (one.minutes, one.skill) == (other.minutes, other.skill)


def test_what_cannot_be_below_nothing_is_not() -> None:
    """Neither the values nor the bands."""
    found = project(np.maximum(series("stationary") - 105.0, 0.0), 30, least=0.0)
    assert isinstance(found, Forecast)
    assert min(found.values.min(), *(band.low.min() for band in found.bands)) >= 0.0


@pytest.mark.parametrize(
    ("means", "horizon", "reason"),
    [
        (np.empty(0), 30, "a forecast needs 120 measured minutes, there are 0"),
        (np.full(500, np.nan), 30, "a forecast needs 120 measured minutes, there are 0"),
        (series("leak", minutes=119), 30, "a forecast needs 120 measured minutes, there are 119"),
        (series("leak", minutes=120), 41, "41 minutes are more than a third of the history, which has 120"),
        (np.append(series("leak"), [np.nan] * 5), 30, "the last 5 minutes were not measured"),
        (np.full(360, 7.0), 30, NO_SKILL),
        (
            np.concatenate([series("leak", minutes=120), np.full(300, np.nan), series("leak", minutes=3)]),
            120,
            "too few minutes were measured to tell how far a forecast is off",
        ),
    ],
)
def test_it_says_why_there_is_none(means: Floats, horizon: int, reason: str) -> None:
    """In words."""
    assert forecast(means, horizon) == Refusal(reason)


def test_two_hours_are_enough_and_say_nothing_of_what_was_held() -> None:
    """There was no earlier forecast to look at."""
    found = made(series("leak", minutes=120), 40)
    assert len(found.values) == 40
    assert [band.held for band in found.bands] == [None, None]
