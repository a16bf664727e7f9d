"""`/api/v1/history/spans` and `/api/v1/history/events`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from builders import sample
from fakes import FULL
from monitor.core.histogram import BOUNDS, BUCKETS, RELATIVE_WIDTH, Histogram
from monitor.core.metric import COLUMNS, HEADLINE
from monitor.core.snapshot import Ticks
from monitor.web.spans import PERIOD

Serve = Callable[..., Any]
PERCENTILES = ("latency_p50_ms", "latency_p95_ms", "latency_p99_ms")


def get(made: Any, what: str = "spans", **query: str) -> Any:
    return made.client.get(f"/api/v1/history/{what}?{urlencode(query)}")


def observe(made: Any, count: int, values: dict[str, float], seconds: float | None = None, **more: Any) -> None:
    """Take samples whose operations all took `seconds`."""
    counts = np.zeros(BUCKETS)
    latency = None
    if seconds is not None:
        counts[np.searchsorted(BOUNDS, seconds)] = values["throughput_ops_sec"]
        latency = Histogram(counts, seconds * values["throughput_ops_sec"])
    for _ in range(count):
        made.clock.advance(1.0)
        made.ticks += 1
        made.monitor.observe(sample(values, clock=made.clock, latency=latency, **more), Ticks(made.ticks, 0, 0))


def test_a_day_by_default(serve: Serve) -> None:
    """Five minutes each of the headline metrics; nothing measured is null."""
    made = serve()
    made.fill(1000, throughput_ops_sec=1.0)
    answer = get(made).json
    assert answer["to"] - answer["from"] == 86_400_000
    assert answer["span_ms"] == 300_000
    assert set(answer["metrics"]) == set(HEADLINE)
    assert {len(column) for one in answer["metrics"].values() for column in one.values()} == {
        len(answer["edges"]) - 1
    }
    throughput = answer["metrics"]["throughput_ops_sec"]
    assert throughput["low"][0] is None
    assert throughput["count"][0] == 0
    assert set(answer["metrics"]["latency_ms"]["mean"]) == {None}
    assert answer["latency"]["span_ms"] == 3_600_000


def test_a_spike_of_one_second_is_seen_in_a_day(serve: Serve) -> None:
    """It is the span's largest value, not its mean."""
    made = serve()
    made.fill(40_000, throughput_ops_sec=500.0)
    made.tick(1, throughput_ops_sec=9000.0)
    made.fill(40_000, throughput_ops_sec=500.0)
    one = get(made).json["metrics"]["throughput_ops_sec"]
    assert max(value for value in one["high"] if value is not None) == 9000.0
    assert max(value for value in one["mean"] if value is not None) < 600.0


def test_the_period_is_counted(serve: Serve) -> None:
    """Operations, errors, uptime and percentiles of everything between the edges, and of nothing else."""
    made = serve()
    observe(made, 100, {"throughput_ops_sec": 50.0, "error_rate": 50.0}, 1.0)
    made.clock.advance(20.0)
    start = round(made.clock.wall() * 1000)
    observe(made, 60, {"throughput_ops_sec": 900.0, "error_rate": 1.0}, 0.010)
    observe(made, 10, {}, answered=False)
    observe(made, 30, {"throughput_ops_sec": 100.0, "error_rate": 11.0}, 0.100)
    answer = get(made, **{"from": str(start), "to": str(start + 101_000)}).json
    period = answer["period"]
    assert period["operations"] == 57_000
    assert period["errors"] == 540 + 330
    assert period["error_percent"] == pytest.approx(100 * 870 / 57_000, abs=1e-4)
    assert (period["asked_seconds"], period["lost_seconds"], period["uptime_percent"]) == (100, 10, 90)
    assert period["measured_seconds"] == 90
    assert period["latency_p50_ms"] == pytest.approx(10, rel=RELATIVE_WIDTH)
    assert period["latency_p99_ms"] == pytest.approx(100, rel=RELATIVE_WIDTH)
    assert set(period) == {*PERIOD, *PERCENTILES}


def test_latency_over_time_is_of_all_operations(serve: Serve) -> None:
    """Per span its percentiles and how its operations spread over the bands; without operations null."""
    made = serve()
    start = round(made.clock.wall() * 1000)
    observe(made, 300, {"throughput_ops_sec": 90.0}, 0.015)
    observe(made, 300, {"throughput_ops_sec": 0.0})
    answer = get(made, **{"from": str(start), "to": str(start + 600_000)}, spans="20").json
    latency, bands = answer["latency"], answer["bands"]
    assert latency["latency_p50_ms"][0] == pytest.approx(15, rel=RELATIVE_WIDTH)
    assert latency["latency_p99_ms"][-1] is None
    place = next(at for at, limit in enumerate(bands["limits_ms"]) if limit > 10.01) - 1
    assert bands["shares"][1][place] == pytest.approx(1.0)
    assert set(bands["shares"][-1]) == {None}
    assert len(bands["shares"]) == len(bands["edges"]) - 1
    assert len(bands["limits_ms"]) == len(bands["shares"][0]) + 1


