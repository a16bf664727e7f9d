"""Switching the target's optimisations, and learning whether it can be done."""

import json

import pytest

from monitor.core.errors import SourceError
from monitor.net.address import parse_address
from monitor.sources.switchboard import LOOK_SECONDS, HttpSwitchboard

OFFER = {"optimizations": [{"name": "memory_pools", "enabled": True}, {"name": "load_balancer", "enabled": False}]}


class Target:
    """Answers as it is told; remembers what it was asked."""

    def __init__(self, body=b"{}", status="200 OK", content="application/json"):
        self.body, self.status, self.content = body, status, content
        self.requests = []

    def __call__(self, peer):
        self.requests.append(peer.request())
        peer.answer(self.body, f"Content-Type: {self.content}", status=self.status)


def board(serve, target, monotonic=lambda: 0.0):
    return HttpSwitchboard(parse_address("target", serve(target).url), monotonic=monotonic)


@pytest.mark.parametrize("enabled", [True, False])
def test_switching_is_a_put_with_json(serve, enabled):
    """To /optimizations/<name> at the origin of the metrics."""
    target = Target()
    board(serve, target).switch("memory_pools", enabled=enabled)
    head, _, body = target.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"PUT /optimizations/memory_pools HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"enabled": enabled}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("404 Not Found", "the target has no optimisation 'memory_pools'"),
        ("405 Method Not Allowed", "the target answered HTTP 405"),
        ("302 Found", "the target answered HTTP 302"),
        ("500 Oops", "the target answered HTTP 500"),
    ],
)
def test_a_refusal_is_a_sentence(serve, status, sentence):
    """Fit for the page."""
    with pytest.raises(SourceError, match=f"^{sentence}$"):
        board(serve, Target(status=status)).switch("memory_pools", enabled=True)


def test_a_target_that_hangs_is_given_up(serve):
    """A click waits for a second at most, and the change is not sent twice."""
    requests = []

    def handle(peer):
        requests.append(peer.request())
        peer.hang()

    with pytest.raises(SourceError, match=r"no answer within 0\.8 s"):
        board(serve, handle).switch("memory_pools", enabled=True)
    assert len(requests) == 1


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a b", "a\r\nX: y", "ä", "x" * 65, "a?b"])
def test_a_name_cannot_lead_elsewhere(serve, name):
    """Nothing is sent."""
    target = Target()
    with pytest.raises(SourceError, match="no optimisation has such a name"):
        board(serve, target).switch(name, enabled=True)
    assert target.requests == []


def test_the_offer_is_learnt_beside_the_tick(serve):
    """The first reading looks; it holds nothing else and is good."""
    target = Target(json.dumps(OFFER).encode())
    switchboard = board(serve, target)
    reading = switchboard.read()
    assert (reading.error, dict(reading.values)) == (None, {})
    assert reading.switchable == {"memory_pools", "load_balancer"}
    assert target.requests[0].startswith(b"GET /optimizations HTTP/1.1")


def test_the_answer_follows_a_target_that_changes(serve):
    """Looked at again after ten seconds, not before."""
    now = [0.0]
    target = Target(json.dumps(OFFER).encode())
    switchboard = board(serve, target, lambda: now[0])
    switchboard.read()
    target.status = "404 Not Found"
    now[0] = LOOK_SECONDS - 1
    assert (len(switchboard.read().switchable), len(target.requests)) == (2, 1)
    now[0] = LOOK_SECONDS
    assert (switchboard.read().switchable, len(target.requests)) == (frozenset(), 2)


@pytest.mark.parametrize(
    "target",
    [
        Target(status="404 Not Found"),
        Target(b"<html>", content="text/html"),
        Target(b"not json"),
        Target(b"[" * 100_000),
        Target(b"[]"),
        Target(b'{"optimizations": {}}'),
        Target(b'{"optimizations": [1, null, {"name": 3}, {"name": "../x"}, {}]}'),
        Target(json.dumps({"optimizations": [{"name": f"n{n}"} for n in range(33)]}).encode()),
    ],
    ids=["404", "html", "text", "deep", "list", "wrong type", "bad names", "33 names"],
)
def test_any_other_answer_means_that_nothing_is_offered(serve, target):
    """Most targets do not speak /optimizations; that is no error."""
    reading = board(serve, target).read()
    assert (reading.error, reading.switchable) == (None, frozenset())


def test_a_target_that_is_down_offers_nothing(serve):
    """That it is down is for the source to say that watches it."""
    server = serve(Target())
    server.close()
    switchboard = HttpSwitchboard(parse_address("target", server.url))
    reading = switchboard.read()
    assert (reading.error, reading.switchable) == (None, frozenset())
