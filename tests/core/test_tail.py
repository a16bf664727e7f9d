"""The share of slow operations: counted, not interpolated, and compared as any metric."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service
from benchmarks.stats.tail import TailTrial
from benchmarks.stats.trials import share
from monitor.core.baseline import Baseline, freeze
from monitor.core.histogram import BOUNDS, BUCKETS, EDGES, Edges, Histogram
from monitor.core.impact import Impact, ImpactState
from monitor.core.latency_log import LatencyLog
from monitor.core.tail import TAIL, beyond
from monitor.core.verdict import Verdict
from monitor.core.window import Rows

USUAL = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WRONG = (Verdict.BETTER, Verdict.WORSE)


def counted(latencies: np.ndarray, edges: Edges) -> Histogram:
    """Return latencies as a target with such buckets tells them."""
    bounds = np.array([*edges, np.inf])
    counts = np.bincount(np.searchsorted(bounds, latencies), minlength=len(bounds))
    return Histogram.rebin(bounds, counts.astype(float), float(latencies.sum()))


def lognormal(seed: int, size: int = 2000) -> np.ndarray:
    return 0.03 * np.exp(0.8 * np.random.default_rng(seed).normal(size=size))


@pytest.mark.parametrize("edges", [USUAL, (0.02, 0.04, 0.08, 0.16), (0.05, 0.1), EDGES], ids=len)
def test_what_is_beyond_a_bound_of_the_target_is_counted_exactly(edges: Edges) -> None:
    """Whatever the layout: our own buckets in between lose nothing at its bounds."""
    latencies = lognormal(1)
    histogram = counted(latencies, edges)
    counts = np.append(histogram.counts, histogram.overflow)
    known = [edge for edge in edges if beyond(edge, edges) is not None]
    assert len(known) >= 0.9 * len(edges)
    for edge in known:
        assert counts @ beyond(edge, edges) == pytest.approx((latencies > edge).sum(), abs=1e-6)


def test_a_bound_at_which_nothing_is_counted_is_not_known() -> None:
    """Between two bounds of a coarse layout, and beyond its last; in one that is finer than ours it is."""
    assert beyond(0.035, USUAL) is None
    assert beyond(float(BOUNDS[30]), USUAL) is None
    assert beyond(float(BOUNDS[62]), USUAL) is None
    fine = tuple(np.geomspace(1e-4, 10.0, 400).tolist())
    latencies = lognormal(2)
    histogram = counted(latencies, fine)
    slow = histogram.counts @ beyond(float(BOUNDS[45]), fine)[:BUCKETS] + histogram.overflow
    assert slow == pytest.approx((latencies > BOUNDS[45]).sum(), abs=10)


def recorded(
    operations: int = 200, edges: Edges = EDGES, slowest: float = 1.0, seconds: int = 400
) -> tuple[Rows, LatencyLog]:
    """Return a service's samples and their histograms, of log-normal latencies."""
    rows = Service().rows(np.random.default_rng(3), seconds, START_MS)
    log = LatencyLog()
    for at in rows.timestamp.tolist():
        log.append(at, counted(slowest * lognormal(at % 99_991, operations), edges))
    return rows, log


def made(rows: Rows, log: LatencyLog | None, seconds: int = 300) -> Baseline:
    latency = None if log is None else log.seconds(START_MS, START_MS + 10_000_000)
    return freeze(
        identity="b1", name="before", note="", target="hub", rows=rows.tail(seconds),
        history=[rows[: len(rows) - seconds]], interval_ms=1000, started_at=None, fingerprint={}, latency=latency,
    )  # fmt: skip


@pytest.mark.parametrize("edges", [EDGES, USUAL, (0.06, 0.12, 0.24)], ids=len)
def test_the_bound_is_the_one_nearest_to_p95(edges: Edges) -> None:
    """And the share is what was slower than it, near 5 % as far as the buckets allow."""
    found = made(*recorded(edges=edges)).tail
    assert found is not None
    p95 = 0.03 * math.exp(0.8 * 1.645)
    assert any(math.isclose(found.bound, edge, rel_tol=1e-3) for edge in edges)
    assert abs(math.log(found.bound / p95)) == pytest.approx(min(abs(math.log(edge / p95)) for edge in edges))
    slower = 0.5 * math.erfc(math.log(found.bound / 0.03) / 0.8 / math.sqrt(2.0))
    assert found.share.mean == pytest.approx(100.0 * slower, rel=0.05)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"operations": 1}, "about 15 operations were slower than p95; 20 are needed"),
        ({"edges": (0.01, 0.02)}, "p95 is beyond the last bucket"),
        ({"edges": (0.0005, 10.0)}, "too coarse near p95"),
    ],
)
def test_a_tail_that_cannot_be_compared_says_why(options: dict[str, int], words: str) -> None:
    """And is in no overall count of figures."""
    baseline = made(*recorded(**options))
    assert baseline.tail is None
    assert words in baseline.silent[TAIL]
    assert Impact(baseline, since=0, text="", warm_up=0, interval_ms=1000).state(0).overall.possible == 4


