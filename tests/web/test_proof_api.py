"""`/api/v1/proof`."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from builders import sample
from monitor.core.snapshot import Ticks

Serve = Callable[..., Any]
HEADERS = {"Content-Type": "application/json", "Origin": "http://hub.example:8081"}


class Silent:
    """A switchboard; nothing is switched as long as the prover is not started."""

    def switch(self, name: str, *, enabled: bool) -> None:
        raise NotImplementedError


def ask(made: Any, method: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body)
    return made.client.open("/api/v1/proof", method=method, data=content, headers=HEADERS)


@pytest.fixture
def switchable(serve: Serve) -> Any:
    made = serve(switchboard=Silent())
    made.monitor.observe(sample({}, clock=made.clock, switches={"cache": True}), Ticks(1, 0, 0))
    return made


def test_a_proof_is_begun_looked_at_and_cancelled(switchable: Any) -> None:
    """One at a time."""
    assert ask(switchable, "GET").json == {"proof": None}
    answer = ask(switchable, "POST", {"optimization": "cache"})
    assert answer.status_code == 202
    proof = answer.json["proof"]
    assert (proof["pairs"], proof["half_seconds"], proof["settle_seconds"]) == (8, 40, 10)
    assert (proof["state"], proof["pair"], proof["seconds_left"], proof["metrics"]) == ("running", 1, None, [])
    again = ask(switchable, "POST", {"optimization": "cache"})
    assert (again.status_code, again.json["error"]["code"]) == (409, "conflict")
    assert "under way already" in again.json["error"]["message"]
    cancelled = ask(switchable, "DELETE").json["proof"]
    assert (cancelled["state"], cancelled["pair"], cancelled["on"]) == ("cancelled", None, None)
    assert ask(switchable, "GET").json["proof"] == cancelled
    assert ask(switchable, "DELETE").status_code == 404
    owed = ask(switchable, "POST", {"optimization": "cache"})
    assert (owed.status_code, owed.json["error"]["code"]) == (409, "conflict")
    assert owed.json["error"]["message"].startswith("cache is not seen back on yet")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "optimization"),
        ({"optimization": "turbo"}, "optimization"),
        ({"optimization": 7}, "optimization"),
        ({"optimization": "cache", "pairs": 3}, "pairs"),
        ({"optimization": "cache", "pairs": 21}, "pairs"),
        ({"optimization": "cache", "half_seconds": 9}, "half_seconds"),
        ({"optimization": "cache", "half_seconds": 10.5}, "half_seconds"),
        ({"optimization": "cache", "speed": 1}, "speed"),
        ([], "body"),
    ],
)
def test_a_broken_rule_is_named(switchable: Any, body: Any, field: str) -> None:
    """With the field that breaks it; nothing is begun."""
    answer = ask(switchable, "POST", body)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)
    assert ask(switchable, "GET").json == {"proof": None}


def test_a_target_without_switches_has_no_proof(serve: Serve) -> None:
    """It says so."""
    made = serve()
    made.tick()
    answer = ask(made, "POST", {"optimization": "cache"})
    assert (answer.status_code, answer.json["error"]["message"]) == (400, "the target offers no switches now")
