"""The first thing that every request meets, Dash's routes and static files included."""

from typing import Final

from flask import Flask, Response, request

from monitor.web.access import Access
from monitor.web.attempts import Attempts
from monitor.web.errors import JSON, error

COOKIE: Final = "hub_monitor_session"
LOGIN: Final = "/login"
OPEN: Final = frozenset({"/livez", "/readyz", LOGIN})
"""Paths that need no token: a supervisor's probes, and the door itself."""

_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_API: Final = "/api/"
_LIVE: Final = "/ws"
_REPORTS: Final = "/api/v1/reports"
"""What is drawn there changes nothing."""
_CORS_METHODS: Final = "GET, POST, PUT, PATCH, DELETE"
_CORS_HEADERS: Final = "Authorization, Content-Type"


class Guard:
    """Host, Origin, content type of writes, token."""

    def __init__(self, access: Access, attempts: Attempts, read_only: str = "") -> None:
        """Judge by `access`; count wrong tokens in `attempts`. `read_only` says why nothing may be written."""
        self._read_only = read_only
        self._access = access
        self._attempts = attempts

    def install(self, server: Flask) -> None:
        """Stand in front of every route of `server`; to be called before anything else adds a hook."""
        server.before_request(self.check)
        server.after_request(self.share)

    def check(self) -> Response | None:
        """Return a refusal, or None."""
        host = request.headers.get("Host", "")
        if not self._access.knows_host(host):
            return error(400, "this server is not called by that name", field="Host", code="host")
        origin = request.headers.get("Origin")
        if origin is not None and not self._may_come_from(origin, host):
            return error(403, "pages of that origin may not use this server", field="Origin", code="origin")
        if self._is_preflight(origin):
            return Response(status=204)
        bearer = self._bearer() if self._access.required else None
        return self._check_token(bearer) or self._check_write(origin, bearer)

    def share(self, response: Response) -> Response:
        """Let pages of an allowed origin read `/api`, and nothing else."""
        origin = request.headers.get("Origin")
        if request.path.startswith(_API):
            response.headers.add("Vary", "Origin")
            if origin in self._access.allowed_origins:
                response.headers["Access-Control-Allow-Origin"] = origin
                if self._is_preflight(origin):
                    response.headers["Access-Control-Allow-Methods"] = _CORS_METHODS
                    response.headers["Access-Control-Allow-Headers"] = _CORS_HEADERS
                    response.headers["Access-Control-Max-Age"] = "600"
        return response

    def _may_come_from(self, origin: str, host: str) -> bool:
        shared = request.path == _LIVE or request.path.startswith(_API)
        return (shared and origin in self._access.allowed_origins) or self._access.own_origin(origin, host)

    def _is_preflight(self, origin: str | None) -> bool:
        return (
            request.method == "OPTIONS"
            and origin in self._access.allowed_origins
            and "Access-Control-Request-Method" in request.headers
            and request.path.startswith(_API)
        )

    def _bearer(self) -> str | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def _check_token(self, bearer: str | None) -> Response | None:
        if not self._access.required or request.path in OPEN:
            return None
        return self._check_session() if bearer is None else self._try(bearer)

    def _try(self, token: str) -> Response | None:
        # The right one first: whoever shares an address with a guesser is not locked out.
        if self._access.opens(token.encode("latin-1", "replace")):
            return None
        address = request.remote_addr or ""
        wait = self._attempts.wait_seconds(address)
        if wait > 0:
            return too_many(wait)
        self._attempts.failed(address)
        return unauthorized("the token is wrong")

    def _check_write(self, origin: str | None, bearer: str | None) -> Response | None:
        if request.method not in _WRITES or request.path == LOGIN:
            return None
        if request.mimetype != JSON:
            return error(415, f"must be {JSON}", field="Content-Type")
        if origin is None and bearer is None and not self._access.loopback:
            return error(
                403, "a write needs an own or allowed origin, or the bearer token", field="Origin", code="origin"
            )
        if self._read_only and request.path.startswith(_API) and not request.path.startswith(_REPORTS):
            return error(409, self._read_only)
        return None

    def _check_session(self) -> Response | None:
        if self._access.accepts(request.cookies.get(COOKIE, "")):
            return None
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return Response(status=303, headers={"Location": LOGIN})
        return unauthorized("needs the token")


def unauthorized(message: str) -> Response:
    """Return 401 with the scheme that would do."""
    refusal = error(401, message)
    refusal.headers["WWW-Authenticate"] = 'Bearer realm="hub-monitor"'
    return refusal


def too_many(wait: float) -> Response:
    """Return 429 with the whole seconds to wait."""
    refusal = error(429, "too many wrong tokens from this address")
    refusal.headers["Retry-After"] = str(int(wait) + 1)
    return refusal
