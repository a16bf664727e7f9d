"""Effects that wear off."""

import numpy as np
import pytest

from benchmarks.stats.fading import FadingTrial
from benchmarks.stats.service import START_MS, Service, baseline
from benchmarks.stats.worlds import FADING_WORLDS
from monitor.core.fading import fading
from monitor.core.metric import COLUMN
from monitor.core.window import Rows


def world(seed: int, *slower: tuple[float, int]) -> tuple[Rows, Rows]:
    """Return an hour before a change, and what came after it: (latency's factor, seconds) one after another."""
    random = np.random.default_rng(seed)
    before = Service().rows(random, 3600, START_MS)
    start = int(before.timestamp[-1]) + 1000
    parts = []
    for factor, seconds in slower:
        parts.append(Service(slower=factor).rows(random, seconds, start))
        start = int(parts[-1].timestamp[-1]) + 1000
    return before, Rows.joined(parts)


@pytest.mark.parametrize("seed", range(5))
def test_an_effect_that_ends_is_found_where_it_ended(seed: int) -> None:
    """-20 % of latency for four minutes, then as before."""
    before, after = world(seed, (0.8, 240), (1.0, 240))
    found = fading(baseline(before, 600), after, 1000)
    assert found is not None
    assert found.metric == "latency_ms"
    assert found.at == pytest.approx(int(after.timestamp[240]), abs=20_000)


@pytest.mark.parametrize("seed", range(5))
def test_an_effect_that_lasts_does_not_fade(seed: int) -> None:
    """Nor does one that grows, nor does nothing."""
    for slower in (((0.8, 480),), ((0.9, 240), (0.7, 240)), ((1.0, 480),)):
        before, after = world(seed, *slower)
        assert fading(baseline(before, 600), after, 1000) is None


def test_two_minutes_are_needed() -> None:
    """Less says nothing."""
    before, after = world(1, (0.5, 60), (1.0, 50))
    assert fading(baseline(before, 600), after, 1000) is None


@pytest.mark.parametrize("name", FADING_WORLDS)
def test_noise_is_no_fading_whatever_the_baseline_knew_of_it(name: str) -> None:
    """75 s without a history, four metrics, a search every 30 s. The full setting has 1 % at the most."""
    found = FadingTrial(history=0, baseline=75).run(FADING_WORLDS[name], 10, seed=31)
    assert sum(second is not None for second in found) <= 1


@pytest.mark.parametrize(("history", "seconds"), [(0, 75), (3600, 300)])
def test_noise_that_doubles_with_the_change_is_no_fading(history: int, seconds: int) -> None:
    """The present says itself how much it wanders."""
    trial = FadingTrial(louder=2.0, history=history, baseline=seconds)
    found = trial.run(FADING_WORLDS["phi 0.7"], 10, seed=32)
    assert sum(second is not None for second in found) <= 1


def test_what_ends_after_two_minutes_is_found() -> None:
    """+20 %, with an hour of history: in 80 of 100 runs at the least."""
    found = FadingTrial(((0.2, 120), (0.0, 480))).run(FADING_WORLDS["phi 0.7"], 20, seed=33)
    assert sum(second is not None and abs(second - 120) <= 30 for second in found) >= 16


@pytest.mark.parametrize(
    ("levels", "second"),
    [
        ((1.3, 1.0, 1.3), None),
        ((1.3, 1.0, 1.06), 200),
        ((1.3, 1.15, 1.0), 400),
        ((1.3, 1.28, 1.28), None),
        ((0.7, 1.0, 1.0), 200),
        ((1.3, 0.5, 0.5), None),
    ],
)
def test_a_step_back_counts_that_lasted_and_matters(levels: tuple[float, ...], second: int | None) -> None:
    """Of several the newest; one that was taken back, is below 3 %, or leads beyond the baseline is none."""
    before, after = world(3, (1.0, 600))
    noise = 1.0 + 0.005 * np.random.default_rng(3).normal(size=len(before) + 600)
    for rows, part in ((before, noise[:-600]), (after, noise[-600:] * np.repeat(levels, 200))):
        rows.values[:] = np.nan
        rows.values[:, COLUMN["memory_mb"]] = 40.0 * part
    found = fading(baseline(before, 300), after, 1000)
    if second is None:
        assert found is None
    else:
        assert found is not None
        assert found.at == pytest.approx(int(after.timestamp[second]), abs=10_000)
