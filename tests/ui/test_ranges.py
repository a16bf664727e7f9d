"""The past beyond 60 s."""

import orjson
import pytest

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


def test_a_range_is_drawn_once_for_everybody(feeder):
    """All who look at the same range at the same moment get the same bytes; five minutes move each second."""
    for _ in range(400):
        feeder.observe()
    ranges = Ranges(feeder.monitor, 300)
    first = ranges.data(300)
    assert ranges.data(300) is first
    feeder.observe()
    assert ranges.data(300) is not first
