"""Slack and webhooks against servers that take messages, refuse them, hang, and lie."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import SendError
from monitor.core.message import Message
from monitor.core.rule import Severity
from monitor.core.trial import trial
from monitor.net.address import Address, SocketAddress, places
from monitor.notify.http import wish
from monitor.notify.slack import SlackSender, escaped, text
from monitor.notify.webhook import WebhookSender, payload
from notices import WALL, channel, fired, message, resolved
from peers import Handler, Peer, Server

Serve = Callable[[Handler], Server]


class Hook:
    """A receiver that answers as told and keeps what it was sent."""

    def __init__(self, serve: Serve, body: bytes = b"ok", *headers: str, status: str = "200 OK") -> None:
        self.requests: list[bytes] = []
        self.answer = (body, *headers)
        self.status = status
        self.server = serve(self._handle)
        self.url = self.server.url.replace("/metrics", "/hook?key=1")

    def _handle(self, peer: Peer) -> None:
        while request := peer.request():
            self.requests.append(request)
            peer.answer(*self.answer, status=self.status)

    @property
    def head(self) -> dict[str, str]:
        lines = self.requests[-1].partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self):
        return json.loads(self.requests[-1].partition(b"\r\n\r\n")[2])


def tell(kind: str, url: str, seconds: float = 5.0, made: Message | None = None, **settings: str) -> None:
    sender = SlackSender() if kind == "slack" else WebhookSender()
    sender.send(channel(kind, settings={"url": url, **settings}), made or message(), seconds)


def problem(kind: str, url: str, seconds: float = 5.0) -> SendError:
    with pytest.raises(SendError) as failure:
        tell(kind, url, seconds)
    assert "key" not in str(failure.value)
    return failure.value


@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_a_message_is_posted_with_its_key(serve: Serve, kind: str) -> None:
    """As JSON, to the path with its query; the key is the same when it is sent again."""
    hook = Hook(serve)
    tell(kind, hook.url)
    tell(kind, hook.url)
    assert hook.requests[0].startswith(b"POST /hook?key=1 HTTP/1.1\r\n")
    assert hook.requests[0] == hook.requests[1]
    assert hook.head["content-type"] == "application/json"
    assert hook.head["idempotency-key"] == "k1"


def test_a_webhook_gets_its_authorization(serve: Serve) -> None:
    """Where the channel has one."""
    hook = Hook(serve, b"", status="202 Accepted")
    tell("webhook", hook.url)
    assert "authorization" not in hook.head
    tell("webhook", hook.url, authorization="Bearer t0ken")
    assert hook.head["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("301 Moved", True),
        ("307 Temporary Redirect", True),
        ("400 Bad Request", True),
        ("401 Unauthorized", True),
        ("403 Forbidden", True),
        ("404 Not Found", True),
        ("408 Request Timeout", False),
        ("410 Gone", True),
        ("429 Too Many Requests", False),
        ("500 Internal Server Error", False),
        ("502 Bad Gateway", False),
        ("503 Service Unavailable", False),
    ],
)
@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_an_answer_that_is_no_success(serve: Serve, kind: str, status: str, permanent: bool) -> None:
    """What the caller did wrong stays wrong; the rest may pass. Redirects lead nowhere."""
    elsewhere = Hook(serve)
    hook = Hook(serve, b"the key is 1", f"Location: {elsewhere.url}", status=status)
    failure = problem(kind, hook.url)
    assert failure.permanent is permanent
    assert str(failure).startswith(f"answered {status[:3]}")
    assert elsewhere.requests == []


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 0.0), ("soon", None), ("-5", None), ("", None)])
def test_retry_after_is_read(serve: Serve, header: str, seconds: float | None) -> None:
    """In seconds; nonsense is none."""
    hook = Hook(serve, b"", f"Retry-After: {header}", status="429 Too Many Requests")
    assert problem("webhook", hook.url).retry_after == seconds


def test_retry_after_may_be_a_date() -> None:
    """One that has passed is now."""
    now = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
    assert wish("Tue, 24 Nov 2026 12:01:30 GMT", now) == 90.0
    assert wish("Tue, 24 Nov 2026 11:00:00 GMT", now) == 0.0
    assert wish("Tue, 99 Nov 2026 11:00:00 GMT", now) is None


def test_a_receiver_that_is_not_there() -> None:
    """It may come back."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    failure = problem("webhook", f"http://127.0.0.1:{port}/key")
    assert (str(failure), failure.permanent) == ("connection refused", False)


def drip(peer: Peer) -> None:
    """Say one byte at a time, for ever."""
    peer.request()
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1000:
        peer.send(bytes([byte]))
        if peer.stop.wait(0.05):
            return


def swallow(peer: Peer) -> None:
    peer.request()
    peer.hang()


def cut(peer: Peer) -> None:
    peer.request()


def flood(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not peer.stop.is_set():
        peer.send(b"a" * 65536)


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (swallow, "no answer within 0.3 s"),
        (drip, "no answer within 0.3 s"),
        (cut, "connection closed by the target"),
        (lambda peer: peer.send(b"220 mail.example ESMTP\r\n"), "answer is not valid HTTP"),
    ],
)
def test_a_receiver_that_hangs_or_talks_nonsense(serve: Serve, handler: Handler, sentence: str) -> None:
    """It takes no longer than was said, in all."""
    failure = problem("slack", serve(handler).url + "?key", 0.3)
    assert not failure.permanent
    assert str(failure) in {sentence, "connection closed by the target"}


def test_an_answer_without_end_is_not_read_to_its_end(serve: Serve) -> None:
    """There is a limit to what is read."""
    assert "larger than" in str(problem("webhook", serve(flood).url, 10.0))


