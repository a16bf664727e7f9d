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
from monitor.web.errors import answer
from monitor.web.exports import route as exports
from monitor.web.exports.parquet_file import MISSING
from monitor.web.exports.table import Resolution
from monitor.web.guard import COOKIE, LOGIN
from monitor.web.openapi_alerts import PATHS as ALERT_PATHS
from monitor.web.openapi_channels import PATHS as CHANNEL_PATHS
from monitor.web.openapi_channels import SCHEMA as CHANNEL
from monitor.web.openapi_parts import ERROR, IDENTITY, get, json, query, text, whole, words, write
from monitor.web.openapi_schemas import SCHEMAS, described
from monitor.web.stream.subscription import MAX_HISTORY

PATH: Final = "/api/v1/openapi.json"
_STRICT: Final = ("/api/", exports.CSV, exports.AS_JSON, exports.PARQUET, report.FILE)
"""Paths whose query is checked name by name; what probes and browsers add elsewhere does no harm."""

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
            "schemas": SCHEMAS | {"Channel": CHANNEL},
        },
    }


def parameters() -> dict[str, list[str]]:
    """Return which parameters a GET may have, by path: of the API, the exports and the report."""
    return {
        path: [one["name"] for one in operations["get"].get("parameters", ()) if one["in"] == "query"]
        for path, operations in _PATHS.items()
        if "get" in operations and path.startswith(_STRICT)
    }


def install(server: Flask) -> None:
    """Add the route."""

    @server.get(PATH)
    def openapi() -> Response:
        """This description."""
        return answer(document())


_FROM: Final = query("from", f"First moment: {_MOMENT}", {"type": "string"})
_TO: Final = query("to", f"Last moment, default `now`: {_MOMENT}", {"type": "string", "default": "now"})
_METRICS: Final = query("metrics", "Metric ids, separated by commas: " + ", ".join(COLUMNS), {"type": "string"})
_HEALTH: Final = {"$ref": "#/components/schemas/Health"}
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
_ONE: Final = {"200": json("The baseline", _BASELINE), "404": json("No such baseline", ERROR)}
_NOT_KEPT: Final = json("The data directory cannot be written", ERROR)
_BUSY: Final = json(f"{LIMIT} downloads are under way", ERROR)
_NOT_READ: Final = json("What is kept cannot be read", ERROR)
_NO_FILE: Final = {"429": _BUSY, "503": _NOT_READ}
_REPORT: Final = {"$ref": "#/components/schemas/Report"}
_REPORTED: Final = {"200": json("Its state", _REPORT), "404": json("No such report, or not drawn", ERROR)}
_DRAWN: Final = {
    "429": json("Another report is being drawn", ERROR),
    "503": json("It could not be drawn", ERROR),
}
_REDIRECT: Final = {"303": {"description": "Go to the address in Location"}}

_EXPORTED: Final = (
    _FROM | {"schema": {"type": "string", "default": exports.DEFAULT_FROM}},
    _TO,
    _METRICS,
    query(
        "resolution",
        "What a row is: a sample, or a minute or an hour with smallest, mean and largest value",
        {"enum": [*Resolution], "default": Resolution.SAMPLE},
    ),
)

