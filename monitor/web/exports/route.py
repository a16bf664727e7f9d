"""The routes, and what they share: range, metrics and resolution, and the file's name."""

import threading
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response

from monitor.core.errors import BusyError
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.web.downloads import Downloads
from monitor.web.errors import JSON, error
from monitor.web.exports.csv_file import lines
from monitor.web.exports.json_file import document
from monitor.web.exports.parquet_file import MISSING, ParquetFile, is_installed
from monitor.web.exports.table import Resolution, Table
from monitor.web.query import Query

CSV: Final = "/export.csv"
AS_JSON: Final = "/export.json"
PARQUET: Final = "/export.parquet"
PARQUET_TYPE: Final = "application/vnd.apache.parquet"
DEFAULT_FROM: Final = "now-24h"


def install(server: Flask, monitor: Monitor, clock: Clock, downloads: Downloads) -> None:
    """Add the routes."""
    # Held from the first to the last piece of a Parquet file: there is one child process at the most.
    making = threading.Lock()

    def table(now: float) -> Table:
        query = Query.read()
        within = query.time_range(round(now * 1000), DEFAULT_FROM)
        newest = monitor.snapshot
        return Table.of(
            monitor.history,
            within.start,
            within.end,
            query.metrics(),
            Resolution(query.one_of("resolution", [*Resolution], default=Resolution.SAMPLE)),
            cpu_of_one_core=newest is not None and newest.sample.cpu_of_one_core,
        )

    @server.get(CSV)
    def as_csv() -> Response:
        """Every sample, minute or hour from `from` (default: 24 h ago) to `to`, streamed."""
        now = clock.wall()
        made = table(now)
        return _named(Response(downloads.start(lines(made)), mimetype="text/csv"), made, now, "csv")

    @server.get(AS_JSON)
    def as_json() -> Response:
        """The same as one document."""
        now = clock.wall()
        made = table(now)
        return _named(Response(downloads.start(document(made)), mimetype=JSON), made, now, "json")

    @server.get(PARQUET)
    def as_parquet() -> Response:
        """The same as Parquet, where pyarrow is installed."""
        now = clock.wall()
        made = table(now)
        if not is_installed():
            return error(400, MISSING, code="not_installed")
        if not making.acquire(blocking=False):
            raise BusyError("another Parquet file is being made")
        file = ParquetFile(made, making.release)
        try:
            response = Response(downloads.start(file), mimetype=PARQUET_TYPE)
        except BusyError:
            file.close()
            raise
        return _named(response, made, now, "parquet")


def _named(response: Response, table: Table, now: float, ending: str) -> Response:
    """Name the file by its moment and by what a row is, so that two exports do not overwrite each other."""
    kind = "" if table.resolution is Resolution.SAMPLE else f"-{table.resolution}s"
    name = f"hub-monitor-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}{kind}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
