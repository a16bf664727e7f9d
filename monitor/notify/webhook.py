"""A webhook, told in the JSON of Alertmanager, version 4."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from monitor.core.channel import Channel
from monitor.core.message import Message, is_over, word
from monitor.core.notice import Notice
from monitor.core.wire import encode
from monitor.net.address import Address, SocketAddress, resolve
from monitor.notify.http import post

_FIRING: Final = "firing"
_RESOLVED: Final = "resolved"
_NO_END: Final = "0001-01-01T00:00:00Z"
"""As Alertmanager writes the end of what goes on."""


class WebhookSender:
    """Posts to one URL."""

    def __init__(self, resolver: Callable[[Address], list[SocketAddress]] = resolve) -> None:
        """Find hosts with `resolver`."""
        self._resolver = resolver

    def send(self, channel: Channel, message: Message, seconds: float) -> None:
        """Send it; raises SendError."""
        authorization = channel.text("authorization")
        post(
            channel.text("url"),
            encode(payload(channel, message)),
            message,
            seconds,
            headers={"Authorization": authorization} if authorization else {},
            resolver=self._resolver,
        )


def payload(channel: Channel, message: Message) -> dict[str, Any]:
    """Return the message as Alertmanager's receivers expect it."""
    alerts = [_alert(message, notice) for notice in message.notices]
    return {
        "version": "4",
        "groupKey": f'{{}}/{{channel="{channel.id}"}}:{{}}',
        "truncatedAlerts": message.truncated,
        "status": _FIRING if any(alert["status"] == _FIRING for alert in alerts) else _RESOLVED,
        "receiver": channel.name,
        "groupLabels": {},
        "commonLabels": _common(alert["labels"] for alert in alerts),
        "commonAnnotations": _common(alert["annotations"] for alert in alerts),
        "externalURL": message.link,
        "alerts": alerts,
    }


def _alert(message: Message, notice: Notice) -> dict[str, Any]:
    alert = notice.alert
    labels = {
        "alertname": alert.rule.name,
        "instance": message.target,
        "metric": alert.rule.metric,
        "rule": alert.rule.id,
        "severity": alert.rule.severity.value,
    }
    return {
        "status": _RESOLVED if is_over(notice) else _FIRING,
        "labels": labels,
        "annotations": {
            "alert_id": alert.id,
            "description": word(notice),
            "summary": message.lines[0] if message.trial else alert.message,
        },
        "startsAt": _written(alert.fired_at),
        "endsAt": _NO_END if alert.resolved_at is None else _written(alert.resolved_at),
        "generatorURL": message.link,
        "fingerprint": fingerprint(labels),
    }


def fingerprint(labels: Mapping[str, str]) -> str:
    """Return 16 hexadecimal digits, the same for all alerts of one rule and target, however severe."""
    named = "\0".join(f"{name}\0{value}" for name, value in sorted(labels.items()) if name != "severity")
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _common(each: Iterable[Mapping[str, str]]) -> dict[str, str]:
    first, *others = each
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
