"""Requests that Dash takes for its own and answers with a crash when they are malformed.

Dash 4.4 raises whatever the first missing key gives. What was raised while it was still reading the request is the
caller's mistake and becomes 4xx; what a callback of ours raises stays a 500 in the log.
"""

import logging
from types import TracebackType
from typing import Any, Final

from flask import Flask, Response, abort, request

from monitor.web.errors import error

log = logging.getLogger(__name__)

_UPDATE: Final = "/_dash-update-component"
_RELOAD: Final = "_reload-hash"
_SUITES: Final = "/_dash-component-suites/"
_READING: Final = frozenset({"get_json", "_initialize_context", "_prepare_callback", "_inputs_to_vals"})
"""Functions of Dash and Flask that read the request before any callback runs."""


def path(dashboard: str) -> str:
    """Return where callbacks under `dashboard` (a path that ends with a slash) are called."""
    return dashboard.rstrip("/") + _UPDATE


def install(server: Flask, dashboard: str) -> None:
    """Check calls of callbacks under `dashboard` (a path that ends with a slash)."""
    update = path(dashboard)
    reload = dashboard + _RELOAD

    @server.before_request
    def no_development() -> None:
        # Dash answers it outside of development too, with the names of the packages it has loaded.
        if request.path == reload:
            abort(404)

    @server.before_request
    def check_call() -> Response | None:
        if request.path != update or request.method != "POST":
            return None
        try:
            body = request.get_json()
        except RecursionError:
            return error(400, "is nested too deep", field="body")
        return None if _is_call(body) else error(400, "is not a call of a callback", field="body")


def refusal(problem: Exception) -> Response | None:
    """Return the 4xx for a crash of Dash that the request caused, None for any other problem."""
    if _UPDATE in request.path and _was_reading(problem.__traceback__):
        log.debug("call of a callback refused", extra={"reason": repr(problem)})
        return error(400, "is not a call of a callback", field="body")
    if _SUITES in request.path:
        log.debug("file of a component refused", extra={"reason": repr(problem)})
        return error(404, "no component has this file")
    return None


def _is_call(body: Any) -> bool:  # noqa: ANN401 - whatever JSON there was
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return False
    for name in ("inputs", "state", "changedPropIds"):
        if not isinstance(body.get(name, []), list):
            return False
    if not all(isinstance(changed, str) for changed in body.get("changedPropIds", [])):
        return False
    return _outputs_agree(body["output"], body.get("outputs", []))


def _outputs_agree(output: str, outputs: Any) -> bool:  # noqa: ANN401
    """Tell whether the outputs are those that the callback's name says."""
    several = output.startswith("..") and output.endswith("..")
    if "{" in output or "@" in output:
        return isinstance(outputs, dict | list)
    listed = outputs if several else [outputs]
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return False
    names = [f"{one.get('id')}.{one.get('property')}" for one in listed]
    return output == (f"..{'...'.join(names)}.." if several else names[0])


def _was_reading(trace: TracebackType | None) -> bool:
    while trace is not None:
        if trace.tb_frame.f_code.co_name in _READING:
            return True
        trace = trace.tb_next
    return False
