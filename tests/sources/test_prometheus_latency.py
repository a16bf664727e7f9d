"""From histograms in expositions to latencies: percentiles, their widths, gaps."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.histogram import BOUNDS, RELATIVE_WIDTH, Histogram, quantile
from scrapes import BUCKETS, histogram_text, source, take

durations = st.lists(st.floats(0.0001, 2.0), max_size=50)


@given(durations, durations)
@settings(deadline=None)
def test_latency_is_that_of_the_operations_between_the_scrapes(before, since):
    """The mean is exact, percentiles interpolate in the target's buckets, the histogram counts every operation."""
    scraper = source()
    take(scraper, histogram_text(before), 0)
    reading = take(scraper, histogram_text(before + since), 1)
    if not since:
        assert reading.values == {}
        assert reading.latency.count == 0
        return
    counts = np.histogram(since, bins=[0, *BUCKETS])[0].astype(float)
    for one in set(since) & set(BUCKETS):  # numpy counts a bound into the bucket above, Prometheus below
        counts[BUCKETS.index(one)] += since.count(one)
        counts[BUCKETS.index(one) + 1] -= since.count(one)
    assert reading.values["latency_ms"] == pytest.approx(1000 * math.fsum(since) / len(since), rel=1e-6, abs=1e-6)
    for metric, q in (("latency_p50_ms", 0.5), ("latency_p95_ms", 0.95), ("latency_p99_ms", 0.99)):
        expected = quantile(np.array(BUCKETS), counts, q)
        if expected is None:
            assert metric not in reading.values
            assert reading.latency.quantile(q) is None
        else:
            assert reading.values[metric] == pytest.approx(1000 * expected.value)
    assert reading.latency.count == pytest.approx(len(since))
    assert (reading.latency.counts >= 0).all()
    assert reading.latency.mean == pytest.approx(math.fsum(since) / len(since), rel=1e-6, abs=1e-6)


def test_the_width_of_a_coarse_bucket_is_stated():
    """The bucket at p95 goes from 0.1 to 0.5 s: four times its lower bound."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    assert take(scraper, histogram_text([0.2] * 10), 1).latency_width == pytest.approx(4.0)


def test_operations_slower_than_the_last_bucket_have_no_percentile():
    """All took 60 s and the last bound is 0.5 s: the mean is known, percentiles are not, at no time."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    reading = take(scraper, histogram_text([60.0] * 10), 1)
    assert set(reading.values) == {"latency_ms"}
    assert reading.values["latency_ms"] == pytest.approx(60_000)
    assert reading.latency_width is None
    assert reading.latency.quantile(0.95) is None
    assert reading.latency.count == pytest.approx(10)
    some = take(scraper, histogram_text([60.0] * 11 + [0.02] * 9), 2)
    assert set(some.values) == {"latency_ms", "latency_p50_ms"}


def test_the_first_bucket_begins_at_0():
    """All took 0.2 ms and the first bound is 10 ms: interpolated, and known to 100 % only."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    reading = take(scraper, histogram_text([0.0002] * 10), 1)
    assert reading.values["latency_p95_ms"] == pytest.approx(9.5)
    assert reading.latency_width == 1.0
    assert reading.latency.quantile(0.95).width == 1.0


def test_buckets_as_fine_as_ours_state_our_width():
    """The target's own bounds are those that the monitor keeps."""
    scraper = source()
    name = "hub_operation_duration_seconds"

    def text(counts, total):
        lines = [f'{name}_bucket{{le="{bound}"}} {n}\n' for bound, n in zip(BOUNDS.tolist(), counts, strict=True)]
        return "".join([*lines, f"{name}_sum {total}\n"])

    take(scraper, text([0] * 64, 0), 0)
    reading = take(scraper, text([0] * 40 + [5] * 24, 1.25), 1)
    assert reading.latency_width == pytest.approx(RELATIVE_WIDTH)
    assert reading.latency.counts[40] == pytest.approx(5)
    assert reading.latency.mean == pytest.approx(0.25)


def test_a_histogram_whose_counts_are_reset_is_a_gap():
    """No percentile, no mean, no histogram, until two scrapes agree again."""
    scraper = source()
    take(scraper, histogram_text([0.02] * 9), 0)
    reading = take(scraper, histogram_text([0.02]), 1)
    assert (dict(reading.values), reading.latency) == ({}, None)
    assert take(scraper, histogram_text([0.02] * 3), 2).latency.count == 2


