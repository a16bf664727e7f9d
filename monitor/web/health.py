"""`/livez`, `/readyz`, `/healthz`: for a supervisor, a load balancer, and a person."""

from typing import Any

from flask import Flask, Response, request

from monitor.core.wire import health_state
from monitor.engine.monitor import Monitor
from monitor.engine.viewers import View, Viewers
from monitor.web.errors import answer


def install(server: Flask, monitor: Monitor, viewers: Viewers) -> None:
    """Add the three routes."""

    def verbose() -> dict[str, Any]:
        return {
            "target": monitor.target,
            "epoch": monitor.epoch,
            "interval_ms": monitor.interval_ms,
            "samples_kept": len(monitor.window),
            "connections": {view.value: viewers.count(view) for view in View},
            "max_connections": viewers.limit,
        }

    def report() -> Response:
        snapshot, health = monitor.snapshot, monitor.health()
        state = health_state(snapshot, health)
        if "verbose" in request.args:
            state |= verbose()
        return answer(state, 200 if health.ready else 503)

    @server.get("/livez")
    def livez() -> Response:
        """Answer at all: the process is not to be restarted."""
        return answer({"status": "alive"}, 503 if monitor.feed.closed else 200)

    @server.get("/readyz")
    def readyz() -> Response:
        """200 while there is a sample not older than 3 intervals, else 503."""
        health = monitor.health()
        ready = health.ready and not monitor.feed.closed
        return answer({"ready": ready, "status": health.status.value}, 200 if ready else 503)

    @server.get("/healthz")
    def healthz() -> Response:
        """The same judgement with its reasons; `?verbose` adds connections and settings."""
        return report()
