"""How healthy the target is and why, whether it answers, and what it carries."""

from typing import Final

from dash import html

from monitor.core.health_score import HealthScore
from monitor.core.metric import METRIC
from monitor.core.score import PARTS
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.fact import fact, fact_props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.format import NO_DATA, duration, number
from monitor.ui.health_words import UNKNOWN, deductions, health_word, uptime_text

ROWS: Final = 8
"""Deductions that are named; the last may stand for the rest."""


class HealthPanel:
    """The ring is the health score; what it lacks of 100 is listed rule by rule."""

    def __init__(self) -> None:
        self.id = "panel-health"

    def layout(self) -> Element:
        """Return the panel without data. Where the data is old the style sheet says so in the ring."""
        ring = html.Div(
            [
                html.Div(id=f"{self.id}-ring", className="ring__arc", **{"aria-hidden": "true"}),
                html.P(
                    [
                        html.Span(id=f"{self.id}-score-value", className="ring__figure"),
                        html.Span(UNKNOWN.text, id=f"{self.id}-score-word", className="ring__word"),
                        html.Span(UNKNOWN.text, className="ring__old"),
                    ],
                    className="ring__label",
                ),
            ],
            id=f"{self.id}-health",
            className="ring",
        )
        why = html.Details(
            [
                html.Summary(id=f"{self.id}-why"),
                html.Ul([html.Li(id=f"{self.id}-why-{place}", hidden=True) for place in range(ROWS)]),
            ],
            id=f"{self.id}-reasons",
            className="health__why",
        )
        status = html.P(
            [icon("question-circle", element_id=f"{self.id}-icon"), html.Span(NO_DATA, id=f"{self.id}-word")],
            id=f"{self.id}-status",
            className="status status--none",
        )
        facts = html.Dl(
            [
                fact("Uptime", f"{self.id}-uptime", "Answered, of the time in which it was asked since the start"),
                fact("Running for", f"{self.id}-age", "Since the target's own start"),
                fact("Connections", f"{self.id}-active_connections", METRIC["active_connections"].description),
                fact("Error rate", f"{self.id}-error_rate", METRIC["error_rate"].description),
                fact("Optimisation", f"{self.id}-score", METRIC["optimization_score"].description),
            ],
            className="facts",
        )
        body = html.Div([ring, html.Div([status, facts, why], className="health__facts")], className="health")
        return panel(self.id, "Target health", "heart-pulse", [body], words="panel--health")

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the panel's properties."""
        sample, uptime = snapshot.sample, snapshot.uptime
        state, icon_name, word = {
            None: ("none", "question-circle", "not asked"),
            True: ("good", "check-circle-fill", "answers"),
            False: ("critical", "x-octagon-fill", "does not answer"),
        }[sample.answered]
        age = None if sample.started_at is None else sample.timestamp / 1000.0 - sample.started_at
        score = snapshot.score
        props: Props = {
            f"{self.id}-status": {"class": f"status status--{state}"},
            f"{self.id}-icon": {"class": f"bi bi-{icon_name}"},
            f"{self.id}-word": {"text": word},
            f"{self.id}-uptime": {
                "text": uptime_text(uptime, snapshot.interval),
                "class": "" if uptime.expected else "fact__none",
                "title": f"{uptime.answered} of {uptime.expected} answered" if uptime.expected else "",
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
        return props | self._health(snapshot.alerts.health)

    def _health(self, score: HealthScore | None) -> Props:
        """Return the ring, its word, and every deduction."""
        word = health_word(score)
        reasons = [] if score is None else deductions(score, ROWS)
        judged = "" if score is None else f"{len(score.terms)} of {score.of} rules judged, over the last 60 s"
        props: Props = {
            f"{self.id}-ring": {
                "class": f"ring__arc ring__arc--{word.state}",
                "style": {"--share": f"{0.0 if score is None else score.value:.1f}%"},
            },
            f"{self.id}-score-value": {"text": "" if score is None else f"{score.value:.1f}"},
            f"{self.id}-score-word": {"text": word.text, "class": f"ring__word ring__word--{word.state}"},
            f"{self.id}-health": {"title": "\n".join([*reasons, judged]).strip()},
            f"{self.id}-reasons": {"hidden": score is None},
            f"{self.id}-why": {"text": f"What it lacks of 100: {judged}"},
        }
        for place in range(ROWS):
            known = place < len(reasons)
            props[f"{self.id}-why-{place}"] = {"text": reasons[place] if known else "", "hidden": not known}
        return props
