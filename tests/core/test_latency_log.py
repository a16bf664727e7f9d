"""Latency histograms over time."""

import numpy as np
import pytest

from monitor.core.histogram import BOUNDS, BUCKETS, RELATIVE_WIDTH, Histogram, quantiles
from monitor.core.latency_log import LatencyLog, Past


def one(bucket: int) -> Histogram:
    counts = np.zeros(BUCKETS)
    counts[bucket] = 1.0
    return Histogram(counts, 0.5)


def of(*observations: tuple[float, int]) -> Histogram:
    counts = np.zeros(BUCKETS)
    for seconds, many in observations:
        counts[np.searchsorted(BOUNDS, seconds)] += many
    return Histogram(counts, sum(seconds * many for seconds, many in observations))


def merged(log: LatencyLog, start: int, end: int, spans: int = 1) -> np.ndarray:
    return log.past(start, end).merged(np.linspace(start, end, spans + 1))


def test_seconds_merge_over_a_span_with_its_end_excluded() -> None:
    """Three of five."""
    log = LatencyLog()
    for second in range(5):
        log.append(second * 1000, one(second))
    merged = log.merged(1000, 4000)
    assert merged.counts[:6].tolist() == [0, 1, 1, 1, 0, 0]
    assert merged.total == 1.5


def test_seconds_are_kept_one_hour_minutes_a_day() -> None:
    """After two hours the first minute is still there as a minute, its seconds are not."""
    log = LatencyLog()
    for second in range(7200):
        log.append(second * 1000, one(second // 60 % BUCKETS))
    assert log.merged(0, 60_000).count == 0
    assert merged(log, 0, 60_000)[0, 0] == 60
    assert merged(log, 0, 7_200_000).sum() == 7200


def test_the_minute_under_way_is_part_of_the_past() -> None:
    """Nothing waits for the minute to be full."""
    log = LatencyLog()
    log.append(61_000, one(3))
    assert merged(log, 60_000, 120_000).sum() == 1


def test_spans_are_merged_each_operation_once() -> None:
    """Across the border between minutes and single samples, wherever it is, nothing is lost or counted twice."""
    log = LatencyLog()
    for second in range(5000):
        log.append(1_000_000 + second * 1000, one(second % BUCKETS))
    spans = merged(log, 960_000, 960_000 + 5040 * 1000, 30)
    assert spans.sum() == 5000
    assert spans.sum(axis=1)[1:-1].max() <= 168 + 60
    assert spans.sum(axis=1)[1:-1].min() >= 168 - 60
    assert (spans.sum(axis=1)[12:-1] == 168).all(), "single samples fall into the span in which they were taken"


def test_a_span_shorter_than_a_minute_has_its_minute() -> None:
    """Beyond the single samples nothing finer is known; a span in which nobody worked has nothing."""
    log = LatencyLog()
    for second in range(8000):
        if not 600 <= second < 1200:
            log.append(second * 1000, one(second // 60 % BUCKETS))
    spans = merged(log, 0, 1_800_000, 180)
    assert (spans[:60].sum(axis=1) == 60).all()
    assert [int(np.argmax(row)) for row in spans[:12]] == [0] * 6 + [1] * 6
    assert spans[60:120].sum() == 0


def test_percentiles_of_a_span_are_those_of_all_its_operations() -> None:
    """900 x 10 ms + 100 x 20 ms, then 10 x 1000 ms: p50 is 10 ms, p95 and p99 are 20 ms."""
    log = LatencyLog()
    log.append(1000, of((0.010, 900), (0.020, 100)))
    log.append(2000, of((1.0, 10)))
    past = log.past(0, 10_000)
    edges = np.array([0.0, 5000.0, 10_000.0])
    for q, seconds in ((0.5, 0.010), (0.95, 0.020), (0.99, 0.020)):
        found = quantiles(past.merged(edges), q)
        assert found[0] == pytest.approx(seconds, rel=RELATIVE_WIDTH)
        assert np.isnan(found[1])


def test_overflow_is_kept() -> None:
    """A percentile among what was slower than the buckets is unknown over longer spans too."""
    log = LatencyLog()
    for second in range(100):
        log.append(second * 1000, Histogram(one(3).counts, 9.0, overflow=9.0))
    assert log.merged(0, 60_000).quantile(0.5) is None
    assert log.merged(0, 60_000).count == 600
    assert np.isnan(quantiles(merged(log, 0, 100_000), 0.5)).all()


def test_edges_are_those_of_the_newest() -> None:
    """The target's own buckets limit what is known of the merged ones."""
    log = LatencyLog()
    log.append(0, Histogram(one(3).counts, 1.0, edges=(0.005, 1.0)))
    assert log.merged(0, 1000).edges == (0.005, 1.0)


@pytest.mark.parametrize("sizes", [[0, 1], [60] * 90, [5400], [59, 2, 5000]])
def test_extending_is_appending_many(sizes: list[int]) -> None:
    """Samples, minutes and the minute under way are the same, and go on in the same way."""
    many, single = LatencyLog(30), LatencyLog(30)
    random = np.random.default_rng(4)
    at = 1_700_000_040_000
    for size in sizes:
        counts = random.integers(0, 50, (size, BUCKETS + 1)).astype(np.float32)
        moments = at + 1000 * np.arange(size)
        many.extend(moments, counts, np.ones(size))
        for moment, row in zip(moments.tolist(), counts.astype(np.float64), strict=True):
            single.append(moment, Histogram(row[:BUCKETS], 1.0, row[BUCKETS]))
        at += 1000 * size
    last = Histogram(np.ones(BUCKETS), 1.0)
    for log in (many, single):
        log.append(at + 60_000, last)
    edges = np.linspace(1_700_000_040_000, at + 61_000, 40)
    found, expected = (log.past(0, at + 70_000) for log in (many, single))
    np.testing.assert_array_equal(np.sort(found.at), np.sort(expected.at))
    np.testing.assert_array_equal(np.sort(found.width), np.sort(expected.width))
    np.testing.assert_allclose(found.merged(edges), expected.merged(edges))


def test_what_is_added_up_has_each_operation_once() -> None:
    """However short the spans; and samples take the place of a minute that they are whole of, of no other."""
    log = LatencyLog()
    for second in range(7200):
        counts = np.zeros(BUCKETS)
        counts[10 if second < 60 else 20] = 1.0
        log.append(second * 1000, Histogram(counts, 1.0))
    past = log.past(0, 7_200_000)
    edges = np.arange(0.0, 7_200_001.0, 2000.0)
    assert past.grain == 60_000
    assert past.counted(edges).sum(axis=0)[[10, 20]].tolist() == [60.0, 7140.0]
    known = np.zeros((90, BUCKETS + 1))
    known[:, 30] = 1.0
    finer = past.refined(Past.of(np.arange(90) * 1000, known, 0)).counted(edges)
    assert finer[:30, 30].tolist() == [2.0] * 30
    assert finer.sum(axis=0)[[10, 20, 30]].tolist() == [0.0, 7140.0, 60.0]
