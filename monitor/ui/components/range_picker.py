"""How much of the past the charts show, and pause."""

from dataclasses import dataclass
from typing import Final

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


@dataclass(frozen=True, slots=True)
class Range:
    """A span of the charts: its length, its word, and the word of the export route for its start."""

    seconds: int
    title: str
    start: str


RANGES: Final = (
    Range(60, "60 s", "now-60s"),
    Range(300, "5 m", "now-5m"),
    Range(900, "15 m", "now-15m"),
    Range(3600, "1 h", "now-1h"),
    Range(21_600, "6 h", "now-6h"),
    Range(86_400, "24 h", "now-24h"),
)


class RangePicker:
    """One button per range and the pause button. What is chosen belongs to the browser."""

    def layout(self) -> Element:
        """Return the buttons, 60 s pressed."""
        buttons = [
            html.Button(
                span.title,
                id=f"range-{span.seconds}",
                type="button",
                className="range-picker__button",
                disable_n_clicks=True,
                **{
                    "data-seconds": str(span.seconds),
                    "data-from": span.start,
                    "aria-pressed": "true" if span is RANGES[0] else "false",
                },
            )
            for span in RANGES
        ]
        return html.Div(
            [
                html.Div(
                    buttons, id="range-picker", className="range-picker", role="group", **{"aria-label": "Range"}
                ),
                html.Button(
                    [icon("pause-fill", element_id="pause-icon"), html.Span("Pause", id="pause-label")],
                    id="pause-button",
                    type="button",
                    title="Stop the page from moving; no data is lost (space)",
                    className="btn btn-outline-secondary pause-button",
                    disable_n_clicks=True,
                    **{"aria-pressed": "false"},
                ),
            ],
            className="range-row",
        )
