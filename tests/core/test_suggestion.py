"""Steps in the history that nobody noted."""

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service
from benchmarks.stats.suggestions import QUIET_WORLDS, SuggestionTrial
from benchmarks.stats.worlds import WORLDS
from monitor.core.marker import Marker, Origin
from monitor.core.metric import COLUMN
from monitor.core.suggestion import Suggestion, suggest
from monitor.core.window import Rows

STEP = 2400


def history(seed: int, level: float, *, load: float = 1.0, seconds: int = 3600) -> Rows:
    """Return an hour in whose second 2400 latency and CPU change by `level`, the load by `load`."""
    rows = Service().rows(np.random.default_rng(seed), seconds, START_MS)
    for metric in ("latency_ms", "cpu_utilization"):
        rows.values[STEP:, COLUMN[metric]] *= level
    for metric in ("offered_ops_sec", "throughput_ops_sec"):
        rows.values[:, COLUMN[metric]] = 1000.0 + 10.0 * np.random.default_rng(seed).normal(size=seconds)
        rows.values[STEP:, COLUMN[metric]] *= load
    return rows


@pytest.mark.parametrize("level", [0.6, 1.5])
def test_a_step_is_found_once_where_it_was(level: float) -> None:
    """Named by the metric that moved most; two that moved together are one change."""
    [found] = suggest(history(1, level), [], 1000)
    assert abs(found.at - (START_MS + 1000 * STEP)) <= 60_000
    assert found.metric in ("latency_ms", "cpu_utilization")
    assert found.percent == pytest.approx(100 * (level - 1), abs=6)
    assert found.text in (f"Latency {found.percent:+.0f} %", f"CPU {found.percent:+.0f} %")


def test_what_a_marker_or_the_load_explains_is_not_suggested() -> None:
    """It is known already, or no change of the service."""
    marker = Marker("m1", START_MS + 1000 * STEP, "deploy", Origin.PERSON)
    assert suggest(history(1, 0.6), [marker], 1000) == []
    assert suggest(history(1, 1.4, load=1.4), [], 1000) == []


@pytest.mark.parametrize("seconds", [3600, 7200])
@pytest.mark.parametrize("world", QUIET_WORLDS)
def test_what_wanders_swings_or_leaks_has_no_step(world: str, seconds: int) -> None:
    """Its mean is never the same for long, and yet there was no moment at which something changed."""
    assert sum(SuggestionTrial(seconds).run(QUIET_WORLDS[world], 40, seed=5)) <= 2


@pytest.mark.parametrize(("seconds", "step", "least"), [(3600, 0.1, 32), (3600, -0.2, 38), (7200, 0.1, 38)])
def test_a_step_in_correlated_noise_is_found_where_it_was(seconds: int, step: float, least: int) -> None:
    """Two standard deviations of a second; of 40, within three minutes."""
    assert sum(SuggestionTrial(seconds, step).run(WORLDS["phi 0.7"], 40, seed=6)) >= least


@pytest.mark.parametrize("seconds", [3600, 7200])
def test_a_quiet_history_suggests_nothing(seconds: int) -> None:
    """At most one of 40, with four metrics each."""
    quiet = [
        suggest(Service().rows(np.random.default_rng(seed), seconds, START_MS), [], 1000) for seed in range(40)
    ]
    assert sum(1 for found in quiet if found) <= 1


def test_little_or_nothing_suggests_nothing() -> None:
    """An hour at least; what was not measured is no step."""
    assert suggest(history(1, 0.6)[1:], [], 1000) == []
    assert suggest(history(1, 0.6)[:0], [], 1000) == []
    empty = history(1, 0.6)
    empty.values[:] = np.nan
    assert suggest(empty, [], 1000) == []
    brief = history(1, 0.6)
    brief.values[: STEP - 360] = brief.values[STEP + 360 :] = np.nan
    assert suggest(brief, [], 1000) == []


def test_a_metric_that_never_moved_but_once_has_a_step() -> None:
    """Without noise there is nothing to compare with but how well a metric can be known at all."""
    still = history(1, 0.6)
    still.values[:] = np.nan
    still.values[:, COLUMN["memory_mb"]] = np.where(np.arange(3600) < STEP, 100.0, 105.0)
    [found] = suggest(still, [], 1000)
    assert found == Suggestion(START_MS + 1000 * STEP, "memory_mb", pytest.approx(5.0))
