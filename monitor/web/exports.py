"""`/export.csv`: samples as a file for spreadsheets and scripts.

The first column is `timestamp_utc` (ISO 8601, milliseconds), the others are metric ids with the display unit in
brackets where there is one: `latency_ms [ms]`. One row per sample, an empty cell where nothing was measured,
nothing made up for samples that are missing. Every cell is a number or a time of ours, every header a text of the
metric table, so that no cell can be a formula.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import numpy as np
from flask import Flask, Response, request

from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN, METRIC
from monitor.core.window import Rows
from monitor.core.wire import DECIMALS, encode
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.web.downloads import Downloads
from monitor.web.time_range import TimeRange, metrics

DEFAULT_FROM: Final = "now-24h"
_LINE: Final = "\r\n"
_PIECE_ROWS: Final = 240


def install(server: Flask, monitor: Monitor, clock: Clock, downloads: Downloads) -> None:
    """Add the route."""

    @server.get("/export.csv")
    def export() -> Response:
        """Every sample from `from` (default: 24 h ago) to `to`, streamed."""
        now = clock.wall()
        within = TimeRange.parse(request.args, round(now * 1000), DEFAULT_FROM)
        chosen = metrics(request.args)
        parts = monitor.history.samples(within.start, within.end)
        newest = monitor.snapshot
        one_core = newest is not None and newest.sample.cpu_of_one_core
        head = ["timestamp_utc", *(header(metric, cpu_of_one_core=one_core) for metric in chosen)]
        response = Response(downloads.start(_lines(head, parts, chosen)), mimetype="text/csv")
        name = f"hub-monitor-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def header(metric: str, *, cpu_of_one_core: bool = False) -> str:
    """Return the column's header; `cpu_of_one_core`: the target does not say how many cores it may use."""
    unit = METRIC[metric].unit
    if metric == "cpu_utilization" and cpu_of_one_core:
        unit = "% of one core"
    return f"{metric} [{unit}]" if unit else metric


def _lines(head: list[str], parts: Iterable[Rows], chosen: list[str]) -> Iterator[bytes]:
    """Yield the file in pieces of 240 rows."""
    yield (",".join(head) + _LINE).encode()
    columns = [COLUMN[metric] for metric in chosen]
    for part in parts:
        for start in range(0, len(part), _PIECE_ROWS):
            stop = start + _PIECE_ROWS
            moments = np.datetime_as_string(
                part.timestamp[start:stop].view("datetime64[ms]"), unit="ms", timezone="UTC"
            ).tolist()
            # JSON of a matrix is CSV between its brackets, and comes out a hundred times faster than cell by cell.
            values = encode(_block(part, start, stop, columns)).decode()
            rows = values[2:-2].replace("null", "").split("],[")
            yield "".join(f"{moment},{row}{_LINE}" for moment, row in zip(moments, rows, strict=True)).encode()


def _block(part: Rows, start: int, stop: int, columns: list[int]) -> Floats:
    """Return (rows, columns) rounded values, contiguous."""
    return np.ascontiguousarray(np.round(part.values[start:stop, columns], DECIMALS))
