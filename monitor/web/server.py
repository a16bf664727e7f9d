"""The Flask server, put together from the parts of this room."""

from collections.abc import Callable, Sequence
from typing import Final

from flask import Flask, Response

from monitor.engine.delivery import Delivery
from monitor.engine.forecasts import Forecasts
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.engine.reports import Reports
from monitor.engine.viewers import Viewers
from monitor.web import (
    alerts,
    baselines,
    channels,
    dispatch,
    errors,
    events,
    exposition,
    forecast,
    headers,
    health,
    history,
    impact,
    ledger,
    login,
    markers,
    openapi,
    proof,
    query,
    report,
    rules,
    snapshot,
    spans,
    static,
)
from monitor.web.access import Access
from monitor.web.attempts import Attempts
from monitor.web.downloads import LIMIT, Downloads
from monitor.web.exports import route as exports
from monitor.web.guard import Guard
from monitor.web.poll_cache import PollCache
from monitor.web.stream import route as stream
from monitor.web.stream.frames import Frames, PagePatch

MAX_BODY_BYTES: Final = 1 << 20


def create_server(
    *,
    monitor: Monitor,
    forecasts: Forecasts,
    viewers: Viewers,
    page_patch: PagePatch,
    access: Access,
    delivery: Delivery,
    clock: Clock,
    reports: Reports,
    dashboard: str,
    poll_output: str,
    heartbeat_seconds: float = 30.0,
    page_ticks: int = 1,
    script_hashes: Callable[[], Sequence[str]] = tuple,
    read_only: str = "",
) -> Flask:
    """Return a server with every route but the pages, which Dash adds under `dashboard` (it ends with a slash).

    `poll_output` is the output of the callback by which pages poll. `page_patch` makes the page's JSON from one
    snapshot to another. `script_hashes` returns the CSP sources of the page's inline scripts and is called at the
    first request; pages are updated each `page_ticks` ticks. `read_only` says why nothing may be written, "" where
    it may. Nothing runs before a request comes.
    """
    server = Flask("monitor.web", static_folder=None)
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    errors.install(server, dispatch.refusal)
    headers.install(server, script_hashes)
    attempts = Attempts(clock)
    Guard(access, attempts, read_only).install(server)
    query.install(server, openapi.parameters())
    login.install(server, access, attempts, dashboard)
    static.install(server, dashboard)
    dispatch.install(server, dashboard)
    frames = Frames(monitor, page_patch)
    stream.install(server, stream.Streams(monitor, viewers, frames, clock, heartbeat_seconds, page_ticks))
    health.install(server, monitor, viewers)
    snapshot.install(server, monitor, frames)
    downloads = Downloads(LIMIT, monitor, clock)
    history.install(server, monitor, clock, downloads)
    forecast.install(server, forecasts)
    spans.install(server, monitor, clock)
    events.install(server, monitor, clock)
    exports.install(server, monitor, clock, downloads)
    report.install(server, monitor, clock, reports)
    baselines.install(server, monitor.experiment)
    markers.install(server, monitor)
    impact.install(server, monitor.experiment)
    ledger.install(server, monitor.experiment, clock)
    proof.install(server, monitor.prover)
    alerts.install(server, monitor.alerting, clock)
    rules.install(server, monitor.alerting)
    channels.install(server, delivery)
    exposition.install(server, monitor, viewers)
    openapi.install(server)

    def to_dashboard() -> Response:
        return Response(status=302, headers={"Location": dashboard})

    cache = PollCache(server.wsgi_app, monitor, clock, path=dispatch.path(dashboard), output=poll_output)
    server.wsgi_app = cache  # type: ignore[method-assign]
    server.add_url_rule("/", "root", to_dashboard)
    server.add_url_rule(dashboard.rstrip("/"), "dashboard", to_dashboard)
    return server
