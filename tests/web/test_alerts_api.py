"""`/api/v1/alerts` and `/api/v1/rules`."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

Serve = Callable[..., Any]
RULE: dict[str, Any] = {
    "name": "Slow answers",
    "metric": "latency_ms",
    "condition": "above",
    "threshold": 100,
    "severity": "critical",
    "for_secs": 0,
    "keep_firing_secs": 0,
    "cooldown_secs": 0,
}


def send(made: Any, method: str, path: str, body: object) -> Any:
    return made.client.open(
        f"/api/v1/{path}", method=method, data=orjson.dumps(body), content_type="application/json"
    )


def firing(made: Any) -> str:
    """Have the rule above fire; return the alert's id."""
    assert send(made, "POST", "rules", RULE).status_code == 201
    made.tick(latency_ms=300.0)
    [alert] = made.client.get("/api/v1/alerts").json["alerts"]
    return str(alert["id"])


def test_from_the_sample_to_the_frame(serve: Serve) -> None:
    """The alert stands in the frame of the breaching sample itself, with its limit and its health."""
    made = serve()
    identity = firing(made)
    frame = made.client.get("/api/v1/snapshot").json
    [alert] = frame["alerts"]
    assert (alert["id"], alert["state"], alert["message"]) == (identity, "firing", "Slow answers: 300 ms > 100 ms")
    assert alert["threshold"]["cooldown_secs"] == 0
    assert frame["alerts_active"] == 1
    assert frame["summary"]["health_score"] == frame["health"]["score"]["value"] <= 50
    assert made.client.get("/healthz?verbose").json["score"]["of"] == 6


def test_acknowledged_once_whoever_asks(serve: Serve) -> None:
    """The second answer is the first one's."""
    made = serve()
    identity = firing(made)
    first = send(made, "POST", f"alerts/{identity}/acknowledge", {"by": "ada", "note": "on it"})
    assert first.status_code == 200
    assert (first.json["alert"]["acknowledged_by"], first.json["alert"]["note"]) == ("ada", "on it")
    again = send(made, "POST", f"alerts/{identity}/acknowledge", {"by": "bob"})
    assert again.json == first.json
    assert [one["id"] for one in made.client.get("/api/v1/alerts?state=acknowledged").json["alerts"]] == [identity]
    assert made.client.get("/api/v1/alerts?state=firing,resolved").json["alerts"] == []
    assert send(made, "POST", f"alerts/{identity}/dismiss", {}).json["alert"]["state"] == "dismissed"


def test_unknown_is_404_and_over_is_409(serve: Serve) -> None:
    """Both say so."""
    made = serve()
    assert send(made, "POST", "alerts/nothing/acknowledge", {}).status_code == 404
    identity = firing(made)
    made.tick(latency_ms=10.0)
    over = send(made, "POST", f"alerts/{identity}/dismiss", {})
    assert (over.status_code, over.json["error"]["message"]) == (409, "the alert is over")
    frequency = made.client.get("/api/v1/alerts/frequency").json
    assert [(one["rule_id"], one["count"]) for one in frequency["rules"]] == [("slow-answers", 1)]
    assert frequency["begins"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"by": "x" * 81}, "by"),
        ({"note": "two\nlines"}, "note"),
        ({"who": "ada"}, "who"),
        ([], "body"),
    ],
)
def test_bad_answers_name_the_field(serve: Serve, body: object, field: str) -> None:
    """Nothing is changed."""
    made = serve()
    identity = firing(made)
    refused = send(made, "POST", f"alerts/{identity}/acknowledge", body)
    assert (refused.status_code, refused.json["error"]["field"]) == (400, field)
    assert made.client.get("/api/v1/alerts").json["alerts"][0]["state"] == "firing"


def test_a_state_that_is_none(serve: Serve) -> None:
    """It lists those that there are."""
    refused = serve().client.get("/api/v1/alerts?state=loud")
    assert (refused.status_code, refused.json["error"]["field"]) == (400, "state")


def test_pending_ones_say_how_long(serve: Serve) -> None:
    """Of the program's own rule, which waits for five seconds."""
    made = serve()
    made.tick(latency_ms=300.0)
    [pending] = made.client.get("/api/v1/alerts?state=pending").json["pending"]
    assert pending == {
        "rule_id": "high-latency", "name": "High Latency", "held_secs": 0.0, "for_secs": 5.0, "quiet_secs": 0.0
    }  # fmt: skip


def test_rules_are_added_changed_and_deleted(serve: Serve) -> None:
    """With an id made of the name."""
    made = serve()
    added = send(made, "POST", "rules", RULE)
    assert (added.status_code, added.json["rule"]["id"]) == (201, "slow-answers")
    assert send(made, "POST", "rules", RULE).status_code == 409
    changed = send(made, "PUT", "rules/slow-answers", RULE | {"threshold": 5})
    assert changed.json["rule"]["threshold"] == 5.0
    assert made.client.get("/api/v1/rules/slow-answers").json == changed.json
    assert send(made, "DELETE", "rules/slow-answers", {}).json == {"deleted": "slow-answers", "rule": None}
    assert made.client.get("/api/v1/rules/slow-answers").status_code == 404
    assert send(made, "DELETE", "rules/high-latency", {}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"metric": "nonsense"}, "metric"),
        ({"threshold": "150"}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"for_secs": -1}, "for_secs"),
        ({"severity": "loud"}, "severity"),
        ({"clear": 200}, "clear"),
        ({"guard": {"metric": "latency_ms"}}, "guard.condition"),
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
    ],
)
def test_a_bad_rule_is_refused_with_its_field(serve: Serve, change: dict[str, object], field: str) -> None:
    """And the rules stay as they were."""
    made = serve()
    before = made.client.get("/api/v1/rules").json
    refused = send(made, "POST", "rules", RULE | change)
    assert (refused.status_code, refused.json["error"]["field"]) == (400, field)
    assert made.client.get("/api/v1/rules").json == before


@pytest.mark.parametrize("path", ["alerts/x/acknowledge", "alerts/x/dismiss", "rules"])
def test_other_pages_and_forms_cannot_write(serve: Serve, path: str) -> None:
    """As everywhere."""
    made = serve()
    assert made.client.post(f"/api/v1/{path}", data="by=eve").status_code == 415
    foreign = {"Origin": "http://evil.example", "Content-Type": "application/json"}
    assert made.client.post(f"/api/v1/{path}", data="{}", headers=foreign).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "rules", rb'{"\ud800": 1}', "?"),
        ("PUT", "rules/high-latency", rb'{"\ud800": 1}', "?"),
        ("POST", "channels", rb'{"\ud800": 1}', "?"),
        ("POST", "channels", rb'{"name": "x", "kind": "slack", "settings": {"\udfff": 1}}', "settings.?"),
        ("POST", "alerts/x/acknowledge", rb'{"\ud800": 1}', "?"),
    ],
)
def test_a_field_whose_name_is_no_text_is_refused(
    serve: Serve, method: str, path: str, body: bytes, field: str
) -> None:
    """Half of a pair can be said in JSON, and not be written back."""
    answer = serve().client.open(f"/api/v1/{path}", method=method, data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)
