"""`/ws` behind a real server."""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from monitor.engine.viewers import View

Listen = Callable[..., Any]


def frame(client: ClientConnection) -> Any:
    return json.loads(client.recv(timeout=5))


def close_code(client: ClientConnection) -> int | None:
    """Read until the end and return the code that the server gave for it."""
    try:
        while True:
            client.recv(timeout=5)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Give other threads the time they need."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_client_gets_a_frame_per_tick(listen: Listen) -> None:
    """The newest at once, each one after it as it comes."""
    made = listen()
    made.tick(3)
    with connect(made.url) as client:
        assert frame(client)["seq"] == 3
        made.tick()
        made.tick()
        assert [frame(client)["seq"] for _ in range(2)] == [4, 5]


def test_both_views_and_their_parameters(listen: Listen) -> None:
    """What each asks for."""
    made = listen()
    made.tick(3)
    with connect(f"{made.url}?view=page&after=2&epoch=e1") as page, connect(f"{made.url}?history=0") as lean:
        first = frame(page)
        assert 0 <= first.pop("age") < 5000
        assert first == {"type": "page", "from": 2, "seq": 3}
        assert frame(lean)["history"] == []
        assert made.viewers.count(View.PAGE) == made.viewers.count(View.METRICS) == 1
    until(lambda: made.viewers.count(View.PAGE) == 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("history=301", "history"),
        ("history=-1", "history"),
        ("view=x", "view"),
        ("after=1", "epoch"),
        ("epoch=e1", "after"),
        ("after=x&epoch=e1", "after"),
    ],
)
def test_a_bad_parameter_is_refused_before_the_upgrade(listen: Listen, query: str, field: str) -> None:
    """400 that names it."""
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{listen().url}?{query}")
    assert refused.value.response.status_code == 400
    assert json.loads(refused.value.response.body)["error"]["field"] == field


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1"]
)
def test_a_foreign_page_is_refused_before_the_upgrade(listen: Listen, origin: str) -> None:
    """A browser would send our cookies along."""
    with pytest.raises(InvalidStatus) as refused:
        connect(listen().url, origin=origin)
    assert refused.value.response.status_code == 403


def test_the_own_and_an_allowed_page_are_let_in(listen: Listen) -> None:
    """By exact origin."""
    made = listen(allowed_origins=["https://ops.example"])
    made.tick()
    for origin in (f"http://127.0.0.1:{made.port}", "https://ops.example"):
        with connect(made.url, origin=origin) as client:
            assert frame(client)["seq"] == 1


def test_with_a_token_the_stream_is_closed_to_others(listen: Listen) -> None:
    """A program sends it as a bearer token."""
    made = listen(token="a-token-of-some-length")  # noqa: S106 - of this test alone
    made.tick()
    with pytest.raises(InvalidStatus) as refused:
        connect(made.url)
    assert refused.value.response.status_code == 401
    with connect(made.url, additional_headers={"Authorization": "Bearer a-token-of-some-length"}) as client:
        assert frame(client)["seq"] == 1


def test_compression_and_subprotocols_are_not_agreed_on(listen: Listen) -> None:
    """Both would cost each viewer something and help none."""
    made = listen()
    made.tick()
    with connect(made.url, compression="deflate", subprotocols=["chat"]) as client:
        assert client.response is not None
        assert "Sec-WebSocket-Extensions" not in client.response.headers
        assert client.subprotocol is None
        assert frame(client)["seq"] == 1


