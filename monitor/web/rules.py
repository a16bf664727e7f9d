"""`/api/v1/rules`: when an alert is raised."""

from typing import Final

from flask import Flask, Response

from monitor.core.errors import UnknownError
from monitor.engine.alerting import Alerting
from monitor.web.body import sent
from monitor.web.errors import answer

PATH: Final = "/api/v1/rules"


def install(server: Flask, alerting: Alerting) -> None:
    """Add the routes."""

    @server.get(PATH)
    def rules() -> Response:
        """All rules: those of the program and of its settings file first."""
        return answer({"rules": [rule.document() for rule in alerting.state.rules]})

    @server.get(f"{PATH}/<identity>")
    def rule(identity: str) -> Response:
        """One rule."""
        found = next((rule for rule in alerting.state.rules if rule.id == identity), None)
        if found is None:
            raise UnknownError("no rule has this id")
        return answer({"rule": found.document()})

    @server.post(PATH)
    def add() -> Response:
        """A new rule, watched from the next sample on."""
        return answer({"rule": alerting.add(sent()).document()}, 201)

    @server.put(f"{PATH}/<identity>")
    def replace(identity: str) -> Response:
        """Change it; its alert, if there is one, goes on."""
        return answer({"rule": alerting.replace(identity, sent()).document()})

    @server.delete(f"{PATH}/<identity>")
    def remove(identity: str) -> Response:
        """Forget it and end its alert; an edited one of the program becomes again what it was."""
        packaged = alerting.remove(identity)
        return answer({"deleted": identity, "rule": None if packaged is None else packaged.document()})
