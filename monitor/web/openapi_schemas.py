"""The objects of `/api/v1/openapi.json`."""

from typing import Any, Final

from monitor.core.alert import Happened, State
from monitor.core.event import Kind
from monitor.core.health import Status
from monitor.core.metric import COLUMNS, HEADLINE, METRIC, PERCENTILES
from monitor.core.rule import Condition, Origin, Severity
from monitor.core.verdict import Verdict
from monitor.core.wire import SUMMARY
from monitor.engine.forecasts import HORIZONS
from monitor.engine.reports import Phase
from monitor.web import spans
from monitor.web.exports.table import Resolution

NUMBER: Final = {"type": ["number", "null"]}


def described(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    """Return an object's schema; all of its properties are required by default."""
    return {"type": "object", "properties": properties, "required": required or list(properties)}


_FIGURES: Final = {
    metric: NUMBER | {"description": f"{METRIC[metric].description} ({METRIC[metric].unit or 'count'})"}
    for metric in COLUMNS
}
_NUMBERS: Final = {"type": "array", "items": NUMBER}
_TIMESTAMP: Final = {"type": "integer", "description": "Epoch milliseconds"}
_EDGES: Final = {"type": "array", "items": _TIMESTAMP, "description": "One more than there are spans"}
_LENGTH: Final = {"type": "integer", "description": "How long the spans between the first and the last are, ms"}
SCHEMAS: Final[dict[str, Any]] = {
    "Error": described(
        {
            "error": described(
                {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "field": {"type": ["string", "null"]},
                }
            )
        }
    ),
    "Report": described(
        {
            "id": {"type": "string"},
            "state": {"enum": [phase.value for phase in Phase]},
            "progress": {"type": "number", "description": "Share that is done, 0 to 1"},
            "reason": {"type": "string", "description": "Why there is none"},
            "file": {"type": ["string", "null"], "description": "Path of the PDF once it is drawn"},
        }
    ),
    "Health": described(
        {
            "status": {"enum": [*Status]},
            "ready": {"type": "boolean"},
            "age_seconds": NUMBER,
            "reasons": {"type": "array", "items": {"type": "string"}},
            "ticks": described({word: {"type": "integer"} for word in ("done", "late", "missed")}),
            "lateness_ms": {"type": "number"},
            "score": {
                "type": ["object", "null"],
                "description": "Health 0 to 100 with every deduction, null where nothing can be judged",
            },
        },
        ["status", "ready", "age_seconds", "reasons"],
    ),
    "Point": described({"timestamp": _TIMESTAMP} | {metric: _FIGURES[metric] for metric in HEADLINE}),
    "Frame": described(
        {
            "type": {"const": "metrics"},
            "seq": {"type": "integer", "description": "Number of the sample in this server run, from 1"},
            "epoch": {"type": "string", "description": "Name of this server run"},
            "target": {"type": "string"},
            "interval_ms": {"type": "integer"},
            "cpu_of_one_core": {
                "type": "boolean",
                "description": "cpu_utilization is percent of one core: the target does not say its cores",
            },
            "latency_width_percent": {
                "type": ["number", "null"],
                "description": "Width of the bucket in which latency_p95_ms lies, percent of its lower bound",
            },
            "current": described({"timestamp": _TIMESTAMP} | _FIGURES, ["timestamp", *HEADLINE]),
            "history": {"type": "array", "items": {"$ref": "#/components/schemas/Point"}},
            "summary": described(dict.fromkeys(SUMMARY, NUMBER)),
            "alerts": {"type": "array", "items": {"$ref": "#/components/schemas/Alert"}},
            "alerts_active": {
                "type": "integer",
                "description": "How many there are; a frame names 50 at the most",
            },
            "optimization_impact": {"type": "object", "additionalProperties": NUMBER},
            "optimizations": {"type": "object", "additionalProperties": {"type": "boolean"}},
            "health": {"$ref": "#/components/schemas/Health"},
        }
    ),
    "Alert": described(
        {
            "id": {"type": "string"},
            "rule_id": {"type": "string"},
            "threshold": {"$ref": "#/components/schemas/Rule"},
            "state": {"enum": [State.FIRING, State.ACKNOWLEDGED, State.DISMISSED, State.RESOLVED]},
            "severity": {"enum": [*Severity]},
            "worst_severity": {"enum": [*Severity], "description": "The highest that it had"},
            "triggered_at": _TIMESTAMP,
            "resolved_at": {"type": ["integer", "null"]},
            "current_value": NUMBER,
            "worst_value": NUMBER,
            "message": {"type": "string"},
            "acknowledged": {"type": "boolean"},
            "acknowledged_by": {"type": ["string", "null"]},
            "acknowledged_at": {"type": ["integer", "null"]},
            "note": {"type": "string"},
            "no_data": {"type": "boolean", "description": "Its metric has had no value for 30 s"},
            "log": {
                "type": "array",
                "description": "What happened to it, oldest first",
                "items": described(
                    {
                        "kind": {"enum": [*Happened]},
                        "at": _TIMESTAMP,
                        "value": NUMBER,
                        "by": {"type": "string"},
                        "note": {"type": "string"},
                    }
                ),
            },
        }
    ),
    "Alerts": described(
        {
            "enabled": {"type": "boolean", "description": "False where the settings turn alerts off"},
            "alerts": {"type": "array", "items": {"$ref": "#/components/schemas/Alert"}},
            "pending": {"type": "array", "items": {"type": "object"}},
        },
        ["enabled", "alerts"],
    ),
    "Frequency": described(
        {
            "from": _TIMESTAMP,
            "to": _TIMESTAMP,
            "begins": {"type": ["integer", "null"], "description": "Older alerts were forgotten"},
            "rules": {
                "type": "array",
                "items": described(
                    {
                        "rule_id": {"type": "string"},
                        "name": {"type": "string"},
                        "severity": {"enum": [*Severity]},
                        "count": {"type": "integer"},
                        "seconds": NUMBER,
                        "longest_seconds": NUMBER,
                    }
                ),
            },
        }
    ),
    "Rule": described(
        {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "metric": {"type": "string"},
            "condition": {"enum": [*Condition]},
            "threshold": {"type": "number"},
            "severity": {"enum": [*Severity]},
            "for_secs": {"type": "number"},
            "clear": NUMBER,
            "keep_firing_secs": {"type": "number"},
            "cooldown_secs": {"type": "number"},
            "guard": {"type": ["object", "null"]},
            "enabled": {"type": "boolean"},
            "origin": {"enum": [*Origin]},
        }
    ),
    "Course": described(
        {
            "comparison": {"type": ["string", "null"], "description": "Names the comparison under way"},
            "since": {"type": ["integer", "null"], "description": "Epoch milliseconds of the change"},
            "margin_percent": {"type": "number", "description": "Changes smaller than this do not matter"},
            "most": {"type": "integer", "description": "Points that are kept; then every other one goes"},
            "timestamp": {"type": "array", "items": _TIMESTAMP},
            "metrics": {
                "type": "object",
                "description": "[low, figure, high] in percent by metric, null where none was known",
                "additionalProperties": {"type": "array", "items": {"type": ["array", "null"], "items": NUMBER}},
            },
        }
    ),
    "Forecast": described(
        {
            "metric": {"enum": [*COLUMNS]},
            "unit": {"type": "string"},
            "minutes": {"enum": [*HORIZONS]},
            "at": {"type": ["integer", "null"]}
            | {"description": "Epoch milliseconds at which the newest whole minute ended"},
            "recent": described(
                {
                    "timestamp": {"type": "array", "items": _TIMESTAMP},
                    "values": {"type": "array", "items": NUMBER},
                }
            )
            | {"description": "Means of the 60 minutes before it"},
            "reason": {"type": ["string", "null"], "description": "Why there is no forecast"},
            "forecast": {
                "type": ["object", "null"],
                "properties": {
                    "timestamp": {"type": "array", "items": _TIMESTAMP},
                    "values": {"type": "array", "items": {"type": "number"}},
                    "bands": {
                        "type": "array",
                        "items": described(
                            {
                                "percent": {"type": "integer", "description": "Of the minutes that it shall hold"},
                                "low": {"type": "array", "items": {"type": "number"}},
                                "high": {"type": "array", "items": {"type": "number"}},
                                "held_percent": NUMBER
                                | {"description": "What such bands did hold of the history"},
                            }
                        ),
                    },
                    "skill_percent": {
                        "type": "number",
                        "description": "By how much its error was smaller than that of `same as now`",
                    },
                    "history_minutes": {"type": "integer"},
                },
            },
            "thresholds": {
                "type": "array",
                "items": described(
                    {
                        "rule_id": {"type": "string"},
                        "name": {"type": "string"},
                        "severity": {"enum": [*Severity]},
                        "condition": {"enum": [*Condition]},
                        "threshold": {"type": "number"},
                        "seconds": {"type": ["integer", "null"]}
                        | {"description": "After `at`, by the present trend; null where none is significant"},
                        "early_seconds": {"type": ["integer", "null"]},
                        "late_seconds": {"type": ["integer", "null"]}
                        | {"description": "Null where it is too late to be said"},
                        "reason": {"type": ["string", "null"], "description": "Why no time is said"},
                    }
                ),
            }
            | {"description": "When the enabled rules of the metric would be breached; an 80 % interval"},
        }
    ),
    "History": described(
        {"timestamp": {"type": "array", "items": _TIMESTAMP}} | dict.fromkeys(COLUMNS, _NUMBERS),
        ["timestamp"],
    ),
    "Export": described(
        {
            "from": _TIMESTAMP,
            "to": _TIMESTAMP,
            "resolution": {"enum": [*Resolution]},
            "columns": {"type": "array", "items": {"type": "string"}, "description": "`timestamp`, then figures"},
            "units": {"type": "array", "items": {"type": "string"}, "description": "One per column"},
            "rows": {"type": "array", "items": _NUMBERS, "description": "One value per column, oldest first"},
        }
    ),
    "Spans": described(
        {
            "from": _TIMESTAMP,
            "to": _TIMESTAMP,
            "interval_ms": {"type": "integer", "description": "Time between two samples"},
            "span_ms": _LENGTH,
            "edges": _EDGES,
            "metrics": {
                "type": "object",
                "additionalProperties": described(dict.fromkeys(("low", "high", "mean", "count"), _NUMBERS)),
            },
            "latency": described({"span_ms": _LENGTH, "edges": _EDGES} | dict.fromkeys(PERCENTILES, _NUMBERS)),
            "bands": described(
                {
                    "span_ms": _LENGTH,
                    "edges": _EDGES,
                    "limits_ms": _NUMBERS | {"description": "One more than there are bands"},
                    "shares": {"type": "array", "items": _NUMBERS | {"description": "0 to 1 per band, of a span"}},
                    "beyond": _NUMBERS | {"description": "The share that was slower than any bucket"},
                }
            ),
            "period": described(dict.fromkeys((*spans.PERIOD, *PERCENTILES), NUMBER)),
        }
    ),
    "Events": described(
        {
            "from": _TIMESTAMP,
            "to": _TIMESTAMP,
            "begins": {"type": ["integer", "null"], "description": "Epoch milliseconds of the oldest sample"},
            "events": {
                "type": "array",
                "items": described(
                    {
                        "kind": {"enum": [*Kind]},
                        "at": _TIMESTAMP,
                        "until": _TIMESTAMP,
                        "text": {"type": "string"},
                        "minor": {"type": "boolean", "description": "A step of a proof"},
                        "verdict": {"enum": [*Verdict, None]},
                        "percent": NUMBER,
                        "severity": {"enum": [*Severity, None], "description": "Of an alert"},
                        "metric": {"type": ["string", "null"], "description": "Of an alert's rule"},
                    }
                ),
            },
        }
    ),
}