def test_a_reset_of_one_label_set_makes_the_latency_a_gap():
    """The distribution of the others is not that of all."""
    scraper = source()
    a, b = 'route="/a",', 'route="/b",'
    take(scraper, histogram_text([0.2] * 5, labels=a) + histogram_text([0.2] * 5, labels=b), 0)
    reading = take(scraper, histogram_text([0.2] * 6, labels=a) + histogram_text([0.2], labels=b), 1)
    assert (dict(reading.values), reading.latency) == ({}, None)


def test_label_sets_of_a_histogram_are_added_up():
    """Routes together make the latency; one that has just appeared adds nothing yet."""
    scraper = source()
    a, b = 'route="/a",', 'route="/b",'
    take(scraper, histogram_text([0.2], labels=a), 0)
    first = take(scraper, histogram_text([0.2, 0.3], labels=a) + histogram_text([1.0] * 99, labels=b), 1)
    assert first.latency.count == pytest.approx(1)
    assert first.values["latency_ms"] == pytest.approx(300)
    second = take(scraper, histogram_text([0.2, 0.3], labels=a) + histogram_text([1.0] * 100, labels=b), 2)
    assert second.values["latency_ms"] == pytest.approx(1000)


def test_series_with_different_buckets_meet_in_the_common_ones():
    """Counts and mean stay exact, percentiles are as good as the common buckets."""
    scraper = source()
    other = (
        'hub_operation_duration_seconds_bucket{{route="/b",le="0.2"}} {0}\n'
        'hub_operation_duration_seconds_bucket{{route="/b",le="+Inf"}} {0}\n'
        'hub_operation_duration_seconds_sum{{route="/b"}} {1}\n'
    )
    take(scraper, histogram_text([], labels='route="/a",') + other.format(0, 0), 0)
    reading = take(scraper, histogram_text([0.03] * 10, labels='route="/a",') + other.format(30, 3.0), 1)
    assert reading.latency.count == pytest.approx(40)
    assert reading.values["latency_ms"] == pytest.approx(82.5)
    assert 50 <= reading.values["latency_p95_ms"] <= 200
    assert reading.latency_width is None, "the two share no bound, so nothing is exact"


def test_what_one_layout_cannot_tell_the_whole_cannot():
    """One route's buckets end at 0.2 s with slower ones beyond: they may lie anywhere among the other's."""
    scraper = source()
    short = (
        'hub_operation_duration_seconds_bucket{{route="/b",le="0.2"}} 0\n'
        'hub_operation_duration_seconds_bucket{{route="/b",le="+Inf"}} {0}\n'
    )
    take(scraper, histogram_text([], labels='route="/a",') + short.format(0), 0)
    text = histogram_text([0.03] * 50 + [0.45] * 40, labels='route="/a",') + short.format(10)
    reading = take(scraper, text, 1)
    assert "latency_p50_ms" in reading.values
    assert "latency_p95_ms" not in reading.values


def test_a_bucket_read_in_between_is_levelled_out():
    """A target that counts while it is read may show a bucket below the one before it: no negative counts."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    text = histogram_text([0.02] * 5).replace('le="0.1"} 5', 'le="0.1"} 4')
    reading = take(scraper, text, 1)
    assert (reading.latency.counts >= 0).all()
    assert reading.latency.count == pytest.approx(5)


def test_without_a_sum_there_are_percentiles_but_no_mean():
    """The histogram is kept for longer spans' percentiles; its mean is unknown."""
    scraper = source()

    def without_sum(text):
        return "\n".join(line for line in text.split("\n") if "_sum" not in line)

    take(scraper, without_sum(histogram_text([])), 0)
    reading = take(scraper, without_sum(histogram_text([0.2] * 4)), 1)
    assert "latency_p50_ms" in reading.values
    assert "latency_ms" not in reading.values
    assert reading.latency.count == pytest.approx(4)
    assert reading.latency.mean is None


def test_a_merged_minute_has_the_latencies_of_its_seconds():
    """Histograms of several readings add up."""
    scraper = source()
    seen, readings = [], []
    for at in range(5):
        readings.append(take(scraper, histogram_text(seen), at))
        seen += [0.03 * (at + 1)] * 10
    merged = Histogram.merge(one.latency for one in readings if one.latency is not None)
    assert merged.count == pytest.approx(40)
    assert merged.mean == pytest.approx(0.075)
