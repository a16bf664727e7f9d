"""Api: what the hub answers over HTTP, without sockets: a request in, a response out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import CollectorRegistry

from monitor.samplehub.faults import KINDS, MAX_SECONDS, FaultKind, Faults
from monitor.samplehub.optimizations import DESCRIPTIONS, Optimizations
from monitor.samplehub.scenario import Scenario

MAX_BODY_BYTES = 4096
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Request:
    """`headers` has lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer; `headers` are beyond content type and length."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A request that is answered with `{"error": {"code", "message", "field"}}`."""

    def __init__(self, status: int, code: str, message: str, *, field: str | None = None, allow: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.field = field
        self.allow = allow

    def response(self) -> Response:
        """As it goes to the caller."""
        error = {"code": self.code, "message": str(self), "field": self.field}
        headers = {"Allow": self.allow} if self.allow else {}
        return Response(self.status, json.dumps({"error": error}).encode(), headers=headers)


class Api:
    """The routes: `/metrics`, `/optimizations`, `/faults`, `/scenario`."""

    def __init__(
        self,
        *,
        registry: CollectorRegistry,
        optimizations: Optimizations,
        faults: Faults,
        scenario: Scenario,
        log: Callable[[str], None],
    ) -> None:
        self._registry = registry
        self._optimizations = optimizations
        self._faults = faults
        self._scenario = scenario
        self._log = log
        self._kinds = {kind.name: kind for kind in KINDS}

    def handle(self, request: Request) -> Response:
        """Answer one request; everything the caller did wrong is a 4xx."""
        try:
            _check_host(request)
            return self._handler(request)(request)
        except RefusedError as refused:
            return refused.response()

    def _handler(self, request: Request) -> Callable[[Request], Response]:
        """What answers this request, after all checks that need no body."""
        methods = self._route(request.path.partition("?")[0])
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allow = ", ".join(sorted({*methods, *({"HEAD"} if "GET" in methods else ())}))
            message = f"{request.method} is not possible here"
            raise RefusedError(405, "method_not_allowed", message, allow=allow)
        if method != "GET":
            _check_write(request)
        return methods[method]

    def _route(self, path: str) -> dict[str, Callable[[Request], Response]]:
        """The methods of a path."""
        match path.split("/")[1:]:
            case ["metrics"]:
                return {"GET": self._metrics}
            case ["scenario"]:
                return {"GET": lambda _: _json(self._scenario_state())}
            case ["optimizations"]:
                names = self._optimizations.names
                return {"GET": lambda _: _json({"optimizations": [self._optimization(name) for name in names]})}
            case ["optimizations", name] if name in self._optimizations.names:
                return {
                    "GET": lambda _: _json(self._optimization(name)),
                    "PUT": lambda request: self._switch(name, request),
                }
            case ["faults"]:
                return {"GET": lambda _: _json({"faults": [self._fault(kind) for kind in KINDS]})}
            case ["faults", name] if name in self._kinds:
                kind = self._kinds[name]
                return {
                    "GET": lambda _: _json(self._fault(kind)),
                    "PUT": lambda request: self._inject(kind, request),
                    "DELETE": lambda _: self._end(kind),
                }
        raise RefusedError(404, "not_found", "there is nothing at this path")

    def _metrics(self, request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(200, encode(self._registry), content_type)

    def _scenario_state(self) -> dict[str, Any]:
        upcoming = [{"name": name, "in_seconds": round(seconds, 1)} for name, seconds in self._scenario.upcoming()]
        return {
            "name": self._scenario.name,
            "elapsed_seconds": round(self._scenario.elapsed, 1),
            "upcoming": upcoming,
        }

    def _optimization(self, name: str) -> dict[str, Any]:
        return {"name": name, "enabled": self._optimizations.enabled(name), "description": DESCRIPTIONS[name]}

    def _switch(self, name: str, request: Request) -> Response:
        enabled = _fields(request, {"enabled"})["enabled"]
        if not isinstance(enabled, bool):
            raise RefusedError(400, "invalid_value", "enabled must be true or false", field="enabled")
        self._optimizations.choose(name, enabled=enabled)
        self._log(f"{name} turned {'on' if enabled else 'off'} by hand")
        return _json(self._optimization(name))

    def _fault(self, kind: FaultKind) -> dict[str, Any]:
        active = self._faults.active(kind.name)
        remaining = self._faults.remaining(kind.name)
        return {
            "name": kind.name,
            "amount": None if active is None else active.amount,
            "unit": kind.unit,
            "maximum": kind.maximum,
            "seconds_left": None if remaining is None else round(remaining, 1),
            "description": kind.description,
        }

    def _inject(self, kind: FaultKind, request: Request) -> Response:
        values = _fields(request, {"amount", "seconds"})
        amount = _number(values["amount"], "amount", kind.maximum, kind.unit)
        seconds = _number(values["seconds"], "seconds", MAX_SECONDS, "s")
        self._faults.put(kind.name, amount, seconds)
        self._log(f"fault {kind.name} put: {amount:g} {kind.unit} for {seconds:g} s")
        return _json(self._fault(kind))

    def _end(self, kind: FaultKind) -> Response:
        self._faults.clear(kind.name)
        self._log(f"fault {kind.name} ended by hand")
        return _json(self._fault(kind))


def _json(value: dict[str, Any]) -> Response:
    return Response(200, json.dumps(value, allow_nan=False).encode())


def _hostname(authority: str) -> str | None:
    try:
        return urlsplit(f"//{authority}").hostname
    except ValueError:
        return None


def _check_host(request: Request) -> None:
    """Refuse a foreign name that was pointed at this machine (DNS rebinding)."""
    if _hostname(request.headers.get("host", "")) not in LOOPBACK_NAMES:
        raise RefusedError(
            403, "foreign_host", "the Host header must name this machine's loopback address", field="Host"
        )


def _check_write(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{request.headers['host']}":
        raise RefusedError(403, "foreign_origin", "writes are accepted from this address only", field="Origin")
    if request.method == "PUT":
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            message = "the Content-Type must be application/json"
            raise RefusedError(415, "unsupported_media_type", message, field="Content-Type")


def _fields(request: Request, names: set[str]) -> dict[str, Any]:
    """The body as an object with exactly these fields."""
    try:
        values = json.loads(request.body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "invalid_json", "the body is not valid JSON") from None
    if not isinstance(values, dict):
        raise RefusedError(400, "invalid_json", "the body must be a JSON object")
    for name in sorted(names - values.keys()):
        raise RefusedError(400, "missing_field", f"{name} is required", field=name)
    for name in sorted(values.keys() - names):
        raise RefusedError(
            400, "unknown_field", f"there is no such field; expected {', '.join(sorted(names))}", field=name
        )
    return values


def _number(value: Any, name: str, maximum: float, unit: str) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= maximum:
        message = f"{name} must be a number over 0 and at most {maximum:g} ({unit})"
        raise RefusedError(400, "invalid_value", message, field=name)
    return float(value)
