"""Apprise in its child process, against real receivers."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from monitor.core.errors import SendError
from monitor.notify.apprise_sender import AppriseSender
from notices import channel, message
from peers import Handler, Peer, Server

Serve = Callable[[Handler], Server]


class Hook:
    """Answers with a status, and keeps what it was sent."""

    def __init__(self, serve: Serve, status: str = "200 OK", *headers: str) -> None:
        self.requests: list[bytes] = []
        self._answer = (status, headers)
        self.address = serve(self._handle).url.replace("http://", "json://").replace("/metrics", "/c4n4ry")

    def _handle(self, peer: Peer) -> None:
        status, headers = self._answer
        while request := peer.request():
            self.requests.append(request)
            peer.answer(b"", *headers, status=status)


def tell(address: str, seconds: float = 30.0) -> None:
    AppriseSender().send(channel("apprise", settings={"address": address}), message(), seconds)


def problem(address: str, seconds: float = 30.0) -> SendError:
    with pytest.raises(SendError) as failure:
        tell(address, seconds)
    assert "c4n4ry" not in str(failure.value)
    return failure.value


def test_a_message_arrives(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """With title and lines, and by no proxy of the environment."""
    hook, proxy = Hook(serve), Hook(serve)
    monkeypatch.setenv("http_proxy", proxy.address.replace("json:", "http:"))
    tell(hook.address)
    body = json.loads(hook.requests[0].partition(b"\r\n\r\n")[2])
    assert body["title"] == "[warning] High Latency on hub: firing"
    assert "162 ms > 150 ms" in body["message"]
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("status", "permanent"),
    [("404 Not Found", True), ("429 Too Many Requests", False), ("500 Internal Server Error", False)],
)
def test_a_receiver_that_refuses(serve: Serve, status: str, permanent: bool) -> None:
    """With the status, where Apprise tells it."""
    failure = problem(Hook(serve, status).address)
    assert (str(failure), failure.permanent) == (f"Apprise could not send it (answered {status[:3]})", permanent)


def test_redirects_lead_nowhere(serve: Serve) -> None:
    """What is secret in a request goes to nobody else."""
    elsewhere = Hook(serve)
    location = elsewhere.address.replace("json:", "http:")
    problem(Hook(serve, "302 Found", f"Location: {location}").address + "?redirect=yes")
    assert elsewhere.requests == []


def test_a_receiver_that_hangs_ends_the_child(serve: Serve) -> None:
    """After the time that was given."""

    def hang(peer: Peer) -> None:
        peer.request()
        peer.hang()

    address = serve(hang).url.replace("http://", "json://")
    assert str(problem(f"{address}?rto=60", 2.0)) == "no answer within 2 s"


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166"])
def test_metadata_services_are_never_asked(host: str) -> None:
    """Whatever part of Apprise would ask them."""
    assert str(problem(f"json://{host}/")) == "Apprise could not send it"


def test_an_address_that_apprise_does_not_know() -> None:
    """It never will be one."""
    assert problem("c4n4ryscheme://x").permanent


def test_the_program_starts_without_it() -> None:
    """It is imported by the child alone."""
    code = "import monitor.bootstrap, sys; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