def test_whoever_asks_in_the_same_minute_gets_the_same(serve: Serve) -> None:
    """The work is done once; a range that ended is the same for ever."""
    made = serve()
    made.fill(500, throughput_ops_sec=1.0)
    first = get(made).data
    made.clock.advance(0.4)
    assert get(made).data == first
    calls = []
    inner = made.monitor.window.parts
    made.monitor.window.parts = lambda *span: calls.append(span) or inner(*span)
    made.clock.advance(70.0)
    assert get(made).json["to"] > 0
    assert get(made).json["to"] % 60_000 == 0
    assert len(calls) == 1


def test_a_range_that_began_a_moment_ago_is_answered(serve: Serve) -> None:
    """Shorter than the step of "now", and from the future to the far future too."""
    made = serve()
    made.tick(3, throughput_ops_sec=1.0)
    now = round(made.clock.wall() * 1000)
    assert get(made, **{"from": str(now - 1)}).json["to"] == now
    assert get(made, **{"from": str(now + 1000), "to": "9999999999999"}).json["period"]["operations"] is None
    assert len(get(made, **{"from": "0"}).json["edges"]) <= 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"to": "now+1m"}, "to"),
        ({"from": "now", "to": "now-1m"}, "from"),
        ({"metrics": "latency_ms,nothing"}, "metrics"),
        ({"spans": "1"}, "spans"),
        ({"spans": "1001"}, "spans"),
        ({"spans": "-5"}, "spans"),
        ({"spans": "٣٠٠"}, "spans"),
    ],
)
def test_a_bad_parameter_is_named(serve: Serve, query: dict[str, str], field: str) -> None:
    """400, the field and its rule."""
    response = get(serve(), **query)
    assert response.status_code == 400
    assert response.json["error"]["field"] == field
    assert response.json["error"]["message"]


def test_an_empty_history_is_no_error(serve: Serve) -> None:
    """Everything is there, and unknown."""
    answer = get(serve()).json
    assert set(answer["period"].values()) == {None, 0}
    assert answer["bands"]["limits_ms"] != []
    assert get(serve(), "events").json.items() >= {"begins": None, "events": []}.items()


def test_every_metric_in_most_spans_is_answered(serve: Serve) -> None:
    """The largest answer."""
    made = serve()
    made.fill(2500, **dict.fromkeys(COLUMNS, 0.1))
    answer = get(made, **{"from": "now-33m"}, spans="1000", metrics=",".join(COLUMNS)).json
    assert len(answer["edges"]) == 991
    assert set(answer["metrics"]) == set(COLUMNS)


def test_events_are_those_of_the_range(serve: Serve) -> None:
    """Changes, baselines and alerts, and where the history begins."""
    made = serve()
    observe(made, 200, {"throughput_ops_sec": 50.0, "latency_ms": 10.0})
    begins = round(made.clock.wall() * 1000) - 199_000
    made.monitor.experiment.record_last(100, "before", "")
    observe(made, 10, {"throughput_ops_sec": 50.0, "latency_ms": 10.0})
    made.monitor.experiment.mark("pool 9", None)
    answer = get(made, "events").json
    assert answer["begins"] == begins
    assert [(one["kind"], one["text"]) for one in answer["events"]] == [
        ("alert", "Low Throughput: 50 ops/s < 400 ops/s"),
        ("baseline", "before"),
        ("change", "pool 9"),
    ]
    alert, baseline, change = answer["events"]
    assert (alert["at"], alert["until"]) == (begins + 5000, answer["to"])
    assert (alert["severity"], alert["metric"]) == ("critical", "throughput_ops_sec")
    assert baseline["until"] > baseline["at"]
    assert change["at"] == change["until"]
    assert change["minor"] is False
    later = get(made, "events", **{"from": str(change["at"] + 1), "to": str(change["at"] + 2)}).json
    assert [one["kind"] for one in later["events"]] == ["alert"]
    assert get(made, "events", **{"from": "now", "to": "now"}).status_code == 400


def test_a_history_that_cannot_be_read_is_503_and_not_remembered(serve: Serve) -> None:
    """Totals, events and the report say why; when it can be read again, they are what they are."""
    made = serve()
    made.fill(600, throughput_ops_sec=1.0)
    now = round(made.clock.wall() * 1000)
    query = {"from": str(now - 7_200_000), "to": str(now - 60_000)}
    made.monitor.history._archive.fault = FULL
    for what in ("spans", "events"):
        response = get(made, what, **query)
        assert response.status_code == 503
        assert response.json["error"]["message"] == "the disk is full"
    assert made.client.get(f"/report.pdf?{urlencode(query)}").status_code == 503
    made.monitor.history._archive.fault = None
    assert get(made, **query).json["period"]["operations"] == 540
    assert get(made, "events", **query).status_code == 200
