"""What watching costs: the monitor's own figures, in one quiet line."""

from dash import html

from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.format import NO_DATA, with_unit


class MonitorCost:
    """Means of the last 60 s, and the schedule's record since the start."""

    def layout(self) -> Element:
        """Return the line without data."""
        parts = [
            ("CPU", "monitor-cpu", METRIC["monitor_cpu"].description),
            ("memory", "monitor-memory", METRIC["monitor_memory_mb"].description),
            ("tick lateness", "monitor-lateness", METRIC["tick_lateness_ms"].description),
            ("ticks", "monitor-ticks", "Samples since start, begun late, never made"),
        ]
        items = [
            html.Li([f"{word} ", html.Span(NO_DATA, id=element_id, className="monitor-cost__value")], title=title)
            for word, element_id, title in parts
        ]
        return html.Footer(
            [html.P("This monitor's own cost", className="monitor-cost__title"), html.Ul(items)],
            className="monitor-cost",
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the line's figures."""

        def mean(metric: str) -> str:
            return with_unit(snapshot.summaries[metric].mean, METRIC[metric].unit)

        ticks = snapshot.ticks
        return {
            "monitor-cpu": {"text": f"{mean('monitor_cpu')} of one core"},
            "monitor-memory": {"text": mean("monitor_memory_mb")},
            "monitor-lateness": {"text": mean("tick_lateness_ms")},
            "monitor-ticks": {"text": f"{ticks.done} · {ticks.late} late · {ticks.missed} missed"},
        }
