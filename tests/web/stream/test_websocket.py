"""One WebSocket over a pair of sockets, its clock in our hands."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.connection import Connection as Protocol
from wsproto.connection import ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from fakes import ManualClock
from monitor.web.stream.websocket import (
    MAX_MESSAGE_BYTES,
    MESSAGES_PER_SECOND,
    SEND_SECONDS,
    Ended,
    Stalled,
    WebSocket,
    text_frame,
)


@dataclass
class Pair:
    """Our end, and the peer's with a client's side of the protocol."""

    heartbeat: float = 30.0
    clock: ManualClock = field(default_factory=ManualClock)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        ours, self.peer = socket.socketpair()
        self.ours = ours
        self.websocket = WebSocket(ours, self.clock, self.heartbeat, self.stopping.is_set)
        self.protocol = Protocol(ConnectionType.CLIENT)
        self.peer.settimeout(2.0)

    def say(self, *events: Event) -> None:
        for event in events:
            self.peer.sendall(self.protocol.send(event))

    def heard(self) -> list[Event]:
        self.protocol.receive_data(self.peer.recv(1 << 20))
        return list(self.protocol.events())

    def close(self) -> None:
        self.ours.close()
        self.peer.close()


def keep(act: Callable[..., object], *arguments: object) -> None:
    """Do it until it ends; a thousand times are enough for that."""
    for _ in range(1000):
        act(*arguments)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


def test_a_frame_arrives_whole(pair: Pair) -> None:
    """Unmasked text of any length."""
    for text in ("", "x" * 125, "x" * 126, "é" * 40_000):
        pair.websocket.send(text_frame(text.encode()))
        received = ""
        while len(received) < len(text) or not text:
            received += "".join(event.data for event in pair.heard() if isinstance(event, TextMessage))
            if not text:
                break
        assert received == text


def test_messages_come_whole_however_they_are_cut(pair: Pair) -> None:
    """Fragments make one message; a binary one is told apart."""
    pair.say(TextMessage("ab", message_finished=False), TextMessage("cd"), BytesMessage(b"x"), TextMessage("e"))
    assert pair.websocket.receive() == ["abcd", None, "e"]
    assert pair.websocket.receive() == []


def test_a_ping_is_answered(pair: Pair) -> None:
    """With what it carried."""
    pair.say(Ping(b"hello"))
    assert pair.websocket.receive() == []
    assert pair.heard() == [Pong(b"hello")]


@pytest.mark.parametrize("parts", [[MAX_MESSAGE_BYTES + 1], [MAX_MESSAGE_BYTES // 2 + 1] * 2])
def test_a_message_that_is_too_big_ends_it_with_1009(pair: Pair, parts: list[int]) -> None:
    """Before it is complete, in one frame or in several."""
    for number, size in enumerate(parts):
        pair.say(TextMessage("x" * size, message_finished=number == len(parts) - 1))
    with pytest.raises(Ended) as end:
        keep(pair.websocket.receive)
    assert end.value.code == 1009


@pytest.mark.parametrize("event", [TextMessage("{}"), Ping(), Pong(), TextMessage("", message_finished=False)])
def test_a_flood_ends_it_with_1008(pair: Pair, event: Event) -> None:
    """Of messages, fragments or control frames; the allowance fills up as time goes by."""
    pair.say(*[event] * MESSAGES_PER_SECOND)
    pair.websocket.receive()
    pair.clock.advance(1.0)
    pair.say(*[event] * (MESSAGES_PER_SECOND + 1))
    with pytest.raises(Ended) as end:
        keep(pair.websocket.receive)
    assert end.value.code == 1008


def test_a_peer_that_answers_pings_stays(pair: Pair) -> None:
    """Each heartbeat one ping, on the monotonic clock."""
    for _ in range(3):
        pair.websocket.beat()
        pair.clock.advance(pair.heartbeat)
        pair.websocket.beat()
        assert [type(event) for event in pair.heard()] == [Ping]
        pair.say(Pong())
        pair.websocket.receive()


def test_a_peer_that_leaves_a_ping_unanswered_is_dropped_at_the_next(pair: Pair) -> None:
    """The wall clock has no say: a step of an hour changes nothing."""
    pair.clock.advance(pair.heartbeat)
    pair.clock.epoch -= 3600
    pair.websocket.beat()
    pair.clock.advance(pair.heartbeat - 0.1)
    pair.websocket.beat()
    pair.clock.advance(0.1)
    with pytest.raises(Ended) as end:
        pair.websocket.beat()
    assert end.value.code == 1008


def test_a_reader_that_does_not_read_is_cut_off(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that does not leave within its time ends the connection, with nothing more to say."""
    monkeypatch.setattr(pair.websocket, "_poll", lambda events, seconds: pair.clock.advance(seconds))
    began = pair.clock.monotonic()
    with pytest.raises(Stalled) as end:
        keep(pair.websocket.send, text_frame(b"x" * 10_000))
    assert end.value.code is None
    assert pair.clock.monotonic() - began == pytest.approx(SEND_SECONDS)


