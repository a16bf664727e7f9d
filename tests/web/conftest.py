"""Servers to ask: one in memory, and one behind a real socket."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from dash import Dash, Input, Output, dcc, html
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer, make_server

from builders import delivery, feed_samples, monitor, sample
from fakes import Mailbox, ManualClock
from monitor.core.channel_settings import ChannelKind
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.snapshot import Snapshot, Ticks
from monitor.engine.clock import SystemClock
from monitor.engine.forecasts import Forecasts
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.monitor import Monitor
from monitor.engine.reports import Reports
from monitor.engine.viewers import Viewers
from monitor.report.drawing import ChildDrawing
from monitor.web.access import Access
from monitor.web.server import create_server

HOST = "hub.example:8081"


def page_patch(before: Snapshot | None, now: Snapshot) -> bytes:
    """Stand in for the page: say from where to where."""
    return b'{"type":"page","from":%s,"seq":%d}' % (
        b"null" if before is None else b"%d" % before.seq,
        now.seq,
    )


class _Client(FlaskClient):
    """Calls the server by its name unless the test says another."""

    def open(self, *args: Any, headers: Mapping[str, str] | None = None, **options: Any) -> Any:
        return super().open(*args, headers={"Host": HOST} | dict(headers or {}), buffered=True, **options)


@dataclass
class Served:
    """A server with what it was made of."""

    server: Flask
    monitor: Monitor
    viewers: Viewers
    clock: Any
    reports: Reports
    mailboxes: Mapping[ChannelKind, Mailbox]
    port: int = 0
    ticks: int = field(default=0)

    @property
    def client(self) -> FlaskClient:
        return _Client(self.server, use_cookies=False)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    def tick(self, count: int = 1, **values: float) -> None:
        """Take `count` samples."""
        if isinstance(self.clock, ManualClock):
            feed_samples(self.monitor, self.clock, count, lambda _: values)
            return
        for _ in range(count):
            self.ticks += 1
            self.monitor.observe(sample(values, clock=self.clock), Ticks(self.ticks, 0, 0))

    def fill(self, count: int, **values: float) -> None:
        """Let `count` seconds of samples be in the rolling frame, then take one more."""
        row = np.full(len(COLUMNS), np.nan)
        for metric, value in values.items():
            row[COLUMN[metric]] = value
        for _ in range(count):
            self.clock.advance(1.0)
            self.monitor.window.append(0, round(self.clock.wall() * 1000), row)
        self.tick(1, **values)


def with_dash(server: Flask) -> None:
    """Mount a page as the user interface does; one callback fails for some values, one takes any."""
    app = Dash(
        "page",
        server=server,
        url_base_pathname="/dashboard/",
        assets_folder="assets",
        assets_path_ignore=["^pages$"],
    )
    app.layout = html.Div([dcc.Input(id="in"), html.Div(id="out"), html.Div(id="kind")])

    @app.callback(Output("out", "children"), Input("in", "value"), prevent_initial_call=True)
    def divide(value: float) -> float:
        return 1 / value

    @app.callback(Output("kind", "children"), Input("in", "value"), prevent_initial_call=True)
    def kind(value: object) -> str:
        return type(value).__name__


@pytest.fixture
def serve() -> Callable[..., Served]:
    """Make a server in memory, whose clock moves when told."""

    def make(
        *,
        dash: bool = False,
        limit: int = 100,
        clock: Any = None,
        heartbeat: float = 30.0,
        hosts: tuple[str, ...] = (HOST,),
        switchboard: Any = None,
        drawing: Any = ChildDrawing,
        read_only: str = "",
        writer: HistoryWriter | None = None,
        **access: Any,
    ) -> Served:
        clock = clock or ManualClock()
        viewers = Viewers(limit)
        made = monitor(clock, viewers=viewers, switchboard=switchboard, writer=writer)
        reports = Reports(drawing)
        mailboxes = {kind: Mailbox() for kind in ChannelKind}
        server = create_server(
            monitor=made,
            forecasts=Forecasts(made),
            viewers=viewers,
            page_patch=page_patch,
            access=Access(allowed_hosts=hosts, **access),
            delivery=delivery(mailboxes, clock),
            clock=clock,
            reports=reports,
            dashboard="/dashboard/",
            poll_output="poll.data",
            heartbeat_seconds=heartbeat,
            script_hashes=lambda: ["'sha256-abc'"],
            read_only=read_only,
        )
        if dash:
            with_dash(server)
        return Served(server, made, viewers, clock, reports, mailboxes)

    return make


@pytest.fixture
def listen(serve: Callable[..., Served]) -> Iterator[Callable[..., Served]]:
    """Make a server behind a real socket on the loopback, with the machine's own clock."""
    running: list[tuple[Served, BaseWSGIServer, threading.Thread]] = []
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    def start(**options: Any) -> Served:
        made = serve(clock=SystemClock(), hosts=("127.0.0.1",), **options)
        http = make_server("127.0.0.1", 0, made.server, threaded=True)
        http.daemon_threads = True
        made.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, name="http")
        thread.start()
        running.append((made, http, thread))
        return made

    yield start
    for made, http, thread in running:
        made.monitor.feed.close()
        http.shutdown()
        thread.join()
        http.server_close()