_PATHS: Final[dict[str, Any]] = {
    "/": get("The dashboard", {"302": {"description": "Go to /dashboard/"}}),
    "/dashboard": get("The dashboard", {"302": {"description": "Go to /dashboard/"}}),
    "/dashboard/vendor/{name}": get(
        "Bootstrap's style sheet and icons",
        {"200": {"description": "The file"}, "404": json("No such file", ERROR)},
        {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}},
    ),
    LOGIN: {
        "get": {
            "summary": "The form that asks a person for the token",
            "responses": {"200": text("The form", "text/html")} | _REDIRECT,
        },
        "post": {
            "summary": "Sign in; sets the session cookie",
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": {"schema": described({"token": {"type": "string"}})}
                }
            },
            "responses": {
                "401": text("The form again: the token is wrong", "text/html"),
                "403": json("From a page of another origin", ERROR),
                "429": text(f"{TRIES} wrong tokens within a minute from this address", "text/html"),
            }
            | _REDIRECT,
        },
    },
    "/livez": get("Whether the process works", {"200": json("It does", {"type": "object"})}),
    "/readyz": get(
        "Whether there is a sample not older than 3 intervals",
        {"200": json("There is", {"type": "object"}), "503": json("There is none", {"type": "object"})},
    ),
    "/healthz": get(
        "The same with its reasons",
        {"200": json("Ready", _HEALTH), "503": json("Not ready", _HEALTH)},
        query("verbose", "Add connections and settings", {"type": "string"}),
    ),
    "/metrics": get("Prometheus text, or OpenMetrics by Accept", {"200": text("All families", "text/plain")}),
    "/ws": get(
        "The live stream (WebSocket): a Frame per tick",
        {
            "101": {"description": "The stream begins; close codes 1001, 1008, 1009, 1013"},
            "426": json("Not a WebSocket handshake of version 13", ERROR),
        },
        query("view", "metrics, or the dashboard's own stream", {"enum": [*View]}),
        query(
            "history",
            "Points of history in each frame",
            {"type": "integer", "minimum": 0, "maximum": MAX_HISTORY, "default": HISTORY_ROWS},
        ),
        query("after", "seq of the last frame that the client has", {"type": "integer", "minimum": 0}),
        query("epoch", "epoch of that frame", {"type": "string"}),
    ),
    "/api/v1/snapshot": get(
        "The newest frame, its health judged now",
        {"200": json("The frame", {"$ref": "#/components/schemas/Frame"}), "503": json("No sample yet", ERROR)},
    ),
    "/api/v1/history": get(
        "Metrics over time; null is a gap",
        {"200": json("One array per metric", {"$ref": "#/components/schemas/History"}), "429": _BUSY},
        _FROM | {"schema": {"type": "string", "default": history.DEFAULT_FROM}},
        _TO,
        _METRICS,
        query(
            "points",
            f"At most so many points, extremes kept ({history.MIN_POINTS} to {history.MAX_POINTS}), "
            "or `raw`: every sample of 24 h at most",
            {"type": "string", "default": str(history.DEFAULT_POINTS)},
        ),
    ),
    forecast.PATH: get(
        "The next minutes of a metric with their bands, or in words why there is no forecast",
        {"200": json("The forecast", {"$ref": "#/components/schemas/Forecast"})},
        query("metric", "A metric's id", {"enum": [*COLUMNS]}) | {"required": True},
        query("minutes", "How many minutes ahead", {"enum": [*HORIZONS], "default": DEFAULT_HORIZON}),
    ),
    spans.PATH: get(
        "Any length of time in equal spans: extremes and means, latency over time, totals; null where unknown",
        {"200": json("Arrays over shared edges", {"$ref": "#/components/schemas/Spans"})},
        _FROM | {"schema": {"type": "string", "default": spans.DEFAULT_FROM}},
        _TO,
        _METRICS,
        query(
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
    events.PATH: get(
        "What happened: changes with their verdicts, baselines, alerts",
        {"200": json("Oldest first", {"$ref": "#/components/schemas/Events"})},
        _FROM | {"schema": {"type": "string", "default": spans.DEFAULT_FROM}},
        _TO,
    ),
    baselines.PATH: get("All baselines of the target", {"200": json("All of them", {"type": "object"})})
    | write(
        "post",
        "Record the last seconds, or with `next` the seconds to come",
        {"201": json("Recorded", _RECORDED), "202": json("Begun", {"type": "object"}), "503": _NOT_KEPT},
        {
            "name": words(NAME_LENGTH),
            "seconds": whole(LEAST_SECONDS, baselines.MOST_SECONDS, baselines.DEFAULT_SECONDS),
            "note": words(NOTE_LENGTH),
            "next": {"type": "boolean", "default": False},
        },
        ["name"],
    ),
    f"{baselines.PATH}/import": write(
        "post", "Keep a baseline that was exported", {"201": json("Kept", _BASELINE), "503": _NOT_KEPT}, {}, []
    ),
    f"{baselines.PATH}/{{identity}}": get("One baseline", _ONE, IDENTITY)
    | write(
        "patch",
        "Rename, note, pin",
        _ONE | {"503": _NOT_KEPT},
        {
            "name": words(NAME_LENGTH),
            "note": words(NOTE_LENGTH),
            "pinned": {"type": "boolean"},
        },
        [],
        IDENTITY,
    )
    | write("delete", "Forget it, unless it is pinned", _ONE | {"503": _NOT_KEPT}, {}, [], IDENTITY),
    f"{baselines.PATH}/{{identity}}/activate": write(
        "post", "Compare with it from now on", _ONE, {}, [], IDENTITY
    ),
    f"{baselines.PATH}/{{identity}}/export": get("The whole baseline as a document", _ONE, IDENTITY),
    markers.PATH: get("Noted changes", {"200": json("Oldest first", {"type": "object"})})
    | write(
        "post",
        "Note a change that was made now",
        {"201": json("Noted", {"type": "object"})},
        {
            "text": words(markers.TEXT_LENGTH),
            "at": {"type": "integer"} | {"description": "Epoch ms within the last 24 h; now by default"},
        },
        ["text"],
    ),
    markers.SUGGESTIONS: get(
        "Changes that nobody noted: steps of the last six hours that no marker explains",
        {"200": json("Oldest first", {"type": "object"})},
    ),
    impact.PATH: get("Did it help: every comparison", {"200": json("The impact", {"type": "object"})}),
    impact.COURSE: get(
        "How the figures came about: each metric's interval over time",
        {"200": json("The course", {"$ref": "#/components/schemas/Course"})},
    ),
    ledger.PATH: get("Every comparison that was made", {"200": json("Oldest first", {"type": "object"})}),
    ledger.CSV: get(
        "The same as CSV, and the comparison under way",
        {"200": text("One row per comparison, oldest first", "text/csv")},
    ),
    proof.PATH: get("The proof under way, or the last one", {"200": json("null before the first", _PROOF)})
    | write(
        "post",
        "Begin a randomised on/off test of an optimisation",
        {"202": json("Begun", _PROOF), "409": json("One is under way, or its switch is not back yet", ERROR)},
        {
            "optimization": words(proof.NAME_LENGTH),
            "pairs": whole(LEAST_PAIRS, MOST_PAIRS, DEFAULT_PAIRS),
            "half_seconds": whole(LEAST_HALF_SECONDS, MOST_HALF_SECONDS, DEFAULT_HALF_SECONDS),
        },
        ["optimization"],
    )
    | write(
        "delete",
        "End it, and put the switch back",
        {"200": json("Cancelled", _PROOF), "404": json("None is under way", ERROR)},
        {},
        [],
    ),
    exports.CSV: get("Every sample as CSV", {"200": text("One row each", "text/csv")} | _NO_FILE, *_EXPORTED),
    exports.AS_JSON: get(
        "The same as JSON",
        {"200": json("One array each", {"$ref": "#/components/schemas/Export"})} | _NO_FILE,
        *_EXPORTED,
    ),
    exports.PARQUET: get(
        "The same as Parquet",
        {
            "200": {"description": "A row group per two hours", "content": {exports.PARQUET_TYPE: {}}},
            "400": json(f"The request breaks a rule, or {MISSING}", ERROR),
            "429": json(f"A Parquet file is being made, or {LIMIT} downloads are under way", ERROR),
            "503": _NOT_READ,
        },
        *_EXPORTED,
    ),
    report.FILE: get(
        "The report of a period as PDF",
        {"200": {"description": "The file", "content": {"application/pdf": {}}}} | _DRAWN,
        _FROM | {"schema": {"type": "string", "default": report.DEFAULT_FROM}},
        _TO,
    ),
    report.PATH: write(
        "post",
        "Begin to draw a report in the background",
        {"202": json("Begun", _REPORT), "429": _DRAWN["429"]},
        {"from": words(report.MOMENT_LENGTH), "to": words(report.MOMENT_LENGTH)},
        [],
    ),
    f"{report.PATH}/{{identity}}": get("How far it is", _REPORTED, IDENTITY)
    | write("delete", "Stop drawing it", _REPORTED, {}, [], IDENTITY),
    f"{report.PATH}/{{identity}}/file": get(
        "The newest report as PDF",
        {"200": {"description": "The file", "content": {"application/pdf": {}}}, "404": _REPORTED["404"]},
        IDENTITY,
    ),
    **ALERT_PATHS,
    **CHANNEL_PATHS,
    PATH: get("This description", {"200": json("OpenAPI 3.1", {"type": "object"})}),
}
