"""Each metric's interval over time since the change: it narrows as evidence comes in."""

from dash import html

from monitor.core.metric import METRIC
from monitor.core.verdict import MARGIN_PERCENT
from monitor.ui.component import Element
from monitor.ui.components.panel import panel
from monitor.ui.impact_words import COMPARED


class CoursePanel:
    """One small chart per metric, drawn by the browser's part. Errors are counts, and have none."""

    def __init__(self) -> None:
        self.id = "panel-course"

    def layout(self) -> Element:
        """Return the charts without data."""
        margin = f"dotted: too small to matter, ±{MARGIN_PERCENT:g} %"
        return panel(
            self.id,
            "95 % interval over time",
            "graph-up",
            [html.Div([_chart(metric) for metric in COMPARED[:-1]], className="courses")],
            html.Span(
                ["better ↑", html.Span(f" · {margin}", className="courses__margin")], className="panel__aside"
            ),
        )


def _chart(metric: str) -> Element:
    title = METRIC[metric].title
    return html.Figure(
        [
            html.Figcaption(title, className="course__title"),
            html.P("no comparable interval yet", className="course__empty"),
            html.Div(
                [
                    html.Span(className="course__high"),
                    html.Span("0 %", className="course__zero-label"),
                    html.Span(className="course__low"),
                ],
                className="course__plot",
                role="img",
                hidden=True,
                **{"aria-label": f"{title}: its interval over time; the table above has the newest"},
            ),
            html.P(
                [html.Span(className="course__begin"), html.Span(className="course__end")],
                className="course__axis",
                **{"aria-hidden": "true"},
            ),
        ],
        className="course",
        **{"data-metric": metric},
    )
