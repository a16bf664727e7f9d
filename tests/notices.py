"""Notices, messages and channels for tests."""

from collections.abc import Mapping
from typing import Any

from monitor.core.alert import Alert, Happened, State
from monitor.core.channel import Channel
from monitor.core.message import Message
from monitor.core.notice import Notice
from monitor.core.rule import Condition, Rule, Severity

WALL = 1_700_000_000_000
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "webhook": {"url": "http://127.0.0.1:9/hook"},
    "slack": {"url": "http://127.0.0.1:9/slack"},
    "apprise": {"address": "json://127.0.0.1:9/"},
    "email": {
        "host": "127.0.0.1",
        "port": 9,
        "tls": "none",
        "sender": "monitor@example.org",
        "recipients": ["ops@example.org"],
    },
}


def rule(name: str = "High Latency", severity: Severity = Severity.WARNING) -> Rule:
    identity = (
        name.lower().replace(" ", "-")[:40] if name.isascii() and name.replace(" ", "").isalnum() else "rule"
    )
    return Rule(identity, name, "latency_ms", Condition.ABOVE, 150.0, severity)


def fired(number: int = 0, name: str = "High Latency", severity: Severity = Severity.WARNING) -> Notice:
    """Return the notice of alert number `number`, which fired that many ms after WALL."""
    alert = Alert.fired(rule(name, severity), 162.0, WALL + number, None)
    return Notice(f"{alert.id}:0", alert, Happened.FIRED, alert.fired_at)


def resolved(notice: Notice) -> Notice:
    """Return the notice that the same alert is over, a minute later."""
    alert = notice.alert.after(Happened.RESOLVED, State.RESOLVED, notice.at + 60_000)
    return Notice(f"{alert.id}:{len(alert.log) - 1}", alert, Happened.RESOLVED, notice.at + 60_000)


def channel(kind: str = "webhook", identity: str = "ops", **fields: Any) -> Channel:
    """Return a channel, `settings` of which are added to those of its kind."""
    settings = {**SETTINGS[kind], **fields.pop("settings", {})}
    return Channel.read({"id": identity, "name": identity, "kind": kind, "settings": settings} | fields)


def message(*notices: Notice, **fields: Any) -> Message:
    """Return a message of these notices, by default of one alert that fired."""
    made = Message("k1", "ops", WALL, "hub", "http://localhost:8081/dashboard/alerts", notices or (fired(),))
    return Message(**{name: getattr(made, name) for name in made.__slots__} | fields)
