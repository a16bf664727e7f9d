"""The History page: any part of the past. The browser's part asks /api/v1/history/spans and draws."""

from typing import Final

from dash import html

from monitor.ui.chart import CHARTS
from monitor.ui.component import Element
from monitor.ui.components.fact import fact
from monitor.ui.components.forecast_card import ForecastCard
from monitor.ui.components.history_chart import HistoryChart
from monitor.ui.components.history_picker import HistoryPicker
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel

_NUMBERS: Final = (
    ("operations", "Operations", "Completed in the seconds that were measured"),
    ("uptime", "Uptime", "Seconds in which the target answered, of those in which it was asked"),
    ("latency", "Latency p50 / p95 / p99", "Of all operations of the period, from their merged histograms"),
    ("errors", "Errors", "Failed operations of all operations"),
    ("measured", "Measured", "Time for which there are samples"),
)


class HistoryPage:
    """Nothing of it belongs to the patches: the past does not move each second."""

    def __init__(self, *, writable: bool = True) -> None:
        """Advise what to do where something can be done."""
        self.id = "page-history"
        self._writable = writable
        self._first, *self._others = (HistoryChart(chart) for chart in CHARTS)

    def layout(self) -> Element:
        """Return the page without data."""
        picker = HistoryPicker()
        metrics = [*(chart.metric for chart in (self._first, *self._others)), "answered"]
        body = [
            self._first.layout("history-card--first"),
            html.Div([self._bands(), ForecastCard().layout()], className="history-row"),
            html.Div([self._events(), self._numbers()], className="history-row"),
            html.Div([chart.layout() for chart in self._others], className="history-charts"),
        ]
        return html.Div(
            [
                html.H1("History", className="visually-hidden"),
                picker.layout(),
                picker.progress(),
                html.P(
                    [
                        html.Span(id="history-note-text"),
                        html.Button(
                            "Show that part",
                            id="history-note-button",
                            type="button",
                            className="btn btn-outline-secondary btn-small",
                            disable_n_clicks=True,
                            hidden=True,
                        ),
                    ],
                    id="history-note",
                    className="history-note",
                    hidden=True,
                ),
                self._empty(),
                html.Div(body, id="history-body", className="history-body", hidden=True),
            ],
            id=self.id,
            className="page history-page",
            hidden=True,
            **{"data-metrics": ",".join(metrics)},
        )

    @staticmethod
    def _empty() -> Element:
        return html.Section(
            html.Div(
                [
                    icon("clock-history"),
                    html.P("Reading the history …", id="history-empty-title", className="empty__title"),
                    html.P(
                        "Each second that the monitor runs becomes part of the history: every chart of the Live "
                        "page over hours and days, its smallest and largest values kept, beside the changes that "
                        "were made and what came of them.",
                        className="empty__text",
                    ),
                    html.P(id="history-empty-text", className="empty__text"),
                ],
                className="empty empty--page",
            ),
            id="history-empty",
            className="card panel",
        )

    def _bands(self) -> Element:
        advice = ": the target has to expose one" if self._writable else ""
        picture = html.Div(
            id="history-bands",
            className="history-plot history-bands",
            tabIndex=0,
            role="img",
            **{"aria-label": "Share of requests per latency band; the arrow keys read it, plus and minus zoom"},
        )
        none = html.P(
            f"No latency histograms in this range{advice}.",
            id="history-bands-none",
            className="panel__empty",
            hidden=True,
        )
        scale = html.Span(
            ["0 %", html.Span(className="history-bands__scale"), html.Span(id="history-bands-most")],
            className="panel__aside history-bands__legend",
            **{"aria-hidden": "true"},
        )
        title = [
            html.H2(
                [
                    "Latency over time",
                    html.Span("share of requests", id="history-bands-unit", className="live-chart__unit"),
                ],
                id="history-bands-title",
                className="panel__title",
            ),
            scale,
        ]
        return html.Section(
            [html.Div(title, className="live-chart__head"), none, picture],
            className="card chart-card history-card",
            **{"aria-labelledby": "history-bands-title"},
        )

    @staticmethod
    def _numbers() -> Element:
        facts = [fact(title, f"history-number-{name}", description) for name, title, description in _NUMBERS]
        return panel(
            "panel-history-numbers",
            "The period in numbers",
            "table",
            [html.Dl(facts, className="facts"), html.P(id="history-number-before", className="panel__caption")],
        )

    @staticmethod
    def _events() -> Element:
        return panel(
            "panel-history-events",
            "Alerts and changes",
            "flag",
            [html.Div(id="history-events", className="history-plot history-events")],
            html.P(id="history-event", className="panel__aside history-events__told"),
        )
