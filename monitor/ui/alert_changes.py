"""What of the alerts a page has to ask the API about again, and what moves with each sample."""

from typing import Any, Final

from monitor.core.alert import Alert
from monitor.core.alerts import Alerts
from monitor.ui.alert_words import wrong

MOVING: Final = 20
"""The most urgent alerts, and pending rules, that a page is told of with each sample."""


def alert_changes(before: Alerts | None, now: Alerts) -> dict[str, Any]:
    """Return what differs, everything without `before`.

    `changed` names what is to be asked for anew: "open" and "over" alerts, "rules". `messages` are [alert's id,
    what is wrong], `pending` is as in the API, both of the first ones alone; `more` counts the pending left out.
    """
    told = _told(now)
    if before is None:
        return {"changed": ["open", "over", "rules"], **told}
    same = {
        "open": [_stand(alert) for alert in before.active] == [_stand(alert) for alert in now.active],
        "over": before.ended == now.ended,
        "rules": before.rules == now.rules,
    }
    old = _told(before)
    changes: dict[str, Any] = {name: told[name] for name in ("messages", "pending") if told[name] != old[name]}
    if "pending" in changes:
        changes["more"] = told["more"]
    changed = [name for name, equal in same.items() if not equal]
    return changes | {"changed": changed} if changed else changes


def _told(alerts: Alerts) -> dict[str, Any]:
    return {
        "messages": [[alert.id, wrong(alert)] for alert in alerts.active[:MOVING]],
        "pending": [one.document() for one in alerts.pending[:MOVING]],
        "more": max(0, len(alerts.pending) - MOVING),
    }


def _stand(alert: Alert) -> tuple[object, ...]:
    """Return what of an alert changes by an event, not by its value."""
    return alert.id, alert.state, len(alert.log), alert.rule
