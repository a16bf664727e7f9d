"""Malformed calls of callbacks."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Serve = Callable[..., Any]
UPDATE = "/dashboard/_dash-update-component"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

VALID = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "in", "property": "value", "value": 4}],
    "changedPropIds": ["in.value"],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def call(made: Any, **body: Any) -> Any:
    return made.client.post(UPDATE, json=body or [])


def test_a_proper_call_is_answered(serve: Serve) -> None:
    """The check stands in nobody's way."""
    response = call(serve(dash=True), **VALID)
    assert response.json["response"] == {"out": {"children": 0.25}}


@pytest.mark.parametrize(
    "data", [b"null", b"[]", b'"x"', b"{}", b"1", b"{", b"[" * 100_000, b'{"output":"nothing.here"}', b"\xff"]
)
def test_what_is_no_call_is_a_bad_request(serve: Serve, data: bytes) -> None:
    """It names the body and no traceback."""
    response = serve(dash=True).client.post(UPDATE, data=data, content_type="application/json")
    assert response.status_code == 400
    assert set(response.json["error"]) == {"code", "message", "field"}


@pytest.mark.parametrize(
    "change",
    [
        {"outputs": {"id": "out", "property": "value"}},
        {"outputs": []},
        {"outputs": None},
        {"inputs": []},
        {"inputs": [5]},
        {"inputs": {}},
        {"inputs": [{}]},
        {"state": 7},
        {"changedPropIds": [[]]},
        {"output": "..out.children.."},
        {"output": "out.children@x"},
    ],
)
def test_a_call_with_a_wrong_part_is_a_bad_request(serve: Serve, change: dict[str, Any]) -> None:
    """One mistake is enough."""
    assert call(serve(dash=True), **(VALID | change)).status_code == 400


def test_a_callback_that_fails_stays_in_the_log(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of ours is not the caller's; the answer shows no traceback."""
    with caplog.at_level(logging.INFO):
        response = call(serve(dash=True), **(VALID | {"inputs": [{"id": "in", "property": "value", "value": 0}]}))
    assert response.status_code == 500
    assert response.json["error"]["code"] == "internal"
    assert "Traceback" not in response.text
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.exc_info[0] for record in failures if record.exc_info] == [ZeroDivisionError]


def test_what_dash_has_for_development_is_not_there(serve: Serve) -> None:
    """It would name the packages."""
    response = serve(dash=True).client.get("/dashboard/_reload-hash")
    assert (response.status_code, response.json["error"]["code"]) == (404, "not_found")


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from([*VALID, "state", "x"]), JSON, max_size=5))
def test_no_body_makes_a_server_error(made: Any, body: dict[str, Any]) -> None:
    """Whatever stands in place of a part, where the callback itself takes any value."""
    tolerant = {"output": "kind.children", "outputs": {"id": "kind", "property": "children"}}
    assert made.client.post(UPDATE, json=VALID | tolerant | body).status_code < 500


@pytest.fixture
def made(serve: Serve) -> Any:
    """One server for many bodies."""
    return serve(dash=True)
