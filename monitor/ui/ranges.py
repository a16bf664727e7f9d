"""The past beyond 60 s, reduced to what a chart can show, computed once per range and moment for everybody."""

from typing import Final

import numpy as np
import orjson

from monitor.core.snapshot import Snapshot
from monitor.engine.monitor import Monitor
from monitor.engine.rendering import Rendering
from monitor.ui import axis
from monitor.ui.alert_marks import limiting
from monitor.ui.chart import CHARTS, DECIMALS
from monitor.ui.components.range_picker import RANGES
from monitor.ui.expected import LOAD, expectations, with_expected

_METRICS: Final = [*(metric for chart in CHARTS for metric in chart.metrics), "offered_ops_sec"]
_OFFERED: Final = frozenset(span.seconds for span in RANGES[1:])
_KEPT: Final = 2 * len(RANGES)


class Ranges:
    """Reads the rolling frame. A long range is recomputed less often: it moves by less than a point meanwhile."""

    def __init__(self, monitor: Monitor, points: int) -> None:
        """Draw at most `points` points per trace."""
        self._monitor = monitor
        self._points = points
        self._drawn = Rendering(self._draw, self._key, _KEPT)

    def data(self, seconds: object) -> bytes | None:
        """Return the charts of the last `seconds` as JSON; None before the first sample.

        None too for what is no range beyond the live one: the value comes from a browser and may be anything.
        """
        snapshot = self._monitor.snapshot
        if snapshot is None or type(seconds) is not int or seconds not in _OFFERED:
            return None
        return self._drawn(snapshot, seconds)

    def _key(self, snapshot: Snapshot, seconds: int) -> tuple[str, int, int]:
        step = max(1, round(min(60.0, seconds / self._points) / snapshot.interval))
        return snapshot.epoch, seconds, snapshot.seq // step

    def _draw(self, snapshot: Snapshot, seconds: int) -> bytes:
        end = snapshot.sample.timestamp
        start = end - seconds * 1000
        series = self._monitor.history.excerpt(start, end, _METRICS, self._points).series(_METRICS)
        offered, completed = series.values["offered_ops_sec"], series.values["throughput_ops_sec"]
        load = np.where(np.isnan(offered), completed, offered)
        expected = expectations(snapshot)
        columns = {chart.id: [series.values[metric] for metric in chart.metrics] for chart in CHARTS}
        data: dict[str, object] = {
            "range": seconds,
            "epoch": snapshot.epoch,
            "seq": snapshot.seq,
            "t": series.timestamp.tolist(),
            "x": [start, end],
            "axes": {
                chart.id: axis.with_limits(
                    chart,
                    with_expected(columns[chart.id], expected.get(chart.id), load),
                    [rule.threshold for rule in limiting(snapshot.alerts, chart)],
                )
                for chart in CHARTS
            },
        }
        for name, drawn in {**columns, LOAD: [load]}.items():
            data[name] = [np.round(column, DECIMALS).tolist() for column in drawn]
        return orjson.dumps(data)
