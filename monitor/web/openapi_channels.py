"""The paths of channels in `/api/v1/openapi.json`."""

from typing import Any, Final

from monitor.core.channel import NAME_LENGTH
from monitor.core.channel_settings import SETTINGS, ChannelKind
from monitor.core.rule import Severity
from monitor.engine.delivery import MOST_CHANNELS
from monitor.web import channels
from monitor.web.openapi_parts import ERROR, IDENTITY, get, json, words, write

_TIME: Final = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_SETTINGS: Final = "; ".join(
    f"{kind.value}: "
    + ", ".join(f"{name} (secret)" if setting.secret else name for name, setting in SETTINGS[kind].items())
    for kind in ChannelKind
)
_FIELDS: Final[dict[str, Any]] = {
    "id": {"type": "string", "description": "Given by the server"},
    "name": words(NAME_LENGTH),
    "kind": {"enum": [*ChannelKind]},
    "settings": {"type": "object", "description": f"{_SETTINGS}. A PUT may leave secrets out"},
    "severity": {"enum": [*Severity], "default": Severity.WARNING, "description": "The least that is told"},
    "resolved": {"type": "boolean", "default": True, "description": "Ends are told, too"},
    "quiet_hours": {
        "type": ["object", "null"],
        "properties": {"from": _TIME, "to": _TIME},
        "required": ["from", "to"],
        "description": "By the server's clock; what they hold back is told at their end",
    },
    "quiet_lets_critical": {"type": "boolean", "default": True},
    "enabled": {"type": "boolean", "default": True},
}
_NEEDED: Final = ["name", "kind", "settings"]
_CHANNEL: Final = {
    "type": "object",
    "properties": {
        "channel": {"$ref": "#/components/schemas/Channel"},
        "kept": {"type": "boolean", "description": "It is on the disk; else it holds until the server ends"},
    },
}
_MISSING: Final = json("No such channel", ERROR)
_OUTCOME: Final = {
    "type": "object",
    "properties": {
        "sent": {"type": "boolean"},
        "problem": {"type": "string", "description": "Why it was not taken, else empty"},
        "seconds": {"type": "number"},
    },
}

PATHS: Final[dict[str, Any]] = {
    channels.PATH: get("How people are told of alerts", {"200": json("All channels", {"type": "object"})})
    | write(
        "post",
        "Tell people in one more way",
        {
            "201": json("Told from now on", _CHANNEL),
            "409": json(f"There are {MOST_CHANNELS} channels", ERROR),
        },
        _FIELDS,
        _NEEDED,
    ),
    f"{channels.PATH}/{{identity}}": get(
        "One channel", {"200": json("Without its secrets", _CHANNEL), "404": _MISSING}, IDENTITY
    )
    | write(
        "put",
        "Change it",
        {"200": json("The channel after it", _CHANNEL), "404": _MISSING},
        _FIELDS,
        _NEEDED,
        IDENTITY,
    )
    | write(
        "delete",
        "Forget it, and what it was not told yet",
        {"200": json("Forgotten", {"type": "object"}), "404": _MISSING},
        {},
        [],
        IDENTITY,
    ),
    f"{channels.PATH}/{{identity}}/test": write(
        "post",
        "Send a test message now",
        {
            "200": json("What came of it, within 10 s", _OUTCOME),
            "404": _MISSING,
            "429": json("A test of it is under way", ERROR),
        },
        {},
        [],
        IDENTITY,
    ),
}

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        **_FIELDS,
        "state": {
            "type": "object",
            "properties": {
                "sent_at": {"type": ["integer", "null"], "description": "Epoch milliseconds"},
                "waiting": {"type": "integer", "description": "Alerts that have still to be told of"},
                "failing_since": {"type": ["integer", "null"], "description": "Epoch milliseconds"},
                "problem": {"type": "string", "description": "Why the newest try failed, else empty"},
                "next_try_at": {"type": ["integer", "null"], "description": "Epoch milliseconds"},
                "given_up": {"type": "integer", "description": "Messages that were never taken"},
                "quiet": {"type": "boolean", "description": "These are its quiet hours"},
            },
        },
    },
    "required": [*_FIELDS, "state"],
}
"""A channel as it is shown."""
