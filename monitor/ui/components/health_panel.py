"""Does the target answer, and what it carries."""

from dash import html

from monitor.core.metric import METRIC
from monitor.core.score import PARTS
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.fact import fact, fact_props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.format import NO_DATA, duration, number, share


class HealthPanel:
    """The ring is the share of ticks in which the target answered, nothing else."""

    def __init__(self) -> None:
        self.id = "panel-health"

    def layout(self) -> Element:
        """Return the panel without data."""
        ring = html.Div(
            [
                html.Div(id=f"{self.id}-ring", className="ring__arc", **{"aria-hidden": "true"}),
                html.P(
                    [
                        html.Span(NO_DATA, id=f"{self.id}-uptime", className="ring__figure"),
                        html.Span("uptime", className="ring__word"),
                    ],
                    className="ring__label",
                ),
            ],
            className="ring",
        )
        status = html.P(
            [icon("question-circle", element_id=f"{self.id}-icon"), html.Span(NO_DATA, id=f"{self.id}-word")],
            id=f"{self.id}-status",
            className="status status--none",
        )
        facts = html.Dl(
            [
                fact("Answered", f"{self.id}-answered", "Of the times it was asked since the monitor started"),
                fact("Running for", f"{self.id}-age", "Since the target's own start"),
                fact("Connections", f"{self.id}-active_connections", METRIC["active_connections"].description),
                fact("Error rate", f"{self.id}-error_rate", METRIC["error_rate"].description),
                fact("Optimisation", f"{self.id}-score", METRIC["optimization_score"].description),
            ],
            className="facts",
        )
        body = html.Div([ring, html.Div([status, facts], className="health__facts")], className="health")
        return panel(self.id, "Target health", "heart-pulse", [body], words="panel--health")

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the panel's properties."""
        sample, uptime = snapshot.sample, snapshot.uptime
        percent = uptime.percent
        state, icon_name, word = {
            None: ("none", "question-circle", "not asked"),
            True: ("good", "check-circle-fill", "answers"),
            False: ("critical", "x-octagon-fill", "does not answer"),
        }[sample.answered]
        asked = uptime.expected > 0
        age = None if sample.started_at is None else sample.timestamp / 1000.0 - sample.started_at
        score = snapshot.score
        props: Props = {
            f"{self.id}-ring": {
                "class": f"ring__arc ring__arc--{state}",
                "style": {"--share": f"{percent or 0.0:.2f}%"},
            },
            f"{self.id}-uptime": {"text": share(uptime.answered, uptime.expected)},
            f"{self.id}-status": {"class": f"status status--{state}"},
            f"{self.id}-icon": {"class": f"bi bi-{icon_name}"},
            f"{self.id}-word": {"text": word},
            f"{self.id}-answered": {
                "text": f"{uptime.answered} of {uptime.expected}" if asked else NO_DATA,
                "class": "" if asked else "fact__none",
            },
            f"{self.id}-age": {
                "text": NO_DATA if age is None else duration(age),
                "class": "fact__none" if age is None else "",
            },
            f"{self.id}-score": {
                "text": NO_DATA
                if score is None
                else f"{number(score.value)} / 100 · {len(score.parts)} of {len(PARTS)}",
                "class": "fact__none" if score is None else "",
                "title": ""
                if score is None
                else ", ".join(f"{part} {100 * value:.0f} %" for part, value in score.parts.items()),
            },
        }
        for name in ("active_connections", "error_rate"):
            metric = METRIC[name]
            value = sample.values.get(name)
            props |= fact_props(f"{self.id}-{name}", value, metric.unit, whole=metric.whole)
        return props