def test_a_target_without_histograms_says_so() -> None:
    """Before and after one has been seen."""
    rows, _ = recorded(seconds=100)
    assert made(rows, None, 70).silent[TAIL] == "Tail latency: the target tells no latency histogram"
    assert made(rows, LatencyLog(), 70).silent[TAIL] == "Tail latency: the target tells no latency histogram"


def watched(baseline: Baseline, slower: float, *, seconds: int = 120, operations: int = 200) -> ImpactState:
    """Return what is known after so many seconds of latencies longer by a factor, the means as they were."""
    impact = Impact(baseline, since=baseline.end, text="", warm_up=0, interval_ms=1000)
    rows = Service().rows(np.random.default_rng(4), seconds, baseline.end + 1000)
    state = impact.state(baseline.end)
    for at, row in zip(rows.timestamp.tolist(), rows.values, strict=True):
        impact.add(at, row, None, counted(slower * lognormal(at % 99_991, operations), EDGES))
        state = impact.state(at)
    return state


def test_more_slow_operations_are_worse_whatever_the_means_say() -> None:
    """A guard: its verdict is in no mean, and outweighs the overall one."""
    baseline = made(*recorded())
    calm, slow = watched(baseline, 1.0), watched(baseline, 1.3)
    assert calm.tail is not None
    assert calm.tail.verdict not in WRONG
    assert slow.tail is not None
    assert slow.tail.verdict is Verdict.WORSE
    assert (slow.tail.before, slow.overall.verdict) == (pytest.approx(5.0, abs=2.0), Verdict.WORSE)
    assert slow.tail.now is not None
    assert slow.tail.now > 1.5 * slow.tail.before
    assert calm.overall.gain == slow.overall.gain


def test_none_slow_is_the_best_there_is() -> None:
    """Zero has no logarithm; its interval is what chance could do."""
    baseline = made(*recorded())
    state = watched(baseline, 0.01, seconds=30)
    assert state.tail is not None
    assert state.tail.gain is not None
    assert state.tail.verdict is Verdict.BETTER
    assert (state.tail.gain.percent, state.tail.now) == (pytest.approx(100.0), pytest.approx(0.0, abs=1e-6))
    assert 85.0 < state.tail.gain.low < 99.9


def test_a_short_baseline_of_bursts_says_what_it_cannot_show() -> None:
    """As a factor: no percentage says much of a share that was now 0 and now 40."""
    rows, log = Service().rows(np.random.default_rng(3), 75, START_MS), LatencyLog()
    for second, at in enumerate(rows.timestamp.tolist()):
        log.append(at, counted((5.0 if second % 25 < 3 else 0.5) * lognormal(second, 200), EDGES))
    state = watched(made(rows, log, 75), 1.0, seconds=80)
    assert state.tail is not None
    assert state.tail.verdict not in WRONG
    assert re.fullmatch(
        r"this baseline cannot show less than a factor of \d+\.\d; a longer one can", state.tail.reason
    )


def test_nothing_is_said_of_a_few_operations() -> None:
    """Until twenty would have been slow."""
    baseline = made(*recorded())
    assert baseline.tail is not None
    few = watched(baseline, 0.01, seconds=60, operations=3)
    assert few.tail is not None
    assert (few.tail.verdict, few.tail.gain) == (Verdict.COLLECTING, None)


def test_a_target_that_counts_in_other_buckets_now_is_not_compared() -> None:
    """The bound is not one of theirs."""
    baseline = made(*recorded())
    assert baseline.tail is not None
    assert math.isnan(baseline.tail.percent(counted(lognormal(1), USUAL)))


def test_histograms_of_another_layout_are_no_history() -> None:
    """Only what was counted in the newest one's buckets."""
    log = LatencyLog()
    for second in range(10):
        log.append(1000 * second, counted(lognormal(second), USUAL if second < 4 else EDGES))
    assert log.seconds(0, 10_000).at.tolist() == [1000 * second for second in range(4, 10)]
    assert log.seconds(0, 10_000).edges == EDGES
    [one] = log.seconds(9000, 10_000).histograms().values()
    assert one.count == 2000


def test_a_load_model_is_part_of_it() -> None:
    """More load, more slow operations: matched, that is no change."""
    baseline = made(*recorded())
    assert baseline.tail is not None
    assert baseline.tail.share.by_load
    assert replace(baseline, tail=None).compared == baseline.metrics


def test_a_tail_is_seldom_wrong_and_soon_right() -> None:
    """200 operations a second whose level wanders (phi 0.8): nothing changed; 10 % less latency."""
    assert share(TailTrial(looks=300).run(10, 1), *WRONG) <= 0.05
    assert share(TailTrial(slower=0.9, looks=120).run(10, 2), Verdict.BETTER) >= 0.7
