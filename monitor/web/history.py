"""`/api/v1/history`: metrics over any part of the history."""

from collections.abc import Callable, Iterator
from typing import Final

from flask import Flask, Response

from monitor.core.errors import InvalidInputError
from monitor.core.excerpt import Excerpt
from monitor.core.histogram import Floats
from monitor.core.metric import HEADLINE
from monitor.core.rollup import DAY_MS
from monitor.core.rounding import rounded_array
from monitor.core.window import Integers
from monitor.core.wire import encode
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.web.downloads import Downloads
from monitor.web.errors import JSON
from monitor.web.query import Query

DEFAULT_FROM: Final = "now-15m"
MIN_POINTS: Final = 3
"""Two extremes, and a gap between them."""
MAX_POINTS: Final = 2000
DEFAULT_POINTS: Final = 300
_RAW: Final = "raw"
_PIECE_VALUES: Final = 8192
_SHORT_VALUES: Final = 50_000
"""So many are read within a few milliseconds, and answered at once; more of them take turns with the downloads."""


def install(server: Flask, monitor: Monitor, clock: Clock, downloads: Downloads) -> None:
    """Add the route."""

    @server.get("/api/v1/history")
    def history() -> Response:
        """One array per metric over shared timestamps; null is a gap."""
        query = Query.read()
        within = query.time_range(round(clock.wall() * 1000), DEFAULT_FROM)
        chosen = query.metrics(HEADLINE)
        points = (
            None
            if query.says("points", _RAW)
            else query.whole("points", MIN_POINTS, MAX_POINTS, default=DEFAULT_POINTS, instead=_RAW)
        )
        if points is None and within.end - within.start > DAY_MS:
            raise InvalidInputError("points", "raw covers 24 hours at the most")
        rows = (within.end - within.start) / monitor.interval_ms if points is None else points
        short = rows * len(chosen) <= _SHORT_VALUES
        # Nothing is read before there is a place for the answer.
        pieces = _pieces(lambda: monitor.history.excerpt(within.start, within.end, chosen, points), chosen)
        return Response(b"".join(pieces) if short else downloads.start(pieces), mimetype=JSON)


def _pieces(read: Callable[[], Excerpt], chosen: list[str]) -> Iterator[bytes]:
    """Yield the JSON in pieces, one metric after another, as each costs milliseconds of a long span."""
    excerpt = read()
    yield b'{"timestamp":['
    yield from _values(excerpt.timestamp)
    for metric in chosen:
        yield f'],"{metric}":['.encode()
        yield from _values(rounded_array(excerpt.column(metric)))
    yield b"]}"


def _values(values: Integers | Floats) -> Iterator[bytes]:
    for start in range(0, len(values), _PIECE_VALUES):
        piece = encode(values[start : start + _PIECE_VALUES])[1:-1]
        yield b"," + piece if start else piece