def test_actions_are_answered(listen: Listen) -> None:
    """There is no alert yet, and it says so."""
    with connect(listen().url) as client:
        client.send('{"action":"ping"}')
        assert frame(client)["type"] == "pong"
        for action in ("acknowledge_alert", "dismiss_alert"):
            client.send(json.dumps({"action": action, "data": {"alert_id": "a1"}}))
            answer = frame(client)
            assert (answer["type"], answer["action"]) == ("error", action)
            assert answer["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "message",
    [
        "x",
        "[]",
        "{}",
        '{"action":"stop"}',
        '{"action":["ping"]}',
        '{"action":"dismiss_alert"}',
        '{"action":"dismiss_alert","data":{"alert_id":7}}',
        '{"action":"dismiss_alert","data":{"alert_id":""}}',
        '{"action":NaN}',
        "[" * 5000,
        b"binary",
    ],
)
def test_the_third_bad_message_is_one_too_many(listen: Listen, message: str | bytes) -> None:
    """The first two are answered with what is wrong."""
    with connect(listen().url) as client:
        for _ in range(2):
            client.send(message)
            answer = frame(client)
            assert answer["type"] == "error"
            assert answer["error"]["field"]
        client.send(message)
        assert close_code(client) == 1008


def test_a_message_that_is_too_big_and_a_flood_are_ended(listen: Listen) -> None:
    """With the code that says why."""
    made = listen()
    with connect(made.url) as client:
        client.send("x" * 20_000)
        assert close_code(client) == 1009
    # Without a bound on what it has not read yet: the client would stop reading, and not see the end.
    with connect(made.url, max_queue=None) as client:
        with suppress(ConnectionClosed):
            for _ in range(25):
                client.send('{"action":"ping"}')
        assert close_code(client) == 1008


def test_one_more_than_the_limit_is_told_to_try_later(listen: Listen) -> None:
    """HTTP is answered all the while, and a place that gets free is taken by the next."""
    made = listen(limit=3)
    made.tick()
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(connect(made.url)) for _ in range(3)]
        assert {frame(client)["seq"] for client in clients} == {1}
        with connect(made.url) as refused:
            assert close_code(refused) == 1013
        assert made.client.get("/livez", headers={"Host": "127.0.0.1"}).status_code == 200
        clients[0].close()
        until(lambda: made.viewers.count(View.METRICS) == 2)
        with connect(made.url) as late:
            assert frame(late)["seq"] == 1


def test_a_peer_that_does_not_answer_pings_is_dropped(listen: Listen) -> None:
    """After two heartbeats; one that answers stays."""
    made = listen(heartbeat=0.15)
    silent = connect(made.url, ping_interval=None)
    silent.protocol.receive_data = lambda data: None  # type: ignore[method-assign]
    with connect(made.url, ping_interval=None) as good:
        until(lambda: made.viewers.count(View.METRICS) == 2)
        until(lambda: made.viewers.count(View.METRICS) == 1, 2.0)
        made.tick()
        assert frame(good)["seq"] == 1
    silent.socket.close()


