"""Did it help? There is no baseline to compare with yet, and the row says so and shows how to read it."""

from typing import Final

from dash import html

from monitor.core.metric import METRIC
from monitor.ui.component import Element
from monitor.ui.components.panel import panel

_COMPARED: Final = ("throughput_ops_sec", "latency_ms", "cpu_utilization", "memory_mb", "error_rate")


class ImpactRow:
    """The verdict panel and the panel of changes per metric, both without a baseline."""

    def layout(self) -> list[Element]:
        """Return both panels, in reading order."""
        verdict = panel(
            "panel-verdict",
            "Did it help?",
            "clipboard-data",
            [
                html.P("No baseline yet", className="verdict__figure"),
                html.P(
                    "A baseline is what the service did before a change. With one recorded, this says by how much "
                    "the change helped, how sure that is, and which figure gained most.",
                    className="verdict__text",
                ),
                html.P(
                    "Recording baselines is not in this version yet. Until then: turn an optimisation on or off "
                    "below and watch each card's trend against the minute before.",
                    className="verdict__text",
                ),
            ],
        )
        rows = [
            html.Li(
                [
                    html.Span(METRIC[name].title, className="changes__name"),
                    html.Span(className="changes__track", **{"aria-hidden": "true"}),
                    html.Span("no baseline", className="changes__state"),
                ],
                className="changes__row",
            )
            for name in _COMPARED
        ]
        changes = panel(
            "panel-changes",
            "Change against baseline",
            "arrow-left-right",
            [
                html.Ul(rows, className="changes"),
                html.P(
                    "Each figure becomes a dot with its 95 % interval; better is to the right, for every metric.",
                    className="changes__legend",
                ),
            ],
            html.Span("better →", className="panel__aside"),
        )
        return [verdict, changes]
