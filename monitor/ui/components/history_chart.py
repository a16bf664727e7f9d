"""One chart of the History page: the frame of what the browser's part draws."""

from typing import Final

import orjson
from dash import html

from monitor.core.metric import METRIC, PERCENTILES
from monitor.ui.chart import Chart
from monitor.ui.component import Element

_MEAN: Final = "latency_ms"
"""What stands behind the percentiles: they come from histograms, extremes from each second's mean."""


class HistoryChart:
    """Smallest to largest as a band and the mean as a line, or the percentiles where the chart shows them."""

    def __init__(self, chart: Chart) -> None:
        """Draw what `chart` draws, over any length of time."""
        self._chart = chart
        self.id = chart.id.replace("chart-", "history-")

    @property
    def metric(self) -> str:
        """Return the metric of the band."""
        return _MEAN if self._percentiles else self._chart.metrics[0]

    @property
    def _percentiles(self) -> bool:
        return set(self._chart.metrics) <= set(PERCENTILES)

    def layout(self, words: str = "") -> Element:
        """Return the card; `words` are classes beside its own."""
        heading = f"{self.id}-title"
        chart = self._chart
        settings = {
            "metric": self.metric,
            "title": chart.title,
            "unit": chart.unit,
            "whole": METRIC[self.metric].whole,
            "floor": chart.floor,
            "least": chart.least,
            "most": chart.most,
            "percentiles": dict(zip(chart.metrics, chart.names, strict=True)) if self._percentiles else None,
        }
        return html.Section(
            [
                html.Div(
                    [
                        html.H2(
                            [
                                chart.title,
                                html.Span(chart.unit, id=f"{self.id}-unit", className="live-chart__unit"),
                            ],
                            id=heading,
                            className="panel__title",
                        ),
                        html.P(self._legend(), className="live-chart__legend"),
                    ],
                    className="live-chart__head",
                ),
                html.Div(
                    id=self.id,
                    className="history-plot history-chart",
                    tabIndex=0,
                    role="img",
                    **{
                        "data-chart": orjson.dumps(settings).decode(),
                        "aria-label": f"{chart.title} over the range; the arrow keys read it, plus and minus zoom",
                    },
                ),
            ],
            className=f"card chart-card history-card {words}".strip(),
            **{"aria-labelledby": heading},
        )

    def _legend(self) -> list[Element]:
        before = html.Span(
            [html.Span(className="live-chart__swatch live-chart__swatch--before"), "the period before"],
            id=f"{self.id}-before",
            className="live-chart__entry",
            hidden=True,
        )
        if not self._percentiles:
            return [before, html.Span("drag to zoom", className="history-card__hint")]
        own = [
            html.Span(
                [html.Span(className=f"live-chart__swatch live-chart__swatch--{place}"), name],
                className="live-chart__entry",
            )
            for place, name in enumerate(self._chart.names, start=1)
        ]
        return [html.Span(own, id=f"{self.id}-legend", className="history-card__legend"), before]
