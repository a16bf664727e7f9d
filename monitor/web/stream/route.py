"""`/ws`: how frames leave. No other file decides that.

The thread that the server gives to a connection does everything for it: it polls its socket and the feed's pulse,
sends what is due to its cursor, and answers the peer. No queue, no lock and no second thread per connection.
"""

import logging
import socket
from typing import Any, Final

from flask import Flask, Response, g, request
from flask_sock import Sock
from wsproto.frame_protocol import CloseReason

from monitor.core.errors import InvalidInputError
from monitor.core.wire import encode
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.engine.viewers import View, Viewers
from monitor.web.stream import handshake
from monitor.web.stream.actions import Actions
from monitor.web.stream.cursor import Cursor, MetricsCursor, PageCursor
from monitor.web.stream.frames import Frames
from monitor.web.stream.subscription import Subscription
from monitor.web.stream.websocket import Ended, Stalled, WebSocket, text_frame

log = logging.getLogger(__name__)

PATH: Final = "/ws"
_STRIKES: Final = 3


class Streams:
    """Serves the connections on `/ws`."""

    def __init__(
        self,
        monitor: Monitor,
        viewers: Viewers,
        frames: Frames,
        clock: Clock,
        heartbeat_seconds: float,
        page_ticks: int,
    ) -> None:
        """Send `frames` of `monitor` to as many as `viewers` admits, to pages with each `page_ticks`th tick."""
        self._page_ticks = page_ticks
        self._feed = monitor.feed
        self._epoch = monitor.epoch
        self._viewers = viewers
        self._frames = frames
        self._clock = clock
        self._heartbeat = heartbeat_seconds
        self._actions = Actions(clock, monitor.alerting)

    def serve(self, sock: socket.socket, subscription: Subscription) -> None:
        """Serve one connection until it ends."""
        websocket = WebSocket(sock, self._clock, self._heartbeat, lambda: self._feed.closed)
        try:
            with self._viewers.admit(subscription.view) as admitted:
                if admitted:
                    self._run(websocket, self._cursor(subscription))
                else:
                    websocket.close(CloseReason.TRY_AGAIN_LATER, "as many viewers as may be are connected")
        except Stalled as end:
            log.warning("viewer cut off", extra={"reason": end.reason})
        except Ended as end:
            if end.code is not None:
                websocket.close(end.code, end.reason)

    def _cursor(self, subscription: Subscription) -> Cursor:
        if subscription.view is View.PAGE:
            return PageCursor(self._feed, self._frames, self._epoch, subscription, self._page_ticks)
        return MetricsCursor(self._feed, self._frames, self._epoch, subscription)

    def _run(self, websocket: WebSocket, cursor: Cursor) -> None:
        strikes = 0
        while True:
            pulse = self._feed.pulse()
            if self._feed.closed:
                raise Ended(CloseReason.GOING_AWAY, "the server is going down")
            for frame in cursor.due():
                websocket.send(frame)
            websocket.beat()
            if not websocket.wait(pulse):
                continue
            for message in websocket.receive():
                try:
                    answer = self._actions.answer(message)
                except InvalidInputError as problem:
                    strikes += 1
                    if strikes == _STRIKES:
                        raise Ended(CloseReason.POLICY_VIOLATION, str(problem)) from None
                    answer = _refusal(problem)
                websocket.send(text_frame(encode(answer)))


def _refusal(problem: InvalidInputError) -> dict[str, Any]:
    return {"type": "error", "error": {"code": "invalid", "message": problem.message, "field": problem.field}}


class _NoThread:
    """Stands where flask-sock would start a reading thread of its own per connection."""

    name = ""

    def __init__(self, target: object) -> None:
        del target

    def start(self) -> None:
        """Do nothing."""


def install(server: Flask, streams: Streams) -> None:
    """Add `/ws`; flask-sock finds the socket below either server and shakes hands."""
    server.config["SOCK_SERVER_OPTIONS"] = {"thread_class": _NoThread}

    @server.before_request
    def shake() -> Response | None:
        if request.path != PATH:
            return None
        refusal = handshake.check(request)
        if refusal is None:
            g.subscription = Subscription.parse(request.args)
            handshake.strip(request)
        return refusal

    @Sock(server).route(PATH)  # type: ignore[untyped-decorator]
    def stream(raw: Any) -> None:  # noqa: ANN401 - flask-sock's class carries no types
        """The live stream, as `docs/api.md` says."""
        try:
            streams.serve(raw.sock, g.subscription)
        finally:
            raw.connected = False
            _hang_up(raw.sock)


def _hang_up(sock: socket.socket) -> None:
    """End both directions; the server that owns the socket closes it."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
