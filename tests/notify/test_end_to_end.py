"""Delivery, its threads, and real receivers: one that hangs, one that refuses and comes back, one that works."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from builders import chance
from fakes import Cabinet
from monitor.core.channel import Channel
from monitor.core.channel_settings import ChannelKind
from monitor.core.entry import Kind
from monitor.engine.clock import SystemClock
from monitor.engine.delivery import Delivery
from monitor.engine.ports import Sender
from monitor.notify.slack import SlackSender
from monitor.notify.webhook import WebhookSender
from notices import channel, fired
from peers import Handler, Peer, Server

Serve = Callable[[Handler], Server]


def until(true: Callable[[], object]) -> None:
    for _ in range(2000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


@contextmanager
def delivering(*channels: Channel) -> Iterator[tuple[Delivery, Cabinet]]:
    cabinet = Cabinet()
    senders: dict[ChannelKind, Sender] = {
        ChannelKind.SLACK: SlackSender(),
        ChannelKind.WEBHOOK: WebhookSender(),
    }
    delivery = Delivery(senders, cabinet, SystemClock(), chance(), target="hub", link="http://localhost:8081/")
    for one in channels:
        delivery.put(one)
    delivery.start()
    yield delivery, cabinet
    delivery.close()


def at(kind: str, server: Server, identity: str) -> Channel:
    return channel(kind, identity, settings={"url": server.url.replace("/metrics", "/c4n4ry")})


def test_a_hung_channel_delays_no_other_and_one_that_comes_back_is_told(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """429 with Retry-After, then 500, then 200; the secret of no URL is logged or shown."""
    answers = iter([("429 Too Many Requests", "Retry-After: 1"), ("500 Oh", "X: c4n4ry")])
    keys: list[str] = []
    told: list[str] = []

    def hang(peer: Peer) -> None:
        peer.request()
        peer.hang()

    def back(peer: Peer) -> None:
        while request := peer.request():
            head, _, body = request.partition(b"\r\n\r\n")
            keys.append(head.decode().lower().partition("idempotency-key: ")[2].split("\r\n")[0])
            status, header = next(answers, ("200 OK", "X: y"))
            if status == "200 OK":
                told.extend(alert["annotations"]["alert_id"] for alert in json.loads(body)["alerts"])
            peer.answer(b"c4n4ry", header, status=status)

    def works(peer: Peer) -> None:
        while peer.request():
            peer.answer(b"ok")

    hung, returning = at("webhook", serve(hang), "hung"), at("webhook", serve(back), "returning")
    working = at("slack", serve(works), "working")
    with caplog.at_level(logging.DEBUG), delivering(hung, returning, working) as (delivery, cabinet):
        cabinet.keep(delivery.take([fired(0)]))
        until(lambda: delivery.get("working")[1].sent_at)
        assert delivery.get("hung")[1].waiting == 1
        until(lambda: delivery.get("returning")[1].problem)
        shown = [(one.shown(), state.document()) for one, state in delivery.channels()]
        until(lambda: delivery.get("returning")[1].sent_at)
        assert delivery.get("returning")[1].problem == ""
    assert told == [fired(0).alert.id]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert [kind for kind, _ in cabinet.kept if kind is not Kind.CHANNEL] == [Kind.MESSAGE]
    assert "c4n4ry" not in repr(shown) + caplog.text + repr([record.__dict__ for record in caplog.records])


def test_what_came_of_a_test_message_is_said_even_where_nothing_comes_back(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After ten seconds at the most; here it is one."""
    monkeypatch.setattr("monitor.engine.delivery.SEND_SECONDS", 1.0)

    def hang(peer: Peer) -> None:
        peer.request()
        peer.stop.wait(30)

    with delivering(at("webhook", serve(hang), "hung")) as (delivery, _):
        outcome = delivery.test("hung")
    assert outcome.problem == "no answer within 0.5 s"
