"""`/api/v1/channels`."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.channel import FIELDS
from monitor.core.channel_settings import ChannelKind
from monitor.core.errors import SendError
from monitor.engine.delivery import Delivery
from notices import SETTINGS

Serve = Callable[..., Any]
JSON = {"Content-Type": "application/json", "Origin": "http://hub.example:8081"}
CANARY = "c4n4ry"
SECRETS: dict[str, dict[str, Any]] = {
    "email": {"user": "me", "password": CANARY},
    "slack": {"url": f"https://hooks.example.org/services/{CANARY}"},
    "webhook": {"url": f"https://example.org/{CANARY}?a={CANARY}", "authorization": f"Bearer {CANARY}"},
    "apprise": {"address": f"tgram://{CANARY}/{CANARY}"},
}


def ask(made: Any, method: str, path: str = "", body: Any = None) -> Any:
    content = None if body is None else json.dumps(body)
    return made.client.open(
        f"/api/v1/channels{path}", method=method, data=content, headers=JSON if method != "GET" else {}
    )


def body(kind: str = "webhook", **fields: Any) -> dict[str, Any]:
    return {"name": "ops", "kind": kind, "settings": {**SETTINGS[kind], **SECRETS[kind]}} | fields


def test_a_channel_is_added_listed_changed_tried_and_deleted(serve: Serve) -> None:
    """From one end to the other."""
    made = serve()
    answer = ask(made, "POST", body=body())
    assert (answer.status_code, answer.json["kept"]) == (201, True)
    identity = answer.json["channel"]["id"]
    [listed] = ask(made, "GET").json["channels"]
    assert listed == answer.json["channel"] == ask(made, "GET", f"/{identity}").json["channel"]
    assert listed["settings"] == {"url": "https://example.org/…", "authorization": "set"}
    assert listed["state"]["waiting"] == 0
    change = body(name="all", severity="info", quiet_hours={"from": "22:00", "to": "07:00"}, settings={})
    changed = ask(made, "PUT", f"/{identity}", change).json["channel"]
    assert (changed["name"], changed["severity"]) == ("all", "info")
    assert ask(made, "POST", f"/{identity}/test").json["sent"] is True
    [trial] = made.mailboxes[ChannelKind.WEBHOOK].taken
    assert trial.trial
    assert ask(made, "DELETE", f"/{identity}").json == {"deleted": identity, "kept": True}
    for method, path, content in (
        ("GET", "", None),
        ("DELETE", "", None),
        ("PUT", "", body()),
        ("POST", "/test", None),
    ):
        assert ask(made, method, f"/{identity}{path}", content).status_code == 404


def test_a_secret_that_is_left_out_is_the_old_one(serve: Serve) -> None:
    """As the sender gets it; it does not follow to another place."""
    made = serve()
    identity = ask(made, "POST", body=body()).json["channel"]["id"]
    assert ask(made, "PUT", f"/{identity}", body(settings={})).status_code == 200
    ask(made, "POST", f"/{identity}/test")
    [told] = made.mailboxes[ChannelKind.WEBHOOK].channels
    assert told.text("url") == SECRETS["webhook"]["url"]
    assert told.text("authorization") == SECRETS["webhook"]["authorization"]
    moved = ask(made, "PUT", f"/{identity}", body(settings={"url": "https://evil.example/"}))
    assert (moved.status_code, moved.json["error"]["field"]) == (400, "settings.authorization")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ([], "body"),
        ({}, "kind"),
        ({"name": "a", "kind": "pager", "settings": {}}, "kind"),
        (body(id="mine"), "id"),
        (body(colour="red"), "colour"),
        (body(settings={"url": "file:///etc/passwd"}), "settings.url"),
        (body(settings={}), "settings.url"),
        (body(quiet_hours={"from": "1", "to": "2"}), "quiet_hours.from"),
        (body(name="a\nb"), "name"),
    ],
)
def test_a_bad_channel_is_refused_with_its_field(serve: Serve, content: Any, field: str) -> None:
    """As everywhere."""
    answer = ask(serve(), "POST", body=content)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)


def test_what_a_receiver_says_comes_back(serve: Serve) -> None:
    """As the sender put it."""
    made = serve()
    identity = ask(made, "POST", body=body()).json["channel"]["id"]
    made.mailboxes[ChannelKind.WEBHOOK].problem = SendError("answered 404", permanent=True)
    answer = ask(made, "POST", f"/{identity}/test").json
    assert (answer["sent"], answer["problem"]) == (False, "answered 404")


def test_no_secret_comes_out(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in answers, whatever is asked, nor in the log, whatever fails."""
    made = serve()
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for kind in ChannelKind:
            mailbox = made.mailboxes[kind]
            mailbox.problem = ValueError(CANARY)
            answer = ask(made, "POST", body=body(kind))
            identity = answer.json["channel"]["id"]
            answers = [
                answer,
                ask(made, "GET"),
                ask(made, "GET", f"/{identity}"),
                ask(made, "PUT", f"/{identity}", body(kind, name="b")),
                ask(made, "POST", f"/{identity}/test"),
                ask(made, "PUT", f"/{identity}", body(kind, settings={**SETTINGS[kind], **SECRETS[kind], "x": 1})),
                ask(made, "PUT", f"/{identity}", body(kind, severity="x")),
                ask(made, "DELETE", f"/{identity}"),
            ]
            said += [one.get_data(as_text=True) for one in answers]
        said += [made.client.get(path).get_data(as_text=True) for path in ("/metrics", "/healthz?verbose")]
    assert CANARY not in "".join(said)
    assert CANARY not in caplog.text + repr([record.__dict__ for record in caplog.records])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(FIELDS) | st.text(max_size=5),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=20)
        | st.lists(st.text(max_size=5), max_size=3)
        | st.dictionaries(st.sampled_from(["url", "host", "from", "to"]), st.text(max_size=9), max_size=2),
    )
)
def test_no_body_makes_a_server_error(serve: Serve, content: dict[str, Any]) -> None:
    """A channel is made of it, or a field is named."""
    answer = ask(serve(), "POST", body=body() | content)
    assert answer.status_code in {201, 400}


def test_one_that_is_deleted_while_it_is_changed_does_not_come_back(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deletion came between reading what was kept and writing what is new."""
    made = serve()
    identity = ask(made, "POST", body=body()).json["channel"]["id"]
    get = Delivery.get

    def deleted(delivery: Delivery, wanted: str) -> Any:
        found = get(delivery, wanted)
        delivery.remove(wanted)
        return found

    monkeypatch.setattr(Delivery, "get", deleted)
    assert ask(made, "PUT", f"/{identity}", body()).status_code == 404
    assert ask(made, "GET").json["channels"] == []
