"""What a client may say on `/ws`."""

from typing import Any, Final

import orjson

from monitor.core.errors import InvalidInputError
from monitor.engine.ports import Clock

_MAX_ID: Final = 128


class Actions:
    """Answers `ping`, `acknowledge_alert` and `dismiss_alert`."""

    def __init__(self, clock: Clock) -> None:
        """Stamp answers by the wall clock."""
        self._clock = clock

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
        alert = data.get("alert_id") if isinstance(data, dict) else None
        if not isinstance(alert, str) or not 0 < len(alert) <= _MAX_ID:
            raise InvalidInputError("data.alert_id", f"must be a text of 1 to {_MAX_ID} characters")
        # No alert has an id before there are rules that raise one.
        return {
            "type": "error",
            "action": action,
            "error": {"code": "not_found", "message": "no alert has this id", "field": "data.alert_id"},
        }
