"""Each metric's interval over time since the change: it narrows as evidence comes in."""

from dash import html

from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.core.verdict import MARGIN_PERCENT, Verdict
from monitor.ui.component import Element, Props
from monitor.ui.components.panel import panel
from monitor.ui.format import change
from monitor.ui.impact_words import COMPARED, WORDS


class CoursePanel:
    """One small chart per metric, its lines drawn by the browser's part. Errors are counts, and have none."""

    def __init__(self) -> None:
        self.id = "panel-course"

    def layout(self) -> Element:
        """Return the charts without data."""
        margin = f"dotted: too small to matter, ±{MARGIN_PERCENT:g} %"
        return panel(
            self.id,
            "95 % interval over time",
            "graph-up",
            [html.Div([self._chart(metric) for metric in COMPARED[:-1]], className="courses")],
            html.Span(
                ["better ↑", html.Span(f" · {margin}", className="courses__margin")], className="panel__aside"
            ),
        )

    def _chart(self, metric: str) -> Element:
        title = METRIC[metric].title
        return html.Figure(
            [
                html.Figcaption(
                    [html.Span(title), html.Span(id=f"{self.id}-{metric}-now", className="course__now")],
                    className="course__title",
                ),
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
            id=f"{self.id}-{metric}",
            className="course",
            **{"data-metric": metric},
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return each chart's newest figure, in the colour of its verdict."""
        impact = snapshot.experiment.impact
        props: Props = {}
        found = {} if impact is None else {one.metric: one for one in impact.metrics}
        for metric in COMPARED[:-1]:
            one = found.get(metric)
            known = one is not None and one.gain is not None and one.verdict is not Verdict.NOT_COMPARABLE
            state = WORDS[one.verdict].state if one is not None and known else "none"
            props |= {
                f"{self.id}-{metric}": {"class": f"course course--{state}"},
                f"{self.id}-{metric}-now": {
                    "text": change(one.gain.percent) if one is not None and one.gain is not None and known else ""
                },
            }
        return props
