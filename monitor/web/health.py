"""`/livez`, `/readyz`, `/healthz`: for a supervisor, a load balancer, and a person."""

from typing import Any

from flask import Flask, Response, request

from monitor.core.durability import Durability
from monitor.core.wire import health_state
from monitor.engine.monitor import Monitor
from monitor.engine.viewers import View, Viewers
from monitor.web.errors import answer


def storage_state(durability: Durability) -> dict[str, Any]:
    """Return how far what was measured is on the disk, as JSON; times in epoch ms."""
    return {
        "works": durability.works,
        "durable_until": durability.until,
        "failing_since": durability.since,
        "problem": durability.problem,
        "waiting": durability.waiting,
        "dropped": durability.dropped,
        "set_aside": durability.aside,
        "damaged_blocks": durability.damaged,
    }


def install(server: Flask, monitor: Monitor, viewers: Viewers) -> None:
    """Add the three routes."""

    def verbose() -> dict[str, Any]:
        return {
            "target": monitor.target,
            "epoch": monitor.epoch,
            "interval_ms": monitor.interval_ms,
            "samples_kept": len(monitor.window),
            "storage": storage_state(monitor.writer.state),
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
