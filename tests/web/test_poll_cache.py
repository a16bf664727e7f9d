"""Pages that poll."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from builders import monitor, sample
from fakes import ManualClock
from monitor.bootstrap import Application
from monitor.config import load
from monitor.core.snapshot import Ticks
from monitor.web.poll_cache import PollCache

PATH = "/dashboard/_dash-update-component"
TOKEN = "a-token-of-some-length"  # noqa: S105 - of this test alone


def call(ticks: int, cursor: object) -> bytes:
    body = {
        "output": "poll.data",
        "outputs": {"id": "poll", "property": "data"},
        "inputs": [{"id": "poll-interval", "property": "n_intervals", "value": ticks}],
        "changedPropIds": ["poll-interval.n_intervals"],
        "state": [{"id": "cursor", "property": "data", "value": cursor}],
    }
    return json.dumps(body, separators=(",", ":")).encode()


class Counting:
    """An application that says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = "200 OK"
        self.headers = [("Content-Type", "application/json")]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(self.status, self.headers)
        return [b"%d:%d" % (self.asked, len(body))]


class Polled:
    """An application behind what is tested, and a monitor that samples when told."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.monitor = monitor(self.clock)
        self.application = Counting()
        polls = PollCache(self.application, self.monitor, self.clock, path=PATH, output="poll.data")
        self.client = Client(polls, use_cookies=False)
        self.tick()

    def tick(self) -> None:
        self.clock.advance(1.0)
        self.monitor.observe(sample({"latency_ms": 1.0}, clock=self.clock), Ticks(1, 0, 0))

    def ask(self, body: bytes, path: str = PATH, **headers: str) -> str:
        return self.client.post(path, data=body, content_type="application/json", headers=headers).text


@pytest.fixture
def polled() -> Polled:
    return Polled()


def test_one_page_is_answered_and_the_others_by_its_answer(polled: Polled) -> None:
    """Until there is another sample; how often a page has asked is nothing to the answer."""
    first = polled.ask(call(1, {"seq": 1}))
    assert first == f"1:{len(call(1, {'seq': 1}))}"
    assert polled.ask(call(2345, {"seq": 1})) == first
    polled.tick()
    assert polled.ask(call(3, {"seq": 1})) != first
    assert polled.application.asked == 2


@pytest.mark.parametrize(
    "body", [call(1, {"seq": 2}), call(1, None), call(1, {"seq": 1})[:-1], b"", b"x" * 5000, b"[]"]
)
def test_another_call_is_another_question(polled: Polled, body: bytes) -> None:
    """Byte for byte, and its body is whole."""
    polled.ask(call(1, {"seq": 1}))
    assert polled.ask(body) == f"2:{len(body)}"


@pytest.mark.parametrize("name", ["Host", "Origin", "Authorization", "Cookie"])
def test_who_differs_in_what_the_guard_looks_at_is_judged_by_it(polled: Polled, name: str) -> None:
    """An answer is no admission."""
    polled.ask(call(1, {"seq": 1}))
    assert polled.ask(call(1, {"seq": 1}), **{name: "other"}).startswith("2:")


def test_an_admission_lasts_a_minute(polled: Polled) -> None:
    """A session may have ended by then."""
    polled.ask(call(1, {"seq": 1}))
    polled.clock.advance(61)
    assert polled.ask(call(1, {"seq": 1})).startswith("2:")


@pytest.mark.parametrize(
    ("status", "headers"), [("401 UNAUTHORIZED", []), ("500 NO", []), ("200 OK", [("Set-Cookie", "a=b")])]
)
def test_refusals_failures_and_cookies_are_nobody_elses(
    polled: Polled, status: str, headers: list[tuple[str, str]]
) -> None:
    """They are made each time anew."""
    polled.application.status, polled.application.headers = status, headers
    assert polled.ask(call(1, {"seq": 1})) != polled.ask(call(1, {"seq": 1}))


def test_nothing_else_is_remembered(polled: Polled) -> None:
    """Other paths and other callbacks go straight through."""
    other = call(1, {}).replace(b"poll.data", b"range-data.data")
    for path, body in ((PATH, other), ("/api/v1/snapshot", call(1, {})), (f"{PATH}?x=1", call(1, {}))):
        assert polled.ask(body, path) != polled.ask(body, path)


def test_callers_cannot_fill_the_memory(polled: Polled) -> None:
    """64 answers per sample; the next ones are made and forgotten."""
    for seq in range(100):
        polled.ask(call(1, {"seq": seq}))
    assert polled.ask(call(1, {"seq": 99})).startswith("101:")
    assert polled.ask(call(1, {"seq": 5})).startswith("6:")


def test_the_answer_is_dashs_own_and_a_wrong_token_gets_none(tmp_path: Any, monkeypatch: Any) -> None:
    """With the whole application: same status, headers and body, with news and without."""
    monkeypatch.chdir(tmp_path)
    clock = ManualClock()
    made = Application(
        load({"token": TOKEN, "data_dir": str(tmp_path)}, {}), target="here", sources=[], clock=clock
    )
    monitor = made.monitors["here"]
    for tick in range(1, 4):
        clock.advance(1.0)
        monitor.observe(sample({"latency_ms": 1.0}, clock=clock), Ticks(tick, 0, 0))

    asked: list[str] = []
    made.server.before_request(lambda: asked.append("") or None)
    client = made.server.test_client()

    def ask(ticks: int, cursor: object, token: str = TOKEN) -> Any:
        headers = {"Host": "localhost:8081", "Authorization": f"Bearer {token}"}
        return client.post(PATH, data=call(ticks, cursor), content_type="application/json", headers=headers)

    for cursor, status in (({"epoch": monitor.epoch, "seq": 1}, 200), ({"epoch": monitor.epoch, "seq": 3}, 204)):
        by_dash = ask(1, cursor)
        before = len(asked)
        by_answer = ask(2, cursor)
        assert by_dash.status_code == by_answer.status_code == status
        assert (by_answer.data, list(by_answer.headers)) == (by_dash.data, list(by_dash.headers))
        assert len(asked) == before
        assert ask(3, cursor, "another-token-altogether").status_code == 401
