"""What must be true of a request before it becomes a WebSocket."""

import base64
import binascii
from typing import Final

from flask import Request, Response

from monitor.web.errors import error

VERSION: Final = "13"
_PASSED_ON: Final = frozenset({"HTTP_HOST", "HTTP_SEC_WEBSOCKET_KEY", "HTTP_SEC_WEBSOCKET_VERSION"})


def check(request: Request) -> Response | None:
    """Return a refusal of anything but a correct handshake, or None."""
    header = request.headers.get
    upgrades = {word.strip().lower() for word in header("Connection", "").split(",")}
    if header("Upgrade", "").lower() != "websocket" or "upgrade" not in upgrades:
        return _upgrade_required("this address speaks WebSocket")
    if request.method != "GET" or request.environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
        return error(400, "the handshake is a GET of HTTP/1.1", code="handshake")
    if header("Content-Length", "0") != "0" or "Transfer-Encoding" in request.headers:
        return error(400, "the handshake has no body", code="handshake")
    if header("Sec-WebSocket-Version") != VERSION:
        return _upgrade_required("only version 13 is spoken")
    if not _is_key(header("Sec-WebSocket-Key", "")):
        return error(400, "must be 16 bytes in base64", field="Sec-WebSocket-Key", code="handshake")
    return None


def strip(request: Request) -> None:
    """Leave only what the handshake needs, so that nothing else in the request can upset it.

    Extensions and subprotocols are not offered: compression would cost each viewer CPU and memory.
    """
    environ = request.environ
    for name in [name for name in environ if name.startswith("HTTP_") and name not in _PASSED_ON]:
        del environ[name]
    environ["HTTP_UPGRADE"], environ["HTTP_CONNECTION"] = "websocket", "Upgrade"


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.encode("latin-1"), validate=True)) == 16
    except (binascii.Error, UnicodeError):
        return False


def _upgrade_required(message: str) -> Response:
    refusal = error(426, message)
    refusal.headers["Sec-WebSocket-Version"] = VERSION
    return refusal
