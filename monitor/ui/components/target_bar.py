"""Which service is watched, which range is shown, and pause."""

from dash import html

from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.range_picker import RangePicker
from monitor.ui.format import duration


class TargetBar:
    """The line below the banner."""

    def __init__(self, target: str) -> None:
        """Name the target before its first sample."""
        self._target = target
        self._ranges = RangePicker()

    def layout(self) -> Element:
        """Return the line."""
        return html.Div(
            [
                html.P(
                    [
                        html.Span("Target", className="target__word"),
                        html.Span(
                            [icon("hdd-network"), html.Span(self._target, id="target-name")],
                            className="target__name",
                        ),
                    ],
                    className="target",
                ),
                html.P(
                    [
                        html.Span("Baseline", className="target__word"),
                        html.Span(
                            [icon("bookmark-check"), html.Span(id="baseline-active")], className="target__name"
                        ),
                    ],
                    id="baseline-bar",
                    className="target",
                    hidden=True,
                ),
                self._ranges.layout(),
            ],
            id="target-bar",
            className="target-bar",
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the target's name, and the baseline's that it is compared with."""
        impact = snapshot.experiment.impact
        name = "" if impact is None else f"{impact.baseline.name} · {duration(impact.baseline.seconds)}"
        return {
            "target-name": {"text": snapshot.target},
            "baseline-bar": {"hidden": impact is None},
            "baseline-active": {"text": name},
        }