def test_slack_says_ok_or_it_was_not_taken(serve: Serve) -> None:
    """Some receivers answer 200 to what they do not take."""
    assert not problem("slack", Hook(serve, b'{"error": "rate_limited"}').url).permanent


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "2852039166",
        "0251.0376.0251.0376",
        "0xa9fea9fe",
        "[fe80::1]",
        "100.100.100.200",
        "[fd00:ec2::254]",
        "224.0.0.1",
    ],
)
def test_metadata_services_are_never_asked(host: str) -> None:
    """However the address is written: it is judged after it was resolved."""
    failure = problem("webhook", f"http://{host}/latest/key", 0.5)
    assert "never asked" in str(failure) or "not found" in str(failure)


def test_a_name_is_resolved_once_and_judged_by_what_came_of_it(serve: Serve) -> None:
    """A name that leads elsewhere the second time gains nothing."""
    asked: list[str] = []

    def resolver(address: Address) -> list[SocketAddress]:
        asked.append(address.host)
        return places("169.254.169.254" if len(asked) > 1 else "127.0.0.1", address.port)

    hook = Hook(serve)
    sender = WebhookSender(resolver)
    target = channel("webhook", settings={"url": hook.url.replace("127.0.0.1", "rebound.example")})
    sender.send(target, message(), 5.0)
    assert asked == ["rebound.example"]
    assert hook.head["host"].startswith("rebound.example:")
    with pytest.raises(SendError, match="never asked"):
        sender.send(target, message(), 5.0)


def test_proxies_of_the_environment_are_not_asked(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would see what is secret."""
    proxy, hook = Hook(serve), Hook(serve)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    tell("webhook", hook.url)
    assert (len(hook.requests), len(proxy.requests)) == (1, 0)


def test_a_webhook_speaks_as_alertmanager_does(serve: Serve) -> None:
    """Version 4, field by field."""
    hook = Hook(serve)
    over = resolved(fired(0))
    made = message(over, fired(5, "High CPU", Severity.CRITICAL), rest={"Other": 3})
    tell("webhook", hook.url, made=made)
    sent = hook.body
    alerts = sent.pop("alerts")
    assert sent == {
        "version": "4",
        "groupKey": '{}/{channel="ops"}:{}',
        "truncatedAlerts": 3,
        "status": "firing",
        "receiver": "ops",
        "groupLabels": {},
        "commonLabels": {"instance": "hub", "metric": "latency_ms"},
        "commonAnnotations": {},
        "externalURL": "http://localhost:8081/dashboard/alerts",
    }
    assert set(alerts[0]) == {
        "status",
        "labels",
        "annotations",
        "startsAt",
        "endsAt",
        "generatorURL",
        "fingerprint",
    }
    assert [alert["status"] for alert in alerts] == ["resolved", "firing"]
    assert alerts[0]["startsAt"] == "2023-11-14T22:13:20.000Z"
    assert alerts[0]["endsAt"] == "2023-11-14T22:14:20.000Z"
    assert alerts[1]["endsAt"] == "0001-01-01T00:00:00Z"
    assert alerts[0]["annotations"]["alert_id"] == over.alert.id
    assert alerts[0]["annotations"]["summary"] == over.alert.message
    assert alerts[1]["labels"] == {
        "alertname": "High CPU",
        "instance": "hub",
        "metric": "latency_ms",
        "rule": "high-cpu",
        "severity": "critical",
    }
    assert len({alert["fingerprint"] for alert in alerts}) == 2


def test_alerts_of_one_rule_have_one_fingerprint_however_severe() -> None:
    """So that a receiver knows the next one of them again."""
    ops = channel()
    first, second = (payload(ops, message(one))["alerts"][0] for one in (fired(0), resolved(fired(7))))
    raised = payload(ops, message(fired(9, severity=Severity.CRITICAL)))["alerts"][0]
    assert first["fingerprint"] == second["fingerprint"] == raised["fingerprint"]
    assert payload(ops, message(resolved(fired(7))))["status"] == "resolved"


def test_a_trial_says_that_nothing_is_wrong() -> None:
    """In each form."""
    made = trial("k1", "ops", WALL, target="hub", link="http://localhost:8081/")
    assert "nothing is wrong" in text(made)
    assert "nothing is wrong" in payload(channel(), made)["alerts"][0]["annotations"]["summary"]


def test_what_an_alert_is_called_is_no_markup_in_slack(serve: Serve) -> None:
    """Nobody is called by it, and nothing is a link."""
    hook = Hook(serve)
    hostile = "<!channel> <@U1> @here <http://evil|a> *b* _c_ ~d~ `e` &lt;!here&gt;"
    tell("slack", hook.url, made=message(fired(0, hostile)))
    shown = hook.body["text"].removesuffix("<http://localhost:8081/dashboard/alerts|Alerts>")
    assert "<" not in shown
    assert "@here" not in shown
    assert "&lt;!channel&gt;" in shown
    assert "&amp;lt;!here&amp;gt;" in shown


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_is_markup_in_slack(words: str) -> None:
    """And none of it is lost."""
    made = escaped(words)
    assert not set("<>") & set(made)
    plain = made.replace("\u200b", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == words.replace("\u200b", "")


def test_a_long_message_is_cut_where_slack_would_cut_it() -> None:
    """At the end of a line, and with the link."""
    made = text(
        message(*(fired(number, "&" * 80) for number in range(100)), rest=dict.fromkeys(map(str, range(999)), 9))
    )
    assert len(made) < 36_000
    assert made.endswith("…\n<http://localhost:8081/dashboard/alerts|Alerts>")
