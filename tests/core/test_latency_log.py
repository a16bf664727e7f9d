"""Latency histograms over time."""

import numpy as np

from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.latency_log import LatencyLog


def one(bucket: int) -> Histogram:
    counts = np.zeros(BUCKETS)
    counts[bucket] = 1.0
    return Histogram(counts, 0.5)


def test_seconds_merge_over_a_span_with_its_end_excluded() -> None:
    """Three of five."""
    log = LatencyLog()
    for second in range(5):
        log.append(second * 1000, one(second))
    merged = log.seconds(1000, 4000)
    assert merged.counts[:6].tolist() == [0, 1, 1, 1, 0, 0]
    assert merged.total == 1.5


def test_seconds_are_kept_one_hour_minutes_a_day() -> None:
    """After two hours the first minute is still there as a minute, its seconds are not."""
    log = LatencyLog()
    for second in range(7200):
        log.append(second * 1000, one(second // 60 % BUCKETS))
    assert log.seconds(0, 60_000).count == 0
    assert log.minutes(0, 60_000).counts[0] == 60
    assert log.minutes(0, 7_200_000).count == 7200


def test_the_minute_under_way_is_part_of_the_minutes() -> None:
    """Nothing waits for the minute to be full."""
    log = LatencyLog()
    log.append(61_000, one(3))
    assert log.minutes(60_000, 120_000).count == 1
