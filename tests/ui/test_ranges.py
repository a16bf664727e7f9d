"""The past beyond 60 s."""

import numpy as np
import orjson
import pytest

from monitor.core.histogram import BOUNDS, BUCKETS, RELATIVE_WIDTH, Histogram
from monitor.ui.chart import CHARTS
from monitor.ui.ranges import Ranges


@pytest.mark.parametrize("seconds", [60, 0, -300, 301, True, 300.0, "300", None, [300], {"range": 300}])
def test_only_the_ranges_on_offer_are_drawn(feeder, seconds):
    """What is no range of the picker's gets no data, whatever a browser sends."""
    feeder.observe()
    assert Ranges(feeder.monitor, 300).data(seconds) is None


def test_there_is_nothing_before_the_first_sample(feeder):
    """Without a sample there is no range."""
    assert Ranges(feeder.monitor, 300).data(300) is None


def test_a_range_keeps_its_spikes_and_its_gaps(feeder):
    """A single second's spike survives the reduction, and an outage stays empty."""
    for second in range(900):
        values = {"throughput_ops_sec": 9000.0 if second == 700 else 500.0, "latency_p95_ms": 40.0}
        feeder.observe({} if 300 <= second < 400 else values)
    data = orjson.loads(Ranges(feeder.monitor, 60).data(900))
    drawn = data["chart-throughput"][0]
    assert len(data["t"]) == len(drawn) <= 60
    assert max(value for value in drawn if value is not None) == 9000.0
    assert None in drawn
    assert data["axes"]["chart-throughput"][1] >= 9000.0
    assert data["x"] == [data["x"][1] - 900_000, data["x"][1]]
    assert [len(data[chart.id]) for chart in CHARTS] == [len(chart.metrics) for chart in CHARTS]


def test_a_range_tells_the_load_of_each_row(feeder):
    """What was offered, and where that is unknown what was completed: the expected is computed from it."""
    for second in range(100):
        feeder.observe({"throughput_ops_sec": 500.0} | ({"offered_ops_sec": 600.0} if second < 50 else {}))
    data = orjson.loads(Ranges(feeder.monitor, 300).data(300))
    assert data["load"] == [[600.0] * 50 + [500.0] * 50]


def of(*observations):
    """Return a histogram of (seconds, how many)."""
    counts = np.zeros(BUCKETS)
    for seconds, many in observations:
        counts[np.searchsorted(BOUNDS, seconds)] += many
    return Histogram(counts, sum(seconds * many for seconds, many in observations))


def test_percentiles_of_a_reduced_range_are_those_of_all_its_operations(feeder):
    """900 x 10 ms + 100 x 20 ms then 9 x 1000 ms: neither p99 of a second nor their mean."""
    busy = of((0.010, 900), (0.020, 100)), {"latency_p50_ms": 10.0, "latency_p95_ms": 20.0, "latency_p99_ms": 20.0}
    slow = of((1.0, 9)), dict.fromkeys(("latency_p50_ms", "latency_p95_ms", "latency_p99_ms"), 1000.0)
    for second in range(900):
        latency, values = slow if second % 2 else busy
        if 300 <= second < 400:
            latency, values = None, {}
        feeder.observe(values, latency=latency)
    data = orjson.loads(Ranges(feeder.monitor, 60).data(900))
    for drawn, expected in zip(data["chart-latency"], (10.0, 20.0, 20.0), strict=True):
        known = [value for value in drawn if value is not None]
        assert known == pytest.approx([expected] * len(known), rel=RELATIVE_WIDTH)
        # 20 spans of 45 s; the hole is half of one or more of three of them, which have a row between.
        assert (len(known), len(drawn)) == (38, 43)


def test_a_range_that_is_not_reduced_keeps_each_samples_percentiles(feeder):
    """They are exact to the target's own bucket."""
    for second in range(100):
        feeder.observe({"latency_p95_ms": float(second)}, latency=of((1.0, 10)))
    data = orjson.loads(Ranges(feeder.monitor, 300).data(300))
    assert data["chart-latency"][1] == [float(second) for second in range(100)]


def test_the_day_beyond_the_hour_comes_from_minutes(feeder):
    """Percentiles of a long range reach as far back as the frame does."""
    for second in range(5000):
        feeder.observe({"latency_p95_ms": 1.0}, latency=of((0.020 if second < 1000 else 0.2, 10)))
    data = orjson.loads(Ranges(feeder.monitor, 60).data(21_600))
    p95 = data["chart-latency"][1]
    assert None not in p95
    assert p95[:8] == pytest.approx([20.0] * 8, rel=RELATIVE_WIDTH)
    assert p95[-20:] == pytest.approx([200.0] * 20, rel=RELATIVE_WIDTH)


def test_a_range_is_drawn_once_for_everybody(feeder):
    """All who look at the same range at the same moment get the same bytes; five minutes move each second."""
    for _ in range(400):
        feeder.observe()
    ranges = Ranges(feeder.monitor, 300)
    first = ranges.data(300)
    assert ranges.data(300) is first
    feeder.observe()
    assert ranges.data(300) is not first
