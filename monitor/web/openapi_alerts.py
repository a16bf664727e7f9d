"""The paths of alerts and rules in `/api/v1/openapi.json`."""

from typing import Any, Final

from monitor.core.metric import COLUMNS
from monitor.core.rule import LARGEST, LONGEST_COOLDOWN, LONGEST_FOR, LONGEST_NAME, Condition, Severity
from monitor.core.signal import SIGNAL
from monitor.web import alerts, rules
from monitor.web.openapi_parts import ERROR, IDENTITY, get, json, query, words, write

_ALERT: Final = {"type": "object", "properties": {"alert": {"$ref": "#/components/schemas/Alert"}}}
_ANSWERED: Final = {
    "200": json("The alert after it", _ALERT),
    "404": json("No such alert", ERROR),
    "409": json("It is over", ERROR),
}
_SIGNED: Final = {"by": words(alerts.NAME_LENGTH), "note": words(alerts.NOTE_LENGTH)}
_RULE: Final = {"type": "object", "properties": {"rule": {"$ref": "#/components/schemas/Rule"}}}
_CHANGED: Final = {
    "200": json("The rule after it", _RULE),
    "404": json("No such rule", ERROR),
    "409": json("It is set in monitor.toml, or comes with the program", ERROR),
}
_METRIC: Final = {"enum": [*COLUMNS, *SIGNAL]}
_FIGURE: Final = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
_FIELDS: Final[dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$", "description": "Made of the name by default"},
    "name": words(LONGEST_NAME),
    "metric": _METRIC,
    "condition": {"enum": [*Condition]},
    "threshold": _FIGURE,
    "severity": {"enum": [*Severity]},
    "for_secs": {"type": "number", "minimum": 0, "maximum": LONGEST_FOR, "default": 5},
    "clear": {"type": ["number", "null"], "description": "At it the alert is over; 5 % inside by default"},
    "keep_firing_secs": {"type": "number", "minimum": 0, "maximum": LONGEST_FOR, "default": 10},
    "cooldown_secs": {"type": "number", "minimum": 0, "maximum": LONGEST_COOLDOWN, "default": 300},
    "guard": {
        "type": ["object", "null"],
        "properties": {"metric": _METRIC, "condition": {"enum": [*Condition]}, "value": _FIGURE},
        "required": ["metric", "condition", "value"],
    },
    "enabled": {"type": "boolean", "default": True},
    "origin": {"enum": ["package", "file", "user"], "description": "Is what it is, whatever is said"},
}
_NEEDED: Final = ["name", "metric", "condition", "threshold", "severity"]

PATHS: Final[dict[str, Any]] = {
    alerts.PATH: get(
        "What is wrong, and what was: open alerts first",
        {"200": json("All of them, or those of a state", {"$ref": "#/components/schemas/Alerts"})},
        query("state", f"Of {', '.join(alerts.STATES)}, separated by commas", {"type": "string"}),
    ),
    alerts.FREQUENCY: get(
        "How often each rule fired in a period, and for how long",
        {"200": json("The most frequent first", {"$ref": "#/components/schemas/Frequency"})},
        query("from", "First moment", {"type": "string", "default": alerts.DEFAULT_FROM}),
        query("to", "Last moment", {"type": "string", "default": "now"}),
    ),
    f"{alerts.PATH}/{{identity}}/acknowledge": write(
        "post", "Note that somebody has seen it", _ANSWERED, _SIGNED, [], IDENTITY
    ),
    f"{alerts.PATH}/{{identity}}/dismiss": write(
        "post", "Hear no more of it until its rule fires anew", _ANSWERED, _SIGNED, [], IDENTITY
    ),
    rules.PATH: get("When an alert is raised", {"200": json("All rules", {"type": "object"})})
    | write("post", "A new rule", {"201": json("Watched", _RULE), "409": _CHANGED["409"]}, _FIELDS, _NEEDED),
    f"{rules.PATH}/{{identity}}": get(
        "One rule", {"200": json("The rule", _RULE), "404": _CHANGED["404"]}, IDENTITY
    )
    | write("put", "Change it; its alert goes on", _CHANGED, _FIELDS, _NEEDED, IDENTITY)
    | write("delete", "Forget it, or make it again what the program has", _CHANGED, {}, [], IDENTITY),
}
