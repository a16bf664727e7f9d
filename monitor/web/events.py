"""`/api/v1/history/events`: what happened in a part of the past, and how far back the past goes."""

from typing import Any, Final

from flask import Flask, Response

from monitor.core.event import Event, events
from monitor.core.rounding import rounded
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.web.errors import answer
from monitor.web.query import Query
from monitor.web.spans import DEFAULT_FROM

PATH: Final = "/api/v1/history/events"


def install(server: Flask, monitor: Monitor, clock: Clock) -> None:
    """Add the route."""

    @server.get(PATH)
    def happened() -> Response:
        """Changes with what came of them, baselines and alerts, oldest first."""
        within = Query.read().time_range(round(clock.wall() * 1000), DEFAULT_FROM)
        found = events(monitor.experiment.state(), monitor.alerting.state, within.start, within.end)
        return answer(
            {
                "from": within.start,
                "to": within.end,
                "begins": monitor.history.begins,
                "events": [event_document(event) for event in found],
            }
        )


def event_document(event: Event) -> dict[str, Any]:
    """Return an event as JSON."""
    return {
        "kind": event.kind.value,
        "at": event.at,
        "until": event.until,
        "text": event.text,
        "minor": event.minor,
        "verdict": None if event.verdict is None else event.verdict.value,
        "percent": rounded(event.percent),
        "severity": None if event.severity is None else event.severity.value,
        "metric": event.metric,
    }
