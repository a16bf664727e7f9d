"""Who may use the server: by which name it was called, from which page, with which secret."""

import hashlib
import hmac
from collections.abc import Collection
from typing import Final

from itsdangerous import BadData, TimestampSigner

SESSION_SECONDS: Final = 30 * 24 * 3600
_SESSION: Final = b"person"


class Access:
    """The rules, as exact strings; nothing here parses an address. An empty `token` asks nobody for one."""

    def __init__(
        self,
        *,
        token: str = "",
        allowed_hosts: Collection[str],
        allowed_origins: Collection[str] = (),
        loopback: bool = True,
    ) -> None:
        """Allow `allowed_hosts` as Host (one without a port with any port), `allowed_origins` on `/api` and `/ws`.

        `loopback` tells that only this machine can connect.
        """
        self.required = bool(token)
        self.loopback = loopback
        self.allowed_origins = frozenset(allowed_origins)
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._token = token.encode()
        # A key of its own per token: sessions live on over a restart, and a changed token ends them.
        key = hmac.digest(self._token, b"hub-monitor session", "sha256")
        self._signer = TimestampSigner(key, salt="session", digest_method=hashlib.sha256)

    def knows_host(self, host: str) -> bool:
        """Tell whether `host`, a Host header, is one of ours."""
        host = host.lower()
        name, colon, port = host.rpartition(":")
        return host in self._hosts or bool(colon and port.isascii() and port.isdigit() and name in self._hosts)

    def own_origin(self, origin: str, host: str) -> bool:
        """Tell whether `origin` is a page of this server as called by `host`."""
        return origin in {f"http://{host}", f"https://{host}"}

    def opens(self, token: bytes) -> bool:
        """Tell whether `token` (UTF-8) is the secret, taking the same time whatever was tried."""
        return hmac.compare_digest(token, self._token)

    def session(self) -> str:
        """Return a cookie value for somebody who knew the token."""
        return self._signer.sign(_SESSION).decode("ascii")

    def accepts(self, session: str) -> bool:
        """Tell whether a cookie value was made by `session` with the same token, 30 days ago at the most."""
        try:
            return self._signer.unsign(session, max_age=SESSION_SECONDS) == _SESSION
        except BadData:
            return False
