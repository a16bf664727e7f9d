"""One open WebSocket: whole frames out, bounded messages in. Used by one thread alone."""

import select
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from wsproto.connection import Connection as Protocol
from wsproto.connection import ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason, FrameProtocol
from wsproto.utilities import LocalProtocolError

from monitor.engine.ports import Clock
from monitor.engine.pulse import Pulse

MAX_MESSAGE_BYTES: Final = 16 * 1024
MESSAGES_PER_SECOND: Final = 20
SEND_SECONDS: Final = 5.0
"""How long one frame may take to leave once the peer's and our buffers are full."""

_BUFFER_BYTES: Final = 64 * 1024
_RECEIVE_BYTES: Final = 8192
_GOODBYE_SECONDS: Final = 0.5
_GLANCE_SECONDS: Final = 0.25


class Ended(Exception):  # noqa: N818 - no error: every connection ends
    """The connection is over. `code` is what to tell the peer, None when that cannot be told."""

    def __init__(self, code: int | None, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Stalled(Ended):
    """The peer does not read."""

    def __init__(self) -> None:
        super().__init__(None, "does not read")


def text_frame(payload: bytes) -> bytes:
    """Return a whole text frame around UTF-8. A server's frames are not masked: one is good for every peer."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(payload.decode(), fin=True))


class WebSocket:
    """Frames over a socket whose handshake is done.

    Nothing here blocks without an end: the socket is polled, each frame has a deadline, and what a peer sends is
    bounded in size (1009), in rate (1008) and by the protocol (1002, 1007).
    """

    def __init__(
        self, sock: socket.socket, clock: Clock, heartbeat_seconds: float, stopping: Callable[[], bool]
    ) -> None:
        """Take over `sock`; ping every `heartbeat_seconds`; give up a frame under way when `stopping`."""
        self._sock = sock
        self._clock = clock
        self._heartbeat = heartbeat_seconds
        self._stopping = stopping
        self._protocol = Protocol(ConnectionType.SERVER)
        self._next_ping = clock.monotonic() + heartbeat_seconds
        self._unanswered = False
        self._allowance = float(MESSAGES_PER_SECOND)
        self._allowed_at = clock.monotonic()
        self._parts: list[str] | None = []
        self._bytes = 0
        self._end: Ended | None = None
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def wait(self, pulse: Pulse) -> bool:
        """Wait for the pulse, the peer or the next heartbeat; tell whether the peer sent something."""
        if self._end is not None:
            return True
        poller = select.poll()
        poller.register(self._sock, select.POLLIN)
        poller.register(pulse, select.POLLIN)
        ready = poller.poll(max(0.0, self._next_ping - self._clock.monotonic()) * 1000)
        return any(descriptor == self._sock.fileno() for descriptor, _ in ready)

    def beat(self) -> None:
        """Ping when it is time. A peer that left the ping before unanswered until now is gone."""
        now = self._clock.monotonic()
        if now < self._next_ping:
            return
        if self._unanswered:
            raise Ended(CloseReason.POLICY_VIOLATION, "no pong")
        self._unanswered = True
        self._next_ping = now + self._heartbeat
        self.send(self._protocol.send(Ping()))

    def send(self, frame: bytes) -> None:
        """Send one whole frame, or end the connection."""
        rest = memoryview(frame)
        deadline: float | None = None
        while rest:
            try:
                rest = rest[self._sock.send(rest) :]
            except BlockingIOError:
                now = self._clock.monotonic()
                deadline = now + SEND_SECONDS if deadline is None else deadline
                if now >= deadline or self._stopping():
                    raise Stalled from None
                self._poll(select.POLLOUT, min(_GLANCE_SECONDS, deadline - now))
            except OSError:
                raise Ended(None, "gone") from None

    def receive(self) -> list[str | None]:
        """Read what has come and answer its control frames.

        Return the whole messages in it; None stands for a binary one, which nobody here understands.
        """
        if self._end is not None:
            raise self._end
        try:
            data = self._sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            raise Ended(None, "gone") from None
        if not data:
            raise Ended(None, "gone")
        self._protocol.receive_data(data)
        messages: list[str | None] = []
        try:
            for event in self._protocol.events():
                self._take(event, messages)
        except Ended as end:
            if not messages:
                raise
            # What was said before the end is heard first.
            self._end = end
        return messages

    def close(self, code: int, reason: str) -> None:
        """Say goodbye and wait half a second for the peer's, so that ours is not lost in a reset."""
        deadline = self._clock.monotonic() + _GOODBYE_SECONDS
        with suppress(OSError, LocalProtocolError):
            self._sock.send(self._protocol.send(CloseConnection(code, reason)))
            self._sock.shutdown(socket.SHUT_WR)
            while (left := deadline - self._clock.monotonic()) > 0 and self._poll(select.POLLIN, left):
                if not self._sock.recv(_RECEIVE_BYTES):
                    break

    def _take(self, event: Event, messages: list[str | None]) -> None:
        if isinstance(event, CloseConnection):
            if self._protocol.state is not ConnectionState.REMOTE_CLOSING:
                raise Ended(event.code, event.reason or "")
            self.send(self._protocol.send(event.response()))
            raise Ended(None, "left")
        if isinstance(event, TextMessage | BytesMessage):
            self._collect(event, messages)
            return
        self._spend()
        if isinstance(event, Ping):
            self.send(self._protocol.send(event.response()))
        elif isinstance(event, Pong):
            self._unanswered = False

    def _collect(self, event: TextMessage | BytesMessage, messages: list[str | None]) -> None:
        self._bytes += len(event.data.encode() if isinstance(event, TextMessage) else event.data)
        if self._bytes > MAX_MESSAGE_BYTES:
            raise Ended(CloseReason.MESSAGE_TOO_BIG, f"a message has at most {MAX_MESSAGE_BYTES} bytes")
        if event.frame_finished:
            self._spend()
        if isinstance(event, BytesMessage):
            self._parts = None
        elif self._parts is not None:
            self._parts.append(event.data)
        if event.message_finished:
            messages.append(None if self._parts is None else "".join(self._parts))
            self._parts, self._bytes = [], 0

    def _spend(self) -> None:
        """Count one frame of the peer against its allowance, which fills up as time goes by."""
        now = self._clock.monotonic()
        earned = (now - self._allowed_at) * MESSAGES_PER_SECOND
        self._allowance = min(float(MESSAGES_PER_SECOND), self._allowance + earned) - 1.0
        self._allowed_at = now
        if self._allowance < 0:
            raise Ended(CloseReason.POLICY_VIOLATION, f"at most {MESSAGES_PER_SECOND} messages per second")

    def _poll(self, events: int, seconds: float) -> bool:
        poller = select.poll()
        poller.register(self._sock, events)
        return bool(poller.poll(max(0.0, seconds) * 1000))
