"""One HTTP connection with a deadline for the whole exchange and a limit on what is read."""

import io
import os
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final

from monitor.core.errors import SourceError
from monitor.net.address import Address, SocketAddress, resolve

DEADLINE_SECONDS: Final = 0.8
"""How long an exchange may take; below the engine's own deadline for a tick."""
MAX_BYTES: Final = 4_000_000
_USER_AGENT: Final = "hub-monitor"
_CHUNK: Final = 65_536
_GZIP: Final = 31  # zlib's word for "a gzip member"
_ELAPSED: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""On Linux CLOCK_MONOTONIC stands still while the machine sleeps; on macOS it does not, and is the only one."""


def elapsed() -> float:
    """Return seconds of a clock that never steps and that goes on while the machine sleeps, as counters do."""
    return time.clock_gettime(_ELAPSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: `body` is inflated; `sent` and `answered` are `elapsed` seconds around its making.

    `retry_after` is the header of this name as it was sent, "" where it lacks.
    """

    status: int
    content_type: str
    body: bytes
    sent: float
    answered: float
    retry_after: str = ""


class Deadline:
    """A moment after which an exchange is given up."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left; raises TimeoutError when there are none."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class DeadlineReader(io.RawIOBase):
    """A socket's bytes, each read of them limited to what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        # Keeps the socket open after http.client has closed its own end of an answer with "Connection: close".
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        self._sock.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """An answer that is read before the deadline or not at all."""

    def __init__(
        self, deadline: Deadline, sock: socket.socket, debuglevel: int = 0, method: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method)
        self.fp.close()
        self.fp = io.BufferedReader(DeadlineReader(sock, deadline), _CHUNK)


class Connection:
    """Asks one address, over one kept-alive connection. Not for use by several threads."""

    def __init__(self, address: Address, resolver: Callable[[Address], list[SocketAddress]] = resolve) -> None:
        """Connect when first asked; https checks certificates against the system's authorities."""
        self._address = address
        self._resolve = resolver
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._http = HTTPConnection(address.host, address.port)
        if self._tls is not None:
            self._http.default_port = 443

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        seconds: float = DEADLINE_SECONDS,
        body: bytes | None = None,
    ) -> Answer:
        """Send one request and read its whole answer within `seconds`, name resolution excepted.

        Raises SourceError with a short sentence. Redirects are not followed. A GET over a kept connection that
        the target had closed meanwhile is sent once more over a new one.
        """
        kept = self._http.sock is not None
        deadline = Deadline(seconds)
        try:
            try:
                return self._exchange(method, path, deadline, headers, body)
            except (ConnectionError, HTTPException):
                if not kept or method != "GET":
                    raise
                self.close()
                return self._exchange(method, path, deadline, headers, body)
        except SourceError:
            self.close()
            raise
        except (OSError, HTTPException, ValueError, zlib.error) as error:
            self.close()
            raise SourceError(sentence(error, seconds)) from None

    def close(self) -> None:
        """Close the connection; the next question opens a new one."""
        self._http.close()

    def _exchange(
        self, method: str, path: str, deadline: Deadline, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        if self._http.sock is None:
            self._connect(deadline)
        self._http.sock.settimeout(deadline.left())
        sent = elapsed()
        self._http.response_class = partial(_Response, deadline)  # type: ignore[assignment]
        self._http.request(method, path, body=body, headers={"User-Agent": _USER_AGENT, **headers})
        response = self._http.getresponse()
        answered = elapsed()
        with response:
            content = _inflated(response, deadline)
        later = response.headers.get("Retry-After", "")
        return Answer(response.status, response.headers.get_content_type(), content, sent, answered, later)

    def _connect(self, deadline: Deadline) -> None:
        self._http.sock = connected(self._resolve(self._address), deadline, self._tls, self._address.host)


def connected(
    places: Sequence[SocketAddress], deadline: Deadline, tls: ssl.SSLContext | None, host: str
) -> socket.socket:
    """Connect to the first of the places that lets us, with TLS as `host` where asked for; raises OSError."""
    failure: OSError = OSError("no address")
    for index, (family, place) in enumerate(places):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            # An address that swallows packets must leave time for the next one.
            sock.settimeout(deadline.left() / (len(places) - index))
            sock.connect(place)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                sock.settimeout(deadline.left())
                sock = tls.wrap_socket(sock, server_hostname=host)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def _inflated(response: HTTPResponse, deadline: Deadline) -> bytes:
    """Read the whole body, inflating as it comes; raises SourceError beyond MAX_BYTES on the wire or inflated."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip"}:
        raise SourceError("answer is in an encoding that was not asked for")
    if response.length is not None and response.length > MAX_BYTES:
        raise _too_large()
    gunzip = _Gunzip(deadline) if encoding.endswith("gzip") else None
    pieces: list[bytes] = []
    wire = size = 0
    while piece := response.read(_CHUNK):
        wire += len(piece)
        if gunzip is not None:
            piece = gunzip.feed(piece, MAX_BYTES - size + 1)
        size += len(piece)
        if wire > MAX_BYTES or size > MAX_BYTES:
            raise _too_large()
        pieces.append(piece)
    if response.length or (gunzip is not None and not gunzip.complete):
        raise SourceError("answer was cut off")
    return b"".join(pieces)


class _Gunzip:
    """Inflates any number of gzip members, never more at once than was asked for."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._member = zlib.decompressobj(_GZIP)
        self._fed = False

    def feed(self, data: bytes, limit: int) -> bytes:
        """Return what `data` inflates to, cut off after `limit` bytes (the caller then refuses the whole)."""
        pieces: list[bytes] = []
        while data and limit > 0:
            self._deadline.left()
            if self._member.eof:
                data = data.lstrip(b"\0")  # members may be padded
                if not data:
                    break
                self._member = zlib.decompressobj(_GZIP)
            self._fed = True
            piece = self._member.decompress(data, limit)
            pieces.append(piece)
            limit -= len(piece)
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return b"".join(pieces)

    @property
    def complete(self) -> bool:
        """Tell whether the last member has ended (its checksum was right)."""
        return self._member.eof or not self._fed


def _too_large() -> SourceError:
    return SourceError(f"answer larger than {MAX_BYTES // 1_000_000} MB")


_SENTENCES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (ConnectionRefusedError, "connection refused"),
    (ssl.SSLCertVerificationError, "certificate not trusted"),
    (ssl.SSLError, "TLS failed"),
    (zlib.error, "answer is not valid gzip"),
    (ConnectionError, "connection closed by the target"),
    (HTTPException, "answer is not valid HTTP"),
    (ValueError, "answer is not valid HTTP"),
)


def sentence(error: Exception, seconds: float) -> str:
    """Say in a few words what went wrong, with nothing in it that the target wrote."""
    if isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s"
    known = next((words for kind, words in _SENTENCES if isinstance(error, kind)), None)
    if known is None and isinstance(error, OSError) and error.errno is not None:
        return f"cannot connect: {os.strerror(error.errno).lower()}"
    return known or "cannot connect"
