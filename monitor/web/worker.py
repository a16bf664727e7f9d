"""gunicorn's threaded worker, for peers that stall.

The worker gives a thread to each request and lets it wait for its peer without an end. Here whoever neither sends
nor reads loses it, and running out of descriptors does not end the process that holds the rolling frame.
"""

import errno
import logging
import socket
import struct
import time
from typing import Any, Final

from gunicorn.http.errors import ExpectationFailed, LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers import gthread

from monitor.core.errors import StoreError
from monitor.web.descriptors import STALLED_THREADS

READ_SECONDS: Final = 5
"""How long a thread waits for a peer's next bytes, for the whole of a request's head, and from there until a
request that has a body is answered."""
HURRIED_SECONDS: Final = 0.5
"""How long those wait that have taken longest, once so many are slow that others would find no thread."""
WRITE_SECONDS: Final = 3
"""How long a piece of an answer waits for room. It may take a few times that: a part for which there is room
begins the time anew, as the last bytes that a stalled peer's system takes do."""

_BUFFER_BYTES: Final = 256 * 1024
"""What the system takes of an answer before the peer reads it; left to itself it takes megabytes, and a download
that stalls is noticed only when they are full."""

_REFUSALS: Final = {
    LimitRequestLine: "414 URI Too Long",
    LimitRequestHeaders: "431 Request Header Fields Too Large",
    ExpectationFailed: "417 Expectation Failed",
}
_LINGER_SECONDS: Final = 0.2
_FIRST_BYTE_SECONDS: Final = 0.02
_FULL: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_FULL_PAUSE_SECONDS: Final = 0.05
_OPTIONS: Final = (
    (socket.SO_RCVTIMEO, struct.pack("ll", READ_SECONDS, 0)),
    (socket.SO_SNDTIMEO, struct.pack("ll", WRITE_SECONDS, 0)),
    (socket.SO_SNDBUF, struct.pack("i", _BUFFER_BYTES)),
)


class Worker(gthread.ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed, so its class is Any here
    """Bounds what a peer can take. `/ws` is out of its reach: that socket does not block."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Be made by gunicorn."""
        super().__init__(*args, **kwargs)
        # Connections whose head or body is being read, by when that began; threads add and take out their own, the
        # main loop reads a copy. Each of these is one step of the interpreter.
        self._reading: dict[Any, float] = {}

    def init_process(self) -> None:
        """Serve until told to stop."""
        logging.getLogger("gunicorn.error").addFilter(_is_news)
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; gunicorn would end the worker when there is no descriptor for it."""
        try:
            super().accept(listener)
        except OSError as problem:
            if problem.errno not in _FULL:
                raise
            self.log.warning("no room for a connection: %s", problem.strerror)
            time.sleep(_FULL_PAUSE_SECONDS)

    def handle(self, conn: Any) -> Any:  # noqa: ANN401
        """Read a request and answer it, in a thread of the pool."""
        if not conn.initialized:
            if not conn.wait_for_data(_FIRST_BYTE_SECONDS):
                # gunicorn would wait 5 s here: idle connections, as browsers open in advance, take all threads.
                return gthread._DEFER  # noqa: SLF001 - there is no other way to say so
            # Not settimeout(): gunicorn sets the socket to blocking again and again.
            for option, value in _OPTIONS:
                conn.sock.setsockopt(socket.SOL_SOCKET, option, value)
        self._reading[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401
        """Answer a request whose head is complete."""
        if _has_body(req):
            # The application reads it; nothing here that takes a body takes long to answer.
            self._reading[conn] = time.monotonic()
        else:
            self._reading.pop(conn, None)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:  # noqa: ANN401
        """Answer a request that cannot be read; what it said is not logged: it may be a secret, and any number."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.debug("request refused: %s", type(exc).__name__)
        status = next((line for kind, line in _REFUSALS.items() if isinstance(exc, kind)), "400 Bad Request")
        body = b'{"error":{"code":"invalid","message":"is not a valid HTTP request","field":"request"}}'
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        try:
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        except OSError:
            return

    def _cap_keepalive(self, deadline: float) -> None:
        """Close idle connections at once when told to stop: the arbiter does not wait longer than they would."""
        super()._cap_keepalive(min(deadline, time.monotonic() + _LINGER_SECONDS))
        for conn in self.pending_conns:
            conn.timeout = 0.0

    def murder_pending(self) -> None:
        """Close what has been silent for long; called after each event, and once a second at least.

        A head or a body that comes byte by byte never runs into the socket's timeout.
        """
        super().murder_pending()
        if self.nr_conns >= self.worker_connections and self.pending_conns:
            # Nobody is kept out by those who say nothing: the oldest of them makes room for the next.
            self.pending_conns[0].timeout = 0.0
            super().murder_pending()
        now = time.monotonic()
        reading = sorted(self._reading.copy().items(), key=lambda entry: entry[1])
        many = len(reading) - STALLED_THREADS
        for place, (conn, began) in enumerate(reading):
            if began < now - (HURRIED_SECONDS if place < many else READ_SECONDS):
                try:
                    conn.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    self._reading.pop(conn, None)


def _has_body(req: Any) -> bool:  # noqa: ANN401
    """Tell whether bytes follow the head."""
    headers = dict(req.headers)
    return "TRANSFER-ENCODING" in headers or headers.get("CONTENT-LENGTH", "0") != "0"


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a record is more than a peer that ran into the socket's timeout, or a download broken off.

    Of the latter the log has a line already.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError | StoreError))
