import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from monitor.samplehub.api import Api, Request
from monitor.samplehub.faults import Faults
from monitor.samplehub.optimizations import Optimizations
from monitor.samplehub.scenario import Scenario

HOST = {"host": "127.0.0.1:9"}
WRITE = {**HOST, "content-type": "application/json"}


def api():
    optimizations = Optimizations()
    return Api(
        registry=CollectorRegistry(),
        optimizations=optimizations,
        faults=Faults(lambda: 0.0),
        scenario=Scenario("ramp", optimizations, first=90.0, gap=45.0),
        log=lambda _: None,
    )


def call(target, method, path, value=None, headers=None):
    body = b"" if value is None else json.dumps(value).encode()
    response = target.handle(Request(method, path, headers or (HOST if value is None else WRITE), body))
    return response.status, json.loads(response.body)


def refusal(target, method, path, value=None, headers=None):
    status, answer = call(target, method, path, value, headers)
    assert set(answer["error"]) == {"code", "message", "field"}
    assert answer["error"]["message"]
    return status, answer["error"]["code"], answer["error"]["field"]


def test_optimizations_are_listed_and_switched():
    """The list names all three with their state, and a write changes one."""
    target = api()
    assert call(target, "PUT", "/optimizations/memory_pools", {"enabled": True})[1]["enabled"] is True
    status, answer = call(target, "GET", "/optimizations")
    assert status == 200
    assert [(each["name"], each["enabled"]) for each in answer["optimizations"]] == [
        ("message_batching", False),
        ("memory_pools", True),
        ("load_balancer", False),
    ]
    assert call(target, "GET", "/optimizations/memory_pools")[1] == answer["optimizations"][1]


def test_faults_are_put_listed_and_ended():
    """A fault shows its amount, unit and remaining time while it is on, and nulls when it is not."""
    target = api()
    _, put = call(target, "PUT", "/faults/latency", {"amount": 50, "seconds": 30})
    assert (put["amount"], put["unit"], put["seconds_left"]) == (50.0, "ms", 30.0)
    _, listed = call(target, "GET", "/faults")
    assert [each["amount"] for each in listed["faults"]] == [50.0, None, None, None]
    _, ended = call(target, "DELETE", "/faults/latency")
    assert (ended["amount"], ended["seconds_left"]) == (None, None)
    assert call(target, "GET", "/faults/latency")[1] == ended


def test_the_scenario_tells_what_comes_next():
    """The plan is visible, and what was chosen by hand is no longer in it."""
    target = api()
    call(target, "PUT", "/optimizations/message_batching", {"enabled": False})
    assert call(target, "GET", "/scenario")[1] == {
        "name": "ramp",
        "elapsed_seconds": 0.0,
        "upcoming": [
            {"name": "memory_pools", "in_seconds": 135.0},
            {"name": "load_balancer", "in_seconds": 180.0},
        ],
    }


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        ("/optimizations/memory_pools", {"enabled": 1}, "invalid_value", "enabled"),
        ("/optimizations/memory_pools", {"enabled": None}, "invalid_value", "enabled"),
        ("/optimizations/memory_pools", {}, "missing_field", "enabled"),
        ("/optimizations/memory_pools", {"enabled": True, "x": 1}, "unknown_field", "x"),
        ("/optimizations/memory_pools", [True], "invalid_json", None),
        ("/faults/latency", {"amount": 50}, "missing_field", "seconds"),
        ("/faults/latency", {"amount": 0, "seconds": 1}, "invalid_value", "amount"),
        ("/faults/latency", {"amount": -1, "seconds": 1}, "invalid_value", "amount"),
        ("/faults/latency", {"amount": 5001, "seconds": 1}, "invalid_value", "amount"),
        ("/faults/latency", {"amount": True, "seconds": 1}, "invalid_value", "amount"),
        ("/faults/latency", {"amount": "50", "seconds": 1}, "invalid_value", "amount"),
        ("/faults/latency", {"amount": float("nan"), "seconds": 1}, "invalid_value", "amount"),
        ("/faults/latency", {"amount": 1, "seconds": float("inf")}, "invalid_value", "seconds"),
        ("/faults/errors", {"amount": 101, "seconds": 1}, "invalid_value", "amount"),
        ("/faults/cpu", {"amount": 91, "seconds": 1}, "invalid_value", "amount"),
        ("/faults/memory_leak", {"amount": 51, "seconds": 601}, "invalid_value", "amount"),
    ],
)
def test_bad_values_name_the_field(path, value, code, field):
    """A write with a wrong body is a 400 that says which field and why, and changes nothing."""
    target = api()
    before = call(target, "GET", path)
    assert refusal(target, "PUT", path, value) == (400, code, field)
    assert call(target, "GET", path) == before


