"""`/api/v1/snapshot`: what is known now."""

from flask import Flask, Response

from monitor.core.wire import HISTORY_ROWS
from monitor.engine.monitor import Monitor
from monitor.web.errors import answer, error
from monitor.web.stream.frames import Frames


def install(server: Flask, monitor: Monitor, frames: Frames) -> None:
    """Add the route."""

    @server.get("/api/v1/snapshot")
    def snapshot() -> Response:
        """The newest frame, its health judged now; 503 before the first sample."""
        newest = monitor.snapshot
        if newest is None:
            return error(503, "no sample yet")
        return answer(frames.object(newest, HISTORY_ROWS, monitor.health()))
