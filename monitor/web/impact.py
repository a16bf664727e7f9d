"""`/api/v1/impact`: did it help, and how that came about."""

from typing import Final

from flask import Flask, Response

from monitor.core.impact_document import course_document, document
from monitor.engine.experiment import Experiment
from monitor.web.errors import answer

PATH: Final = "/api/v1/impact"
COURSE: Final = "/api/v1/impact/course"


def install(server: Flask, experiment: Experiment) -> None:
    """Add the route."""

    @server.get(PATH)
    def impact() -> Response:
        """Every comparison with the active baseline, and the overall figure."""
        state = experiment.state()
        settled = None if state.settled is None else state.settled.document()
        return answer(document(state.impact) | {"settled": settled})

    @server.get(COURSE)
    def course() -> Response:
        """Each metric's interval since the change, over time."""
        return answer(course_document(experiment.state().impact))
