"""Which part of the past the History page shows. What is chosen stands in the page's address."""

from typing import Final

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon

LENGTHS: Final = (("1h", "1 h"), ("6h", "6 h"), ("24h", "24 h"), ("7d", "7 d"), ("30d", "30 d"))
"""As the address says them, and as the buttons do."""
_PDF: Final = "The range shown on paper: verdicts, charts, changes, what each figure means"


class HistoryPicker:
    """Lengths up to now, the range in words, zoom out, the period before, and the range as CSV or on paper."""

    def layout(self) -> Element:
        """Return the bar; nothing is pressed until the browser has read the address."""
        lengths = [
            html.Button(
                words,
                type="button",
                className="range-picker__button",
                disable_n_clicks=True,
                **{"data-from": f"now-{length}", "aria-pressed": "false"},
            )
            for length, words in LENGTHS
        ]
        return html.Div(
            [
                html.Div(
                    lengths,
                    id="history-lengths",
                    className="range-picker",
                    role="group",
                    **{"aria-label": "Length, up to now"},
                ),
                _button(
                    "history-when",
                    "calendar3",
                    "choose a range",
                    "Choose a range: from a moment to another, or up to now",
                    **{"data-opens": "history-dialog", "aria-haspopup": "dialog"},
                ),
                _button("history-out", "zoom-out", "Zoom out", "Twice as long, around the middle"),
                _button(
                    "history-compare",
                    "layers",
                    "Compare with the period before",
                    "Draw the same length of time before it beneath, dashed",
                    **{"aria-pressed": "false"},
                ),
                html.A(
                    [icon("download"), html.Span("CSV")],
                    id="history-csv",
                    href="/export.csv",
                    title="Every sample of the range shown, as CSV (e)",
                    className="btn btn-outline-secondary history-bar__button history-bar__file",
                    download="",
                ),
                _button(
                    "history-pdf",
                    "file-earmark-pdf",
                    "PDF report",
                    _PDF,
                    **{"data-idle": _PDF, "data-busy": "A report is being drawn: wait for it, or cancel it"},
                ),
            ],
            className="history-bar",
        )

    def progress(self) -> Element:
        """Return the line on a report under way, hidden. The browser announces it; it is no live region itself."""
        return html.Div(
            [
                html.Span(id="history-report-words"),
                html.Div(
                    html.Div(className="meter__fill"),
                    id="history-report-meter",
                    className="meter history-report__meter",
                    hidden=True,
                    **{"aria-hidden": "true"},
                ),
                html.Button(
                    [icon("x-lg"), html.Span("Cancel")],
                    id="history-report-cancel",
                    type="button",
                    className="btn btn-outline-secondary btn-small",
                    disable_n_clicks=True,
                    hidden=True,
                    **{"aria-label": "Cancel the report"},
                ),
                html.A(
                    "Download it again",
                    id="history-report-file",
                    href="/report.pdf",
                    download="",
                    hidden=True,
                ),
            ],
            id="history-report",
            className="history-note history-note--plain",
            hidden=True,
        )


def _button(element_id: str, icon_name: str, words: str, title: str, **settings: str) -> Element:
    return html.Button(
        [icon(icon_name), html.Span(words, id=f"{element_id}-text")],
        id=element_id,
        type="button",
        title=title,
        className="btn btn-outline-secondary history-bar__button",
        disable_n_clicks=True,
        **settings,
    )
