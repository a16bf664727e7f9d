"""`/api/v1/history`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import pytest
from flask import Flask

from builders import sample
from monitor.core.errors import BusyError
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.metric import COLUMNS, HEADLINE
from monitor.core.snapshot import Ticks
from monitor.web import history as route
from monitor.web.downloads import Downloads

Serve = Callable[..., Any]


def history(made: Any, **query: str) -> Any:
    return made.client.get(f"/api/v1/history?{urlencode(query)}")


def test_history_defaults_to_the_headline_of_the_last_quarter_of_an_hour(serve: Serve) -> None:
    """At most 300 points, extremes kept."""
    made = serve()
    made.fill(1000, throughput_ops_sec=1.0)
    answer = history(made).json
    assert set(answer) == {"timestamp", *HEADLINE}
    assert len(answer["timestamp"]) == len(answer["throughput_ops_sec"]) == 300
    assert answer["timestamp"][0] >= made.clock.wall() * 1000 - 900_000
    assert set(answer["latency_ms"]) == {None}


def test_raw_history_is_every_sample_and_null_in_a_hole(serve: Serve) -> None:
    """Nothing is invented where nothing was taken."""
    made = serve()
    made.tick(3, cpu_utilization=1.0)
    made.clock.advance(5.0)
    made.tick(2, cpu_utilization=2.0)
    answer = history(made, points="raw", metrics="cpu_utilization,cpu_utilization").json
    assert answer["cpu_utilization"] == [1.0, 1.0, 1.0, None, 2.0, 2.0]
    assert list(answer) == ["timestamp", "cpu_utilization"]


def test_reduced_percentiles_are_of_all_operations_of_a_span_not_of_a_second(serve: Serve) -> None:
    """A slow second with few operations does not become the p95 of the busy ones beside it."""
    made = serve()
    for number in range(600):
        made.clock.advance(1.0)
        slow = number % 60 == 30
        counts = np.zeros(BUCKETS)
        counts[np.searchsorted(BOUNDS, 1.0 if slow else 0.010)] = 10 if slow else 1000
        seconds = Histogram(counts, 10.0)
        values = {"latency_p95_ms": 1000.0 if slow else 10.0}
        made.monitor.observe(sample(values, clock=made.clock, latency=seconds), Ticks(number, 0, 0))
    answer = history(made, points="20", metrics="latency_p95_ms", **{"from": "now-10m"}).json
    known = [value for value in answer["latency_p95_ms"] if value is not None]
    assert len(known) == 20
    assert max(known) < 20.0
    raw = history(made, points="raw", metrics="latency_p95_ms", **{"from": "now-10m"}).json
    assert max(raw["latency_p95_ms"]) == 1000.0


def test_an_empty_span_is_empty(serve: Serve) -> None:
    """No samples are no error."""
    for points in ("300", "raw"):
        assert history(serve(), metrics="latency_ms", points=points).json == {"timestamp": [], "latency_ms": []}


def test_raw_and_reduced_agree_on_the_extremes(serve: Serve) -> None:
    """A spike of one second is seen at any zoom."""
    made = serve()
    made.fill(2000, latency_ms=1.0)
    made.tick(1, latency_ms=99.0)
    made.fill(2000, latency_ms=1.0)
    for points in ("10", "2000", "raw"):
        answer = history(made, **{"from": "now-2h"}, metrics="latency_ms", points=points).json
        assert max(value for value in answer["latency_ms"] if value is not None) == 99.0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"to": "now+1m"}, "to"),
        ({"from": "now", "to": "now-1m"}, "from"),
        ({"from": "9" * 15}, "from"),
        ({"from": "0001-01-01T00:00:00+23:59"}, "from"),
        ({"from": "now-19000d"}, None),
        ({"metrics": "latency_ms,nothing"}, "metrics"),
        ({"metrics": ""}, "metrics"),
        ({"from": "20230231"}, "from"),
        ({"points": "1"}, "points"),
        ({"points": "2001"}, "points"),
        ({"points": "many"}, "points"),
        ({"points": "٣٠٠"}, "points"),
        ({"points": "raw", "from": "now-2d"}, "points"),
    ],
)
def test_a_bad_parameter_is_named(serve: Serve, query: dict[str, str], field: str | None) -> None:
    """400, the field and its rule."""
    response = history(serve(), **query)
    assert response.status_code == (200 if field is None else 400)
    if field is not None:
        assert response.json["error"]["field"] == field
        assert response.json["error"]["message"]


def test_a_long_answer_that_has_no_place_costs_nothing(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read once it has one."""
    made = serve()
    made.fill(10, latency_ms=1.0)
    server = Flask("crowded")
    server.testing = True
    route.install(server, made.monitor, made.clock, Downloads(0, made.monitor, made.clock))
    read: list[object] = []
    monkeypatch.setattr(made.monitor.history, "excerpt", lambda *asked: read.append(asked))
    with pytest.raises(BusyError):
        server.test_client().get("/api/v1/history?from=now-24h&points=raw")
    assert read == []


def test_two_thousand_points_of_every_metric_are_valid_json(serve: Serve) -> None:
    """The largest answer that is reduced."""
    made = serve()
    made.fill(2500, **dict.fromkeys(COLUMNS, 0.1))
    response = history(made, **{"from": "now-1h"}, points="2000", metrics=",".join(COLUMNS))
    assert {len(column) for column in orjson.loads(response.data).values()} == {2000}