def test_a_stopping_server_does_not_wait_for_a_slow_reader(pair: Pair) -> None:
    """The frame under way is given up."""
    pair.stopping.set()
    with pytest.raises(Stalled):
        keep(pair.websocket.send, text_frame(b"x" * 10_000))
    assert pair.clock.monotonic() == ManualClock().monotonic()


def test_a_close_is_answered_once(pair: Pair) -> None:
    """With its own code, and nobody is told anything more."""
    pair.say(CloseConnection(1000, "bye"))
    with pytest.raises(Ended) as end:
        pair.websocket.receive()
    assert end.value.code is None
    assert [event.code for event in pair.heard() if isinstance(event, CloseConnection)] == [1000]


def test_what_was_said_before_the_close_is_heard(pair: Pair) -> None:
    """Also when both come at once."""
    pair.say(TextMessage("last words"), CloseConnection(1000))
    assert pair.websocket.receive() == ["last words"]
    with pytest.raises(Ended):
        pair.websocket.receive()


def test_our_close_waits_for_theirs(pair: Pair) -> None:
    """So that it is not lost in a reset; a peer that is silent is not waited for."""
    pair.peer.shutdown(socket.SHUT_WR)
    pair.websocket.close(1001, "going")
    (event,) = pair.heard()
    assert isinstance(event, CloseConnection)
    assert (event.code, event.reason) == (1001, "going")


def test_a_peer_that_is_gone_ends_it(pair: Pair) -> None:
    """Quietly."""
    pair.peer.close()
    with pytest.raises(Ended) as end:
        pair.websocket.receive()
    assert end.value.code is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x01x", 1002),  # not masked
        (b"\xc1\x80\0\0\0\0", 1002),  # a reserved bit
        (b"\x83\x80\0\0\0\0", 1002),  # an unknown opcode
        (b"\x09\x80\0\0\0\0", 1002),  # a fragmented ping
        (b"\x89\xfe\x00\x7e\0\0\0\0", 1002),  # a ping of 126 bytes
        (b"\x80\x80\0\0\0\0", 1002),  # a continuation of nothing
        (b"\x81\x81\0\0\0\0\xff", 1007),  # no UTF-8
        (b"\x88\x81\0\0\0\0x", 1002),  # a close code of one byte
        (b"\x88\x82\0\0\0\0\x03\xed", 1002),  # a close code that nobody may send
    ],
)
def test_a_broken_frame_ends_it_with_the_protocol_s_code(pair: Pair, data: bytes, code: int) -> None:
    """As RFC 6455 says."""
    pair.peer.sendall(data)
    with pytest.raises(Ended) as end:
        pair.websocket.receive()
    assert end.value.code == code


def test_a_frame_that_claims_to_be_endless_costs_nothing(pair: Pair) -> None:
    """Its length is believed byte by byte only."""
    pair.peer.sendall(b"\x81\xff\x3f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0" + b"x" * 100)
    assert pair.websocket.receive() == []


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=4))
def test_no_bytes_do_anything_but_end_it(chunks: list[bytes]) -> None:
    """No other exception, whatever a peer sends."""
    pair = Pair()
    try:
        for chunk in chunks:
            pair.peer.sendall(chunk)
            for message in pair.websocket.receive():
                assert message is None or isinstance(message, str)
    except Ended:
        pass
    finally:
        pair.close()
