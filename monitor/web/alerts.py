"""`/api/v1/alerts`: what is wrong, what was, and who has seen it."""

from typing import Any, Final

from flask import Flask, Response

from monitor.core.alert import OPEN, Alert, State
from monitor.core.alerts import Alerts, Frequency, frequencies
from monitor.core.rounding import rounded
from monitor.engine.alerting import Alerting
from monitor.engine.ports import Clock
from monitor.web.body import Body
from monitor.web.errors import answer
from monitor.web.query import Query

PATH: Final = "/api/v1/alerts"
FREQUENCY: Final = f"{PATH}/frequency"
NAME_LENGTH: Final = 80
NOTE_LENGTH: Final = 500
STATES: Final = (State.FIRING, State.ACKNOWLEDGED, State.DISMISSED, State.RESOLVED, State.PENDING)
"""What `state` may name; without it, all but what is pending."""
DEFAULT_FROM: Final = "now-24h"


def install(server: Flask, alerting: Alerting, clock: Clock) -> None:
    """Add the routes."""

    @server.get(PATH)
    def alerts() -> Response:
        """Every alert that is known: the open ones first, the most severe first, then the newest first."""
        named = Query.read().some_of("state", STATES, default=(*OPEN, State.RESOLVED))
        return answer(alerts_document(alerting.state, tuple(State(word) for word in named)))

    @server.get(FREQUENCY)
    def frequency() -> Response:
        """How often each rule fired in a period, and for how long."""
        within = Query.read().time_range(round(clock.wall() * 1000), DEFAULT_FROM)
        state = alerting.state
        known = [alert.fired_at for alert in state.ended]
        return answer(
            {
                "from": within.start,
                "to": within.end,
                "begins": min(known, default=None) if alerting.forgets else None,
                "rules": [
                    frequency_document(one)
                    for one in frequencies((*state.active, *state.ended), within.start, within.end)
                ],
            }
        )

    @server.post(f"{PATH}/<identity>/acknowledge")
    def acknowledge(identity: str) -> Response:
        """Note that somebody has seen it."""
        return answer({"alert": alerting.acknowledge(identity, *_signed()).document()})

    @server.post(f"{PATH}/<identity>/dismiss")
    def dismiss(identity: str) -> Response:
        """Hear no more of it until its rule fires anew."""
        return answer({"alert": alerting.dismiss(identity, *_signed()).document()})


def alerts_document(state: Alerts, states: tuple[State, ...]) -> dict[str, Any]:
    """Return the alerts of these states as JSON, and what is pending where that is one of them."""
    known = sorted((*state.active, *state.ended), key=lambda alert: alert.state not in OPEN)
    document: dict[str, Any] = {
        "enabled": state.enabled,
        "alerts": [alert.document() for alert in known if alert.state in states],
    }
    if State.PENDING in states:
        document["pending"] = [one.document() for one in state.pending]
    return document


def frequency_document(one: Frequency) -> dict[str, Any]:
    """Return how often a rule fired as JSON."""
    return {
        "rule_id": one.rule.id,
        "name": one.rule.name,
        "severity": one.rule.severity.value,
        "count": one.count,
        "seconds": rounded(one.seconds),
        "longest_seconds": rounded(one.longest),
    }


def signed(fields: Body) -> tuple[str, str]:
    """Return who it was and what they noted, both of which may lack."""
    return fields.text("by", NAME_LENGTH, default=""), fields.text("note", NOTE_LENGTH, default="")


def changed(alerting: Alerting, action: str, identity: str, fields: Body) -> Alert:
    """Do what a client of `/ws` asks for."""
    answers = {"acknowledge_alert": alerting.acknowledge, "dismiss_alert": alerting.dismiss}
    return answers[action](identity, *signed(fields))


def _signed() -> tuple[str, str]:
    return signed(Body.read(("by", "note")))
