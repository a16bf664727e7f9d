"""What every answer tells the browser not to do."""

from collections.abc import Callable, Sequence
from functools import cache

from flask import Flask, Response


def install(server: Flask, script_hashes: Callable[[], Sequence[str]]) -> None:
    """Set the security headers on every answer of `server`.

    `script_hashes` returns the CSP sources of the page's inline scripts (`'sha256-...'`). It is called once, at
    the first request, when all of them are known.
    """

    @cache
    def policy() -> str:
        return "; ".join(
            (
                "default-src 'self'",
                " ".join(("script-src 'self'", *script_hashes())),
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "connect-src 'self'",
                "worker-src 'self' blob:",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )

    @server.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy()
        headers["X-Content-Type-Options"] = "nosniff"
        # Not no-referrer: a browser would then send the login form with the origin "null".
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers.setdefault("Cache-Control", "no-store")
        return response
