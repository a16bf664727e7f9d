"""`/api/v1/impact`: did it help."""

from typing import Final

from flask import Flask, Response

from monitor.core.impact_document import document
from monitor.engine.experiment import Experiment
from monitor.web.errors import answer

PATH: Final = "/api/v1/impact"


def install(server: Flask, experiment: Experiment) -> None:
    """Add the route."""

    @server.get(PATH)
    def impact() -> Response:
        """Every comparison with the active baseline, and the overall figure."""
        state = experiment.state()
        settled = None if state.settled is None else state.settled.document()
        return answer(document(state.impact) | {"settled": settled})
