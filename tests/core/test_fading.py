"""Effects that wear off."""

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline
from monitor.core.fading import fading
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
