"""`/api/v1/`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import sample
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.metric import COLUMNS, HEADLINE
from monitor.core.snapshot import Ticks
from monitor.web.time_range import moment

Serve = Callable[..., Any]
NOW = 1_700_000_000_000


def history(made: Any, **query: str) -> Any:
    return made.client.get(f"/api/v1/history?{urlencode(query)}")


def test_the_snapshot_is_the_newest_frame_with_its_health_judged_now(serve: Serve) -> None:
    """The same object as on `/ws`; 503 before there is one."""
    made = serve()
    assert made.client.get("/api/v1/snapshot").status_code == 503
    made.tick(70, throughput_ops_sec=5.0)
    made.clock.advance(10.0)
    frame = made.client.get("/api/v1/snapshot").json
    assert frame["seq"] == 70
    assert len(frame["history"]) == 60
    assert frame["health"]["status"] == "stale"
    assert frame["health"]["age_seconds"] == 10.0


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
        ({"from": "0001-01-01T00:00:00+23:59"}, None),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("now-90s", NOW - 90_000),
        ("now-15m", NOW - 900_000),
        ("now-2h", NOW - 7_200_000),
        ("now-1d", NOW - 86_400_000),
        ("1700000000123", 1_700_000_000_123),
        ("2023-11-14T22:13:20Z", NOW),
        ("2023-11-14T22:13:20", NOW),
        ("2023-11-14T23:13:20+01:00", NOW),
        ("2023-11-14T23:13:20 01:00", NOW),
        ("2023-11-14T22:13:20.250Z", NOW + 250),
        ("20231114T221320Z", NOW),
        ("20231114", round(datetime(2023, 11, 14, tzinfo=UTC).timestamp() * 1000)),
        ("2023-11-14", round(datetime(2023, 11, 14, tzinfo=UTC).timestamp() * 1000)),
    ],
)
def test_a_moment_in_each_spelling(text: str, expected: int) -> None:
    """A plus sign that a query turned into a space is understood."""
    assert moment("from", text, NOW) == expected


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/api/v1/history", "/export.csv", "/ws", "/healthz", "/metrics"]),
    st.dictionaries(
        st.sampled_from(["from", "to", "metrics", "points", "view", "history", "after", "epoch", "verbose"]),
        st.text(max_size=30) | st.sampled_from(["now-1d", "raw", "2", "latency_ms", "page", "-1", "9" * 20]),
        max_size=4,
    ),
)
def test_no_parameter_makes_a_server_error(serve: Serve, path: str, query: dict[str, str]) -> None:
    """Anything may stand in a query; the answer is JSON or what was asked for."""
    made = serve()
    made.fill(3, latency_ms=1.0)
    response = made.client.get(f"{path}?{urlencode(query, quote_via=quote)}")
    assert response.status_code in {200, 400, 426}
    if response.status_code == 400:
        # A `to` before the default of `from` names the latter.
        assert response.json["error"]["field"] in {*query, "from"}


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["Accept", "Origin", "Authorization", "Cookie", "Host", "Upgrade"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
    )
)
def test_no_header_makes_a_server_error(serve: Serve, headers: dict[str, str]) -> None:
    """Nor may anything in a header."""
    made = serve(token="a-token-of-some-length")  # noqa: S106 - of this test alone
    made.tick()
    for path in ("/metrics", "/login", "/ws", "/api/v1/snapshot"):
        assert made.client.get(path, headers=headers).status_code < 500


def test_every_route_is_described_and_every_description_is_a_route(serve: Serve) -> None:
    """The description is written by hand and cannot go stale."""
    made = serve()
    described = {
        (path, method.upper())
        for path, operations in made.client.get("/api/v1/openapi.json").json["paths"].items()
        for method in operations
    }
    routes = {
        (str(rule).replace("<path:name>", "{name}"), method)
        for rule in made.server.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_the_description_fits_the_answers(serve: Serve) -> None:
    """Each field of a frame is described, and each that is required is there."""
    made = serve()
    made.tick(2, **dict.fromkeys(COLUMNS, 1.0))
    schemas = made.client.get("/api/v1/openapi.json").json["components"]["schemas"]
    frame = made.client.get("/api/v1/snapshot").json
    for schema, value in (
        ("Frame", frame),
        ("Point", frame["history"][0]),
        ("Health", frame["health"]),
        ("Error", made.client.get("/nowhere").json),
        ("History", history(made).json),
    ):
        assert set(value) <= set(schemas[schema]["properties"]), schema
        assert set(schemas[schema]["required"]) <= set(value), schema
    for part in ("current", "summary"):
        properties = schemas["Frame"]["properties"][part]
        assert set(properties["required"]) <= set(frame[part]) <= set(properties["properties"])


def test_two_thousand_points_of_every_metric_are_valid_json(serve: Serve) -> None:
    """The largest answer that is reduced."""
    made = serve()
    made.fill(2500, **dict.fromkeys(COLUMNS, 0.1))
    response = history(made, **{"from": "now-1h"}, points="2000", metrics=",".join(COLUMNS))
    assert {len(column) for column in orjson.loads(response.data).values()} == {2000}
