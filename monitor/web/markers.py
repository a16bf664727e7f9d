"""`/api/v1/markers`: noted changes."""

from typing import Any, Final

from flask import Flask, Response

from monitor.core.marker import Marker
from monitor.engine.experiment import Experiment
from monitor.web.body import Body
from monitor.web.errors import answer

PATH: Final = "/api/v1/markers"
TEXT_LENGTH: Final = 120


def install(server: Flask, experiment: Experiment) -> None:
    """Add the routes."""

    @server.get(PATH)
    def markers() -> Response:
        """All noted changes, oldest first."""
        return answer({"markers": [marker_document(marker) for marker in experiment.state().markers]})

    @server.post(PATH)
    def mark() -> Response:
        """Note a change that was made now; the comparison begins anew."""
        text = Body.read(("text",)).text("text", TEXT_LENGTH)
        return answer({"marker": marker_document(experiment.mark(text))}, 201)


def marker_document(marker: Marker) -> dict[str, Any]:
    """Return a marker as JSON."""
    return {"id": marker.id, "at": marker.at, "text": marker.text, "origin": marker.origin.value}
