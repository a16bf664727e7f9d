"""Every error is JSON, names the field where there is one, and never shows a traceback."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from monitor.core.errors import (
    BusyError,
    ConflictError,
    InvalidInputError,
    ReportError,
    SourceError,
    StoreError,
    UnknownError,
)
from monitor.core.wire import encode

log = logging.getLogger(__name__)

JSON: Final = "application/json"
_CODES: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "read_only",
    413: "too_large",
    415: "unsupported_media_type",
    426: "upgrade_required",
    429: "too_many_requests",
    503: "unavailable",
}


_SENTENCES: Final = {
    404: "there is nothing under this path; /api/v1/openapi.json lists what there is",
    405: "this path does not take this method",
    413: "the body is larger than 1 MiB",
}


_PLAIN: Final = (
    (UnknownError, 404, "not_found"),
    (ConflictError, 409, "conflict"),
    (SourceError, 502, "target"),
    (StoreError, 503, "store"),
    (ReportError, 503, "report"),
)
"""Errors that are their own sentence."""


def answer(value: object, status: int = 200) -> Response:
    """Return a JSON response."""
    return Response(encode(value), status, mimetype=JSON)


def error(status: int, message: str, *, field: str | None = None, code: str | None = None) -> Response:
    """Return `{"error": {"code", "message", "field"}}`."""
    code = code or _CODES.get(status, "error")
    field = None if field is None else _written(field)
    return answer({"error": {"code": code, "message": _written(message), "field": field}}, status)


def _written(text: str) -> str:
    """Return what can be written of a text; the name of a field is whatever the caller's JSON had."""
    return text.encode("utf-8", "replace").decode()


def _plain(status: int, code: str, problem: Exception) -> Response:
    return error(status, str(problem), code=code)


def install(server: Flask, refusal: Callable[[Exception], Response | None]) -> None:
    """Answer every error of `server` in this form; `refusal` knows which unexpected ones the caller caused."""

    def invalid(problem: InvalidInputError) -> Response:
        return error(400, problem.message, field=problem.field, code="invalid")

    def busy(problem: BusyError) -> Response:
        response = error(429, str(problem))
        response.headers["Retry-After"] = "5"
        return response

    def http(problem: HTTPException) -> Response:
        status = problem.code or 500
        response = error(status, _SENTENCES.get(status) or problem.description or problem.name)
        for name, value in problem.get_headers():
            if name in {"Allow", "Retry-After", "WWW-Authenticate", "Location"}:
                response.headers[name] = value
        return response

    def unexpected(problem: Exception) -> Response:
        refused = refusal(problem)
        if refused is not None:
            return refused
        log.error("request failed", exc_info=problem, extra={"method": request.method, "path": request.path})
        return error(500, "the server failed; its log says more", code="internal")

    server.register_error_handler(InvalidInputError, invalid)
    server.register_error_handler(BusyError, busy)
    for kind, status, code in _PLAIN:
        server.register_error_handler(kind, partial(_plain, status, code))
    server.register_error_handler(HTTPException, http)
    server.register_error_handler(Exception, unexpected)
