"""`/api/v1/markers`: noted changes."""

from dataclasses import asdict
from typing import Any, Final

from flask import Flask, Response

from monitor.core.marker import Marker
from monitor.core.rollup import DAY_MS
from monitor.engine.monitor import Monitor
from monitor.web.body import Body
from monitor.web.errors import answer

PATH: Final = "/api/v1/markers"
SUGGESTIONS: Final = f"{PATH}/suggestions"
TEXT_LENGTH: Final = 120


def install(server: Flask, monitor: Monitor) -> None:
    """Add the routes."""
    experiment = monitor.experiment

    def newest() -> int:
        """Return epoch ms of the newest sample: no change is known of after it."""
        return int(monitor.window.last(1).timestamp.max(initial=0))

    @server.get(PATH)
    def markers() -> Response:
        """All noted changes, oldest first."""
        return answer({"markers": [marker_document(marker) for marker in experiment.state().markers]})

    @server.post(PATH)
    def mark() -> Response:
        """Note a change that was made now, or at a moment of the last 24 h; the comparison begins anew."""
        body = Body.read(("text", "at"))
        text, now = body.text("text", TEXT_LENGTH), newest()
        at = body.whole("at", now - DAY_MS, now, default=now) if "at" in body else None
        return answer({"marker": marker_document(experiment.mark(text, at))}, 201)

    @server.get(SUGGESTIONS)
    def suggestions() -> Response:
        """Steps of the last six hours that no marker explains."""
        found = experiment.suggestions()
        return answer({"suggestions": [asdict(one) | {"text": one.text} for one in found]})


def marker_document(marker: Marker) -> dict[str, Any]:
    """Return a marker as JSON."""
    return {"id": marker.id, "at": marker.at, "text": marker.text, "origin": marker.origin.value}
