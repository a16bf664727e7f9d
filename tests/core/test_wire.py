"""The frame that leaves for `/ws` and `/api/v1/snapshot`."""

import math

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from builders import feed_samples, monitor, sample
from fakes import ManualClock
from monitor.core import wire
from monitor.core.health import Health, Status
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.metric import COLUMNS, HEADLINE
from monitor.core.snapshot import Snapshot, Ticks

CONTRACT = {"type", "seq", "epoch", "current", "history", "summary", "alerts", "optimization_impact", "health"}
SUMMARY = [
    "avg_throughput",
    "peak_throughput",
    "avg_latency",
    "p95_latency",
    "p95_latency_width_percent",
    "avg_memory_mb",
    "peak_memory_mb",
    "health_score",
    "uptime_percent",
]

EXTREME = st.floats(-1e120, 1e120) | st.sampled_from([math.nan, math.inf, -math.inf])


def observed(count: int = 1, **values: float) -> Snapshot:
    clock = ManualClock()
    made = monitor(clock)
    feed_samples(made, clock, count, lambda number: {name: value + number for name, value in values.items()})
    assert made.snapshot is not None
    return made.snapshot


def frame(snapshot: Snapshot) -> dict:
    decoded: dict = orjson.loads(wire.encode(wire.frame(snapshot, snapshot.recent)))
    return decoded


def test_a_frame_has_the_fields_of_the_contract() -> None:
    """A client that was written for the hub finds every field it knows."""
    made = frame(observed())
    assert set(made) >= CONTRACT
    assert list(made["summary"]) == SUMMARY
    assert made["type"] == "metrics"
    assert made["alerts"] == []
    assert set(made["optimization_impact"].values()) == {None}


def test_unknown_headline_metrics_are_null_and_other_unknown_ones_absent() -> None:
    """Nothing that was not measured is 0."""
    current = frame(observed(throughput_ops_sec=12.5))["current"]
    assert current["throughput_ops_sec"] == 12.5
    assert current["latency_ms"] is None
    assert set(current) == {"timestamp", "answered", *HEADLINE}


def test_history_has_eight_fields_per_point_oldest_first() -> None:
    """Each point is the eight fields of `current`, and the last is the frame's own sample."""
    snapshot = observed(3, throughput_ops_sec=1.0)
    made = frame(snapshot)
    assert [point["throughput_ops_sec"] for point in made["history"]] == [1.0, 2.0, 3.0]
    assert set(made["history"][0]) == {"timestamp", *HEADLINE}
    assert made["history"][-1]["timestamp"] == made["current"]["timestamp"] == snapshot.sample.timestamp


def test_latencies_of_the_summary_come_from_the_merged_histogram() -> None:
    """The p95 of a minute is that of all its operations, not a mean of seconds' percentiles."""
    clock = ManualClock()
    made = monitor(clock)
    fast, slow = np.zeros(BUCKETS), np.zeros(BUCKETS)
    fast[20], slow[40] = 90.0, 10.0
    for counts, total in ((fast, 0.9), (slow, 5.0)):
        clock.advance(1.0)
        made.observe(sample({"latency_ms": 1.0}, clock=clock, latency=Histogram(counts, total)), Ticks(1, 0, 0))
    assert made.snapshot is not None
    summary = frame(made.snapshot)["summary"]
    assert math.isclose(summary["avg_latency"], 59.0)
    assert BOUNDS[39] * 1000 <= summary["p95_latency"] <= BOUNDS[40] * 1000


def summary_of(latency: Histogram) -> dict:
    clock = ManualClock()
    made = monitor(clock)
    made.observe(sample(clock=clock, latency=latency), Ticks(1, 0, 0))
    assert made.snapshot is not None
    summary: dict = frame(made.snapshot)["summary"]
    return summary


def test_a_percentile_beyond_the_last_bucket_is_null() -> None:
    """All took 60 s where the target's last bound is 10 s: the mean is known, p95 is not."""
    summary = summary_of(Histogram.rebin(np.array([1.0, 10.0, np.inf]), np.array([0.0, 0.0, 100.0]), 6000.0))
    assert summary["avg_latency"] == 60_000.0
    assert summary["p95_latency"] is None
    assert summary["p95_latency_width_percent"] is None


def test_a_percentile_comes_with_its_width() -> None:
    """Of the target's own bucket where that is the coarser one; 100 % of one that begins at 0."""
    first = summary_of(Histogram.rebin(np.array([0.005, 0.01, np.inf]), np.array([100.0, 0.0, 0.0]), 0.02))
    assert math.isclose(first["p95_latency"], 4.75, rel_tol=0.05)
    assert first["p95_latency_width_percent"] == 100.0
    counts = np.zeros(BUCKETS)
    counts[30] = 1.0
    assert math.isclose(summary_of(Histogram(counts, 0.1))["p95_latency_width_percent"], 24.52, rel_tol=1e-3)


def test_a_target_without_histogram_has_a_mean_of_means_and_no_percentile() -> None:
    """What cannot be known is null."""
    summary = frame(observed(2, latency_ms=10.0))["summary"]
    assert summary["avg_latency"] == 10.5
    assert summary["p95_latency"] is None


def test_health_is_that_of_the_sampling_unless_it_is_judged_later() -> None:
    """A frame that is kept does not claim to be fresh when it is read with a health of its own."""
    snapshot = observed()
    assert frame(snapshot)["health"]["age_seconds"] == 0.0
    stale = Health(Status.STALE, 9.0, ("the last sample is 9 s old",))
    assert wire.frame(snapshot, snapshot.recent, stale)["health"]["status"] == "stale"


@given(st.dictionaries(st.sampled_from(COLUMNS), EXTREME, max_size=8))
def test_no_value_makes_invalid_json(values: dict[str, float]) -> None:
    """Neither NaN nor an infinity leaves, whatever a source saw."""
    clock = ManualClock()
    made = monitor(clock)
    made.observe(sample(values, clock=clock), Ticks(1, 0, 0))
    assert made.snapshot is not None
    text = wire.encode(wire.frame(made.snapshot, made.snapshot.recent))
    assert b"NaN" not in text
    assert b"Infinity" not in text
    orjson.loads(text)
