"""`/api/v1/openapi.json`: every route of this room, for programs."""

from typing import Any, Final

from flask import Flask, Response

from monitor.core.baseline_document import NAME_LENGTH, NOTE_LENGTH
from monitor.core.metric import COLUMNS
from monitor.core.paired import LEAST_PAIRS
from monitor.core.proof import (
    DEFAULT_HALF_SECONDS,
    DEFAULT_PAIRS,
    LEAST_HALF_SECONDS,
    MOST_HALF_SECONDS,
    MOST_PAIRS,
)
from monitor.core.reference import LEAST_SECONDS
from monitor.core.wire import HISTORY_ROWS
from monitor.engine.forecasts import DEFAULT_HORIZON, HORIZONS
from monitor.engine.viewers import View
from monitor.web import (
    baselines,
    events,
    forecast,
    history,
    impact,
    ledger,
    markers,
    proof,
    report,
    spans,
)
from monitor.web.attempts import TRIES
from monitor.web.downloads import LIMIT
from monitor.web.errors import JSON, answer
from monitor.web.exports import route as exports
from monitor.web.exports.parquet_file import MISSING
from monitor.web.exports.table import Resolution
from monitor.web.guard import COOKIE, LOGIN
from monitor.web.openapi_schemas import SCHEMAS, described
from monitor.web.stream.subscription import MAX_HISTORY

PATH: Final = "/api/v1/openapi.json"

_ERROR: Final = {"$ref": "#/components/schemas/Error"}
_MOMENT: Final = (
    "ISO 8601 (UTC where it says no offset), epoch milliseconds, `now`, or `now-15m` with s, m, h or d"
)


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hub Monitor",
            "version": "1",
            "description": "Live figures of one watched service. Unknown is null, never 0.",
        },
        "security": [{}, {"bearer": []}, {"session": []}],
        "paths": _PATHS,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
            "schemas": SCHEMAS,
        },
    }


