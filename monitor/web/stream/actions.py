"""What a client may say on `/ws`."""

from typing import Any, Final

import orjson

from monitor.core.errors import ConflictError, InvalidInputError, UnknownError
from monitor.engine.alerting import Alerting
from monitor.engine.ports import Clock
from monitor.web.alerts import changed
from monitor.web.body import Body

_MAX_ID: Final = 128


class Actions:
    """Answers `ping`, `acknowledge_alert` and `dismiss_alert`."""

    def __init__(self, clock: Clock, alerting: Alerting) -> None:
        """Stamp answers by the wall clock; alerts are those of `alerting`."""
        self._clock = clock
        self._alerting = alerting

    def answer(self, message: str | None) -> dict[str, Any]:
        """Return the answer to a message (None: a binary one); raise InvalidInputError for a bad one."""
        if message is None:
            raise InvalidInputError("message", "must be text")
        try:
            request = orjson.loads(message)
        except orjson.JSONDecodeError:
            raise InvalidInputError("message", "must be JSON") from None
        if not isinstance(request, dict):
            raise InvalidInputError("message", "must be an object")
        match request.get("action"):
            case "ping":
                return {"type": "pong", "timestamp": round(self._clock.wall() * 1000)}
            case "acknowledge_alert" | "dismiss_alert" as action:
                return self._alert(action, request.get("data"))
            case _:
                raise InvalidInputError("action", "must be ping, acknowledge_alert or dismiss_alert")

    def _alert(self, action: str, data: object) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise InvalidInputError("data", "must be an object")
        fields = Body(data)
        identity = fields.text("alert_id", _MAX_ID)
        try:
            alert = changed(self._alerting, action, identity, fields)
        except UnknownError as problem:
            return _error(action, "not_found", str(problem))
        except ConflictError as problem:
            return _error(action, "conflict", str(problem))
        return {"type": "alert", "action": action, "alert": alert.document()}


def _error(action: str, code: str, message: str) -> dict[str, Any]:
    error = {"code": code, "message": message, "field": "data.alert_id"}
    return {"type": "error", "action": action, "error": error}
