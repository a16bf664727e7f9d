"""The next minutes of a metric that the viewer chooses. The browser's part asks /api/v1/forecast and draws."""

from typing import Final

import orjson
from dash import html

from monitor.core.metric import METRIC
from monitor.ui.chart import CHARTS, Chart
from monitor.ui.component import Element

_FIRST: Final = "memory_mb"


class ForecastCard:
    """The last hour and the forecast with its bands, and in words how good it was."""

    def __init__(self) -> None:
        self.id = "history-forecast"

    def layout(self) -> Element:
        """Return the card; any metric of the charts can be chosen."""
        options = [
            html.Option(
                METRIC[metric].title,
                value=metric,
                selected="selected" if metric == _FIRST else None,
                **{"data-axis": _axis(chart)},
            )
            for chart in CHARTS
            for metric in chart.metrics
        ]
        choice = html.Div(
            [
                html.Label("Metric of the forecast", htmlFor=f"{self.id}-metric", className="visually-hidden"),
                html.Select(options, id=f"{self.id}-metric", className="dialog__input history-forecast__choice"),
            ]
        )
        title = html.H2(f"{METRIC[_FIRST].title}, next minutes", id=f"{self.id}-title", className="panel__title")
        return html.Section(
            [
                html.Div([title, choice], className="live-chart__head"),
                html.Div(
                    id=self.id,
                    className="history-plot history-forecast",
                    tabIndex=0,
                    role="img",
                    **{"aria-label": "Forecast"},
                ),
                html.P("Asking …", id=f"{self.id}-words", className="history-forecast__words"),
            ],
            className="card chart-card history-card",
            **{"aria-labelledby": f"{self.id}-title"},
        )


def _axis(chart: Chart) -> str:
    return orjson.dumps({"floor": chart.floor, "least": chart.least, "most": chart.most}).decode()