def install(server: Flask) -> None:
    """Add the route."""

    @server.get(PATH)
    def openapi() -> Response:
        """This description."""
        return answer(document())


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _text(description: str, mimetype: str) -> dict[str, Any]:
    return {"description": description, "content": {mimetype: {"schema": {"type": "string"}}}}


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _get(summary: str, responses: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    refusals = {"400": _json("The request breaks a rule", _ERROR), "401": _json("Needs the token", _ERROR)}
    operation: dict[str, Any] = {"summary": summary, "responses": refusals | responses}
    if parameters:
        operation["parameters"] = list(parameters)
    return {"get": operation}


def _write(
    method: str,
    summary: str,
    responses: dict[str, Any],
    fields: dict[str, Any],
    required: list[str],
    *parameters: dict[str, Any],
) -> dict[str, Any]:
    [operation] = _get(summary, responses, *parameters).values()
    if fields:
        schema = {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
        operation["requestBody"] = {"content": {JSON: {"schema": schema}}}
    return {method: operation}


def _whole(least: int, most: int, default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def _words(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


_FROM: Final = _query("from", f"First moment: {_MOMENT}", {"type": "string"})
_TO: Final = _query("to", f"Last moment, default `now`: {_MOMENT}", {"type": "string", "default": "now"})
_METRICS: Final = _query("metrics", "Metric ids, separated by commas: " + ", ".join(COLUMNS), {"type": "string"})
_HEALTH: Final = {"$ref": "#/components/schemas/Health"}
_IDENTITY: Final = {"name": "identity", "in": "path", "required": True, "schema": {"type": "string"}}
_BASELINE: Final = {"type": "object", "properties": {"baseline": {"type": "object"}}}
_RECORDED: Final = {
    "type": "object",
    "properties": {
        "baseline": {"type": "object"},
        "requested_seconds": {"type": "integer"},
        "reason": {"type": "string", "description": "Why it has fewer seconds than asked for, else empty"},
    },
}
_PROOF: Final = {"type": "object", "properties": {"proof": {"type": ["object", "null"]}}}
_ONE: Final = {"200": _json("The baseline", _BASELINE), "404": _json("No such baseline", _ERROR)}
_NOT_KEPT: Final = _json("The data directory cannot be written", _ERROR)
_BUSY: Final = _json(f"{LIMIT} downloads are under way", _ERROR)
_REPORT: Final = {"$ref": "#/components/schemas/Report"}
_REPORTED: Final = {"200": _json("Its state", _REPORT), "404": _json("No such report, or not drawn", _ERROR)}
_DRAWN: Final = {
    "429": _json("Another report is being drawn", _ERROR),
    "503": _json("It could not be drawn", _ERROR),
}
_REDIRECT: Final = {"303": {"description": "Go to the address in Location"}}

_EXPORTED: Final = (
    _FROM | {"schema": {"type": "string", "default": exports.DEFAULT_FROM}},
    _TO,
    _METRICS,
    _query(
        "resolution",
        "What a row is: a sample, or a minute or an hour with smallest, mean and largest value",
        {"enum": [*Resolution], "default": Resolution.SAMPLE},
    ),
)

_PATHS: Final[dict[str, Any]] = {
    "/": _get("The dashboard", {"302": {"description": "Go to /dashboard/"}}),
    "/dashboard": _get("The dashboard", {"302": {"description": "Go to /dashboard/"}}),
    "/dashboard/vendor/{name}": _get(
        "Bootstrap's style sheet and icons",
        {"200": {"description": "The file"}, "404": _json("No such file", _ERROR)},
        {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}},
    ),
    LOGIN: {
        "get": {
            "summary": "The form that asks a person for the token",
            "responses": {"200": _text("The form", "text/html")} | _REDIRECT,
        },
        "post": {
            "summary": "Sign in; sets the session cookie",
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": {"schema": described({"token": {"type": "string"}})}
                }
            },
            "responses": {
                "401": _text("The form again: the token is wrong", "text/html"),
                "403": _json("From a page of another origin", _ERROR),
                "429": _text(f"{TRIES} wrong tokens within a minute from this address", "text/html"),
            }
            | _REDIRECT,
        },
    },
    "/livez": _get("Whether the process works", {"200": _json("It does", {"type": "object"})}),
    "/readyz": _get(
        "Whether there is a sample not older than 3 intervals",
        {"200": _json("There is", {"type": "object"}), "503": _json("There is none", {"type": "object"})},
    ),
    "/healthz": _get(
        "The same with its reasons",
        {"200": _json("Ready", _HEALTH), "503": _json("Not ready", _HEALTH)},
        _query("verbose", "Add connections and settings", {"type": "string"}),
    ),
    "/metrics": _get("Prometheus text, or OpenMetrics by Accept", {"200": _text("All families", "text/plain")}),
    "/ws": _get(
        "The live stream (WebSocket): a Frame per tick",
        {
            "101": {"description": "The stream begins; close codes 1001, 1008, 1009, 1013"},
            "426": _json("Not a WebSocket handshake of version 13", _ERROR),
        },
        _query("view", "metrics, or the dashboard's own stream", {"enum": [*View]}),
        _query(
            "history",
            "Points of history in each frame",
            {"type": "integer", "minimum": 0, "maximum": MAX_HISTORY, "default": HISTORY_ROWS},
        ),
        _query("after", "seq of the last frame that the client has", {"type": "integer", "minimum": 0}),
        _query("epoch", "epoch of that frame", {"type": "string"}),
    ),
    "/api/v1/snapshot": _get(
        "The newest frame, its health judged now",
        {"200": _json("The frame", {"$ref": "#/components/schemas/Frame"}), "503": _json("No sample yet", _ERROR)},
    ),
    "/api/v1/history": _get(
        "Metrics over time; null is a gap",
        {"200": _json("One array per metric", {"$ref": "#/components/schemas/History"}), "429": _BUSY},
        _FROM | {"schema": {"type": "string", "default": history.DEFAULT_FROM}},
        _TO,
        _METRICS,
        _query(
            "points",
            f"At most so many points, extremes kept ({history.MIN_POINTS} to {history.MAX_POINTS}), "
            "or `raw`: every sample of 24 h at most",
            {"type": "string", "default": str(history.DEFAULT_POINTS)},
        ),
    ),
    forecast.PATH: _get(
        "The next minutes of a metric with their bands, or in words why there is no forecast",
        {"200": _json("The forecast", {"$ref": "#/components/schemas/Forecast"})},
        _query("metric", "A metric's id", {"enum": [*COLUMNS]}) | {"required": True},
        _query("minutes", "How many minutes ahead", {"enum": [*HORIZONS], "default": DEFAULT_HORIZON}),
    ),
    spans.PATH: _get(
        "Any length of time in equal spans: extremes and means, latency over time, totals; null where unknown",
        {"200": _json("Arrays over shared edges", {"$ref": "#/components/schemas/Spans"})},
        _FROM | {"schema": {"type": "string", "default": spans.DEFAULT_FROM}},
        _TO,
        _METRICS,
        _query(
            "spans",
            "At most so many spans",
            {
                "type": "integer",
                "minimum": spans.LEAST_SPANS,
                "maximum": spans.MOST_SPANS,
                "default": spans.DEFAULT_SPANS,
            },
        ),
    ),
    events.PATH: _get(
        "What happened: changes with their verdicts, baselines",
        {"200": _json("Oldest first", {"$ref": "#/components/schemas/Events"})},
        _FROM | {"schema": {"type": "string", "default": spans.DEFAULT_FROM}},
        _TO,
    ),
    baselines.PATH: _get("All baselines of the target", {"200": _json("All of them", {"type": "object"})})
    | _write(
        "post",
        "Record the last seconds, or with `next` the seconds to come",
        {"201": _json("Recorded", _RECORDED), "202": _json("Begun", {"type": "object"}), "503": _NOT_KEPT},
        {
            "name": _words(NAME_LENGTH),
            "seconds": _whole(LEAST_SECONDS, baselines.MOST_SECONDS, baselines.DEFAULT_SECONDS),
            "note": _words(NOTE_LENGTH),
            "next": {"type": "boolean", "default": False},
        },
        ["name"],
    ),
    f"{baselines.PATH}/import": _write(
        "post", "Keep a baseline that was exported", {"201": _json("Kept", _BASELINE), "503": _NOT_KEPT}, {}, []
    ),
    f"{baselines.PATH}/{{identity}}": _get("One baseline", _ONE, _IDENTITY)
    | _write(
        "patch",
        "Rename, note, pin",
        _ONE | {"503": _NOT_KEPT},
        {
            "name": _words(NAME_LENGTH),
            "note": _words(NOTE_LENGTH),
            "pinned": {"type": "boolean"},
        },
        [],
        _IDENTITY,
    )
    | _write("delete", "Forget it, unless it is pinned", _ONE | {"503": _NOT_KEPT}, {}, [], _IDENTITY),
    f"{baselines.PATH}/{{identity}}/activate": _write(
        "post", "Compare with it from now on", _ONE, {}, [], _IDENTITY
    ),
    f"{baselines.PATH}/{{identity}}/export": _get("The whole baseline as a document", _ONE, _IDENTITY),
    markers.PATH: _get("Noted changes", {"200": _json("Oldest first", {"type": "object"})})
    | _write(
        "post",
        "Note a change that was made now",
        {"201": _json("Noted", {"type": "object"})},
        {
            "text": _words(markers.TEXT_LENGTH),
            "at": {"type": "integer"} | {"description": "Epoch ms within the last 24 h; now by default"},
        },
        ["text"],
    ),
    markers.SUGGESTIONS: _get(
        "Changes that nobody noted: steps of the last six hours that no marker explains",
        {"200": _json("Oldest first", {"type": "object"})},
    ),
    impact.PATH: _get("Did it help: every comparison", {"200": _json("The impact", {"type": "object"})}),
    impact.COURSE: _get(
        "How the figures came about: each metric's interval over time",
        {"200": _json("The course", {"$ref": "#/components/schemas/Course"})},
    ),
    ledger.PATH: _get("Every comparison that was made", {"200": _json("Oldest first", {"type": "object"})}),
    ledger.CSV: _get(
        "The same as CSV, and the comparison under way",
        {"200": _text("One row per comparison, oldest first", "text/csv")},
    ),
    proof.PATH: _get("The proof under way, or the last one", {"200": _json("null before the first", _PROOF)})
    | _write(
        "post",
        "Begin a randomised on/off test of an optimisation",
        {"202": _json("Begun", _PROOF), "409": _json("One is under way, or its switch is not back yet", _ERROR)},
        {
            "optimization": _words(proof.NAME_LENGTH),
            "pairs": _whole(LEAST_PAIRS, MOST_PAIRS, DEFAULT_PAIRS),
            "half_seconds": _whole(LEAST_HALF_SECONDS, MOST_HALF_SECONDS, DEFAULT_HALF_SECONDS),
        },
        ["optimization"],
    )
    | _write(
        "delete",
        "End it, and put the switch back",
        {"200": _json("Cancelled", _PROOF), "404": _json("None is under way", _ERROR)},
        {},
        [],
    ),
    exports.CSV: _get("Every sample as CSV", {"200": _text("One row each", "text/csv"), "429": _BUSY}, *_EXPORTED),
    exports.AS_JSON: _get(
        "The same as JSON",
        {"200": _json("One array each", {"$ref": "#/components/schemas/Export"}), "429": _BUSY},
        *_EXPORTED,
    ),
    exports.PARQUET: _get(
        "The same as Parquet",
        {
            "200": {"description": "A row group per two hours", "content": {exports.PARQUET_TYPE: {}}},
            "400": _json(f"The request breaks a rule, or {MISSING}", _ERROR),
            "429": _json(f"A Parquet file is being made, or {LIMIT} downloads are under way", _ERROR),
        },
        *_EXPORTED,
    ),
    report.FILE: _get(
        "The report of a period as PDF",
        {"200": {"description": "The file", "content": {"application/pdf": {}}}} | _DRAWN,
        _FROM | {"schema": {"type": "string", "default": report.DEFAULT_FROM}},
        _TO,
    ),
    report.PATH: _write(
        "post",
        "Begin to draw a report in the background",
        {"202": _json("Begun", _REPORT), "429": _DRAWN["429"]},
        {"from": _words(report.MOMENT_LENGTH), "to": _words(report.MOMENT_LENGTH)},
        [],
    ),
    f"{report.PATH}/{{identity}}": _get("How far it is", _REPORTED, _IDENTITY)
    | _write("delete", "Stop drawing it", _REPORTED, {}, [], _IDENTITY),
    f"{report.PATH}/{{identity}}/file": _get(
        "The newest report as PDF",
        {"200": {"description": "The file", "content": {"application/pdf": {}}}, "404": _REPORTED["404"]},
        _IDENTITY,
    ),
    PATH: _get("This description", {"200": _json("OpenAPI 3.1", {"type": "object"})}),
}