@pytest.mark.parametrize(
    "path", ["/", "/metricsx", "/optimizations/x", "/faults/x", "/optimizations/memory_pools/x", "//[", "*"]
)
def test_unknown_paths_are_not_found(path):
    """Whatever is not a route is a 404."""
    assert refusal(api(), "GET", path)[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/metrics", "GET, HEAD"),
        ("POST", "/optimizations", "GET, HEAD"),
        ("DELETE", "/optimizations/memory_pools", "GET, HEAD, PUT"),
        ("POST", "/faults/cpu", "DELETE, GET, HEAD, PUT"),
    ],
)
def test_wrong_methods_are_told_the_right_ones(method, path, allow):
    """A known path with another method is a 405 with an Allow header."""
    response = api().handle(Request(method, path, WRITE, b"{}"))
    assert response.status == 405
    assert response.headers["Allow"] == allow


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9", "", "127.0.0.1.evil.example", "[::1", "10.0.0.1"]
)
def test_foreign_host_names_are_refused(host):
    """A page that had its name pointed at this machine reads and writes nothing."""
    assert refusal(api(), "GET", "/optimizations", headers={"host": host}) == (403, "foreign_host", "Host")


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost:9", "localhost", "[::1]:9"])
def test_names_of_this_machine_are_served(host):
    """All loopback names, with any port, as behind a forwarded port."""
    assert call(api(), "GET", "/optimizations", headers={"host": host})[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:10", "https://127.0.0.1:9"])
def test_other_origins_cannot_write(origin):
    """A page of any other origin, another local port included, cannot switch anything."""
    headers = {**WRITE, "origin": origin}
    assert refusal(api(), "PUT", "/optimizations/memory_pools", {"enabled": True}, headers) == (
        403,
        "foreign_origin",
        "Origin",
    )
    assert refusal(api(), "DELETE", "/faults/cpu", headers=headers)[0] == 403


def test_the_own_origin_can_write():
    """A page of this address may."""
    headers = {**WRITE, "origin": "http://127.0.0.1:9"}
    assert call(api(), "PUT", "/optimizations/memory_pools", {"enabled": True}, headers)[0] == 200


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_writes_must_be_json(content_type):
    """What a browser's form can send is refused."""
    headers = {**HOST, "content-type": content_type}
    assert refusal(api(), "PUT", "/optimizations/memory_pools", {"enabled": True}, headers) == (
        415,
        "unsupported_media_type",
        "Content-Type",
    )


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "POST", "BREW"]),
    st.sampled_from(["/optimizations/memory_pools", "/faults/cpu", "/metrics", "/scenario"]) | st.text(),
    st.binary(max_size=64) | st.sampled_from([b"[" * 4000, b"1" * 4000, b'{"enabled": 1e999}']),
    st.dictionaries(st.sampled_from(["origin", "content-type", "host", "accept"]), st.text(max_size=20)),
)
def test_nothing_that_is_sent_is_an_error_of_ours(method, path, body, headers):
    """Any request is answered, by success or by a 4xx."""
    response = api().handle(Request(method, path, {**WRITE, **headers}, body))
    assert response.status == 200 or 400 <= response.status < 500