def test_a_reader_that_does_not_read_harms_nobody_and_is_cut_off(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others get every frame on time meanwhile."""
    monkeypatch.setattr("monitor.web.stream.websocket.SEND_SECONDS", 0.3)
    made = listen()
    made.tick(80, throughput_ops_sec=1.0)
    lazy = socket.create_connection(("127.0.0.1", made.port))
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lazy.sendall(handshake(made.port, "/ws?history=300"))
    with connect(made.url) as good:
        until(lambda: made.viewers.count(View.METRICS) == 2)
        seqs = [frame(good)["seq"]]
        for _ in range(60):
            made.tick()
            seqs.append(frame(good)["seq"])
        assert seqs == list(range(80, 141))
        until(lambda: made.viewers.count(View.METRICS) == 1)
    lazy.close()


def test_a_closing_server_says_goodbye_to_everyone_at_once(listen: Listen) -> None:
    """1001, also where nobody answers."""
    made = listen()
    made.tick()
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(connect(made.url)) for _ in range(30)]
        for client in clients:
            frame(client)
        began = time.monotonic()
        made.monitor.feed.close()
        assert {close_code(client) for client in clients} == {1001}
        until(lambda: made.viewers.count(View.METRICS) == 0)
        assert time.monotonic() - began < 2.0


def test_disconnects_of_every_kind_leave_nothing_behind(listen: Listen, caplog: pytest.LogCaptureFixture) -> None:
    """No thread, no place, no traceback."""
    made = listen()
    made.tick()
    before = threading.active_count()
    for style in range(3):
        for _ in range(5):
            raw = socket.create_connection(("127.0.0.1", made.port))
            raw.sendall(handshake(made.port, "/ws"))
            assert raw.recv(12) == b"HTTP/1.1 101"
            if style == 0:
                raw.sendall(b"\x88\x80\0\0\0\0")
            elif style == 1:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            raw.close()
            made.tick()
    until(lambda: made.viewers.count(View.METRICS) == 0)
    until(lambda: threading.active_count() <= before)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def handshake(port: int, path: str, method: str = "GET", version: str = "HTTP/1.1", **headers: str) -> bytes:
    named = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} {version}", *(f"{name}: {value}" for name, value in named.items() if value != "-")]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def status(port: int, request: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        raw.sendall(request)
        answer = raw.recv(4096)
    return int(answer.split()[1])


TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f\x85\xa0"), max_size=30)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT"]),
    version=st.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "Host",
                "Upgrade",
                "Connection",
                "Sec_WebSocket_Key",
                "Sec_WebSocket_Version",
                "Sec_WebSocket_Extensions",
                "Sec_WebSocket_Protocol",
                "Origin",
                "Cookie",
                "Transfer_Encoding",
                "X_Any",
            ]
        ),
        st.sampled_from(["-", "", "websocket", "upgrade, keep-alive", "13", "8", "AAAA", "chunked", "a, b"])
        | TEXT,
        max_size=3,
    ),
)
def test_no_handshake_makes_a_server_error(
    shared: Any, method: str, version: str, headers: dict[str, str]
) -> None:
    """Only a correct one is upgraded; any other is refused with 4xx."""
    code = status(shared.port, handshake(shared.port, "/ws", method, version, **headers))
    assert code == 101 or 200 <= code < 500
    touched = set(headers) & {
        "Host",
        "Upgrade",
        "Connection",
        "Sec_WebSocket_Key",
        "Sec_WebSocket_Version",
        "Origin",
    }
    if not touched and method == "GET" and version == "HTTP/1.1" and "Transfer_Encoding" not in headers:
        assert code == 101
    if method != "GET" or version != "HTTP/1.1":
        assert code != 101


@pytest.fixture
def shared(listen: Listen) -> Any:
    """One server for many handshakes."""
    return listen()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 101),
        ({"Upgrade": "-"}, 426),
        ({"Connection": "keep-alive"}, 426),
        ({"Sec_WebSocket_Version": "8"}, 426),
        ({"Sec_WebSocket_Key": "-"}, 400),
        ({"Sec_WebSocket_Key": "AAAA"}, 400),
        ({"Sec_WebSocket_Key": "é" * 24}, 400),
        ({"Sec_WebSocket_Extensions": "x; y=\xff"}, 101),
        ({"Host": "evil.example"}, 400),
        ({"Host": "-"}, 400),
        ({"Content_Length": "5"}, 400),
        ({"method": "HEAD"}, 400),
        ({"method": "POST", "Content_Type": "application/json"}, 400),
        ({"version": "HTTP/1.0"}, 400),
    ],
)
def test_each_part_of_the_handshake_is_checked(listen: Listen, change: dict[str, str], code: int) -> None:
    """426 names the version that is spoken; extensions may say anything."""
    made = listen()
    made.tick()
    assert status(made.port, handshake(made.port, "/ws", **change)) == code


def test_an_upgrade_of_any_other_path_is_refused(listen: Listen) -> None:
    """There is one stream."""
    made = listen()
    for path in ("/", "/livez", "/api/v1/snapshot", "/wsx", "/dashboard/"):
        assert status(made.port, handshake(made.port, path)) in {400, 404}
