"""Which service is watched, which range is shown, and pause."""

from dash import html

from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.range_picker import RangePicker


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
                self._ranges.layout(),
            ],
            id="target-bar",
            className="target-bar",
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the target's name."""
        return {"target-name": {"text": snapshot.target}}
