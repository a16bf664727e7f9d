"""`/api/v1/history/spans`: any length of the past in spans, with its latency over time and its totals."""

from collections.abc import Hashable
from contextlib import suppress
from typing import Any, Final

import numpy as np
from flask import Flask, Response

from monitor.core.errors import InvalidInputError
from monitor.core.histogram import quantiles
from monitor.core.latency_bands import LatencyBands
from monitor.core.metric import HEADLINE, PERCENTILES
from monitor.core.period import METRICS, Period
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS
from monitor.core.rounding import rounded, rounded_array
from monitor.core.spans import Spans, width
from monitor.core.wire import encode
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.engine.rendering import Rendering
from monitor.web.errors import JSON
from monitor.web.query import Query, TimeRange

PATH: Final = "/api/v1/history/spans"
DEFAULT_FROM: Final = "now-24h"
LEAST_SPANS: Final = 2
MOST_SPANS: Final = 1000
"""A band has two points per span, and a chart shows 2,000 at the most."""
DEFAULT_SPANS: Final = 400
PERIOD: Final = (
    "operations",
    "errors",
    "error_percent",
    "measured_seconds",
    "asked_seconds",
    "lost_seconds",
    "uptime_percent",
)
"""Fields of the totals, beside the latency percentiles."""
_COLUMNS: Final = 100
"""Of the heat map, at the most."""
_KEPT: Final = 24


class _Answers:
    """One answer per range and moment, whoever asks."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._shortest = Spans.shortest(monitor.interval_ms)
        self._encoded = Rendering(self._encode, self._key, _KEPT)

    def get(self, query: Query, now: int) -> bytes:
        """Return the answer to a query at `now` (epoch ms)."""
        chosen = query.metrics(HEADLINE)
        most = query.whole("spans", LEAST_SPANS, MOST_SPANS, default=DEFAULT_SPANS)
        within = query.time_range(now, DEFAULT_FROM)
        # All who say "now" within the same span, or minute, get the same range.
        step = min(MINUTE_MS, width(within.end - within.start, most, least=self._shortest))
        with suppress(InvalidInputError):  # what began within the last step has no earlier "now"
            within = query.time_range(now - now % step, DEFAULT_FROM)
        return self._encoded(within, tuple(chosen), most, step)

    def _key(self, within: TimeRange, chosen: tuple[str, ...], most: int, step: int) -> Hashable:
        newest = self._monitor.snapshot
        seq = 0 if newest is None else newest.seq
        over = newest is not None and within.end <= newest.sample.timestamp
        return within, chosen, most, None if over else seq * self._monitor.interval_ms // step

    def _encode(self, within: TimeRange, chosen: tuple[str, ...], most: int, _: int) -> bytes:
        wanted = dict.fromkeys((*chosen, *METRICS))
        found, step = self._monitor.history.spans(within.start, within.end, [*wanted], most)
        return encode(
            {
                "from": found.edges[0].item(),
                "to": found.edges[-1].item(),
                "interval_ms": self._monitor.interval_ms,
                "span_ms": step,
                "edges": found.edges,
                "metrics": {metric: _figures(found, metric) for metric in chosen},
                "latency": _latency(found, step),
                "bands": _bands(found, step),
                "period": _period(Period.of(found, self._monitor.interval)),
            }
        )


def install(server: Flask, monitor: Monitor, clock: Clock) -> None:
    """Add the route."""
    answers = _Answers(monitor)

    @server.get(PATH)
    def spans() -> Response:
        """Extremes and mean of each metric per span; null where nothing was measured."""
        return Response(answers.get(Query.read(), round(clock.wall() * 1000)), mimetype=JSON)


def _figures(found: Spans, metric: str) -> dict[str, Any]:
    one = found.figures[metric]
    return {
        "low": rounded_array(one.low),
        "high": rounded_array(one.high),
        "mean": rounded_array(one.mean),
        "count": one.count.astype(np.int64),
    }


def _latency(found: Spans, step: int) -> dict[str, Any]:
    """Return the percentiles of all operations per span, of a day or more per hour, and no finer than is known."""
    length = int(found.edges[-1] - found.edges[0])
    least = HOUR_MS if length >= DAY_MS else found.latency_grain
    if step < least:
        step = least
        found = found.at_least(step)
    values = {metric: rounded_array(1000.0 * quantiles(found.histograms, q)) for metric, q in PERCENTILES.items()}
    return {"span_ms": step, "edges": found.edges, **values}


def _bands(found: Spans, step: int) -> dict[str, Any]:
    length = int(found.edges[-1] - found.edges[0])
    step = width(length, _COLUMNS, least=max(step, found.latency_grain), multiple=step)
    found = found.at_least(step)
    bands = LatencyBands.of(found.histograms)
    return {
        "span_ms": step,
        "edges": found.edges,
        "limits_ms": rounded_array(1000.0 * bands.limits),
        "shares": rounded_array(bands.shares),
        "beyond": rounded_array(bands.beyond),
    }


def _period(period: Period) -> dict[str, Any]:
    figures = (
        _whole(period.operations),
        _whole(period.errors),
        rounded(period.error_percent),
        rounded(period.measured),
        rounded(period.asked),
        rounded(period.lost),
        rounded(period.uptime_percent),
    )
    percentiles = {metric: rounded(value) for metric, value in period.percentiles.items()}
    return dict(zip(PERIOD, figures, strict=True)) | percentiles


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
