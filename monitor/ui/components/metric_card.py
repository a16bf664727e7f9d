"""One figure of the present: value, trend against the minute before, peak, sparkline."""

from typing import Final

from dash import html

from monitor.core.alerts import Alerts
from monitor.core.histogram import Floats
from monitor.core.metric import METRIC, PERCENTILES, Better, Metric
from monitor.core.rule import Rule
from monitor.core.series import HOLE_INTERVALS
from monitor.core.snapshot import Snapshot
from monitor.core.summary import SPAN_SECONDS, Summary
from monitor.ui import sparkline
from monitor.ui.alert_marks import worst_of
from monitor.ui.alert_words import SEVERITY, waits, wrong
from monitor.ui.component import Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.format import NO_DATA, beside, change, known, quantity
from monitor.ui.impact_words import Word
from monitor.ui.precision import precision

_TREND: Final = "metric-card__trend metric-card__trend--"
_P95: Final = "latency_p95_ms"
_PENDING: Final = Word("pending", "hourglass-split", "none")
_WITHIN: Final = Word("", "dash", "none")


class MetricCard:
    """A card for one metric. Colours follow the metric's direction: a lower latency is drawn as good news."""

    def __init__(self, metric: Metric) -> None:
        """Make the ids for this metric's card."""
        self._metric = metric
        self._whole = metric.whole
        self.id = f"card-{metric.id}"

    def layout(self) -> Element:
        """Return the card without data."""
        heading = f"{self.id}-title"
        return html.Div(
            [
                html.Div(
                    [
                        html.H3(self._metric.title, id=heading, className="metric-card__title"),
                        html.Span(
                            [
                                icon("dash", element_id=f"{self.id}-alert-icon"),
                                html.Span(id=f"{self.id}-alert-word", className="visually-hidden"),
                            ],
                            id=f"{self.id}-alert",
                            className="metric-card__alert",
                            hidden=True,
                        ),
                        html.Span(
                            [
                                html.Span(id=f"{self.id}-peak"),
                                html.Span(
                                    ["at ", html.Span(id=f"{self.id}-peak-time")],
                                    id=f"{self.id}-peak-at",
                                    className="metric-card__peak-time",
                                    hidden=True,
                                ),
                            ],
                            className="metric-card__peak",
                        ),
                    ],
                    className="metric-card__head",
                ),
                html.P(
                    [
                        html.Span(NO_DATA, id=f"{self.id}-value", className="metric-card__value"),
                        html.Span(id=f"{self.id}-unit", className="metric-card__unit"),
                        html.Span(id=f"{self.id}-note", className="metric-card__note"),
                    ],
                    className="metric-card__figure",
                ),
                html.P(
                    [icon("dash", element_id=f"{self.id}-trend-icon"), html.Span(id=f"{self.id}-trend-text")],
                    id=f"{self.id}-trend",
                    className=f"{_TREND}none",
                ),
                html.Div(id=f"{self.id}-spark", className="sparkline", **{"aria-hidden": "true"}),
            ],
            id=self.id,
            className="card metric-card metric-card--no-data",
            role="group",
            title=self._metric.description,
            **{"aria-labelledby": heading},
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the card's properties; `snapshot.recent` gives the sparkline."""
        value = float(snapshot.recent.column(self._metric.id)[-1])
        text, unit = quantity(value, self._metric.unit, whole=self._whole)
        summary = snapshot.summaries[self._metric.id]
        peak = beside(summary.peak, self._metric.unit, unit or self._metric.unit, whole=self._whole)
        has_peak = summary.peak is not None
        props: Props = {
            f"{self.id}-value": {"text": text},
            f"{self.id}-unit": {"text": unit},
            f"{self.id}-note": self._note(snapshot, unit),
            f"{self.id}-peak": {"text": f"peak {peak}" if has_peak else ""},
            f"{self.id}-peak-at": {"hidden": not has_peak},
            f"{self.id}-peak-time": {"time": summary.peak_at},
            f"{self.id}-spark": {"spark": self._spark(snapshot)},
        }
        return props | self._trend(value, summary) | self._edge(snapshot.alerts, has_data=known(value))

    def _edge(self, alerts: Alerts, *, has_data: bool) -> Props:
        """Return what the card's edge says: how bad it is, good within the limits, nothing without a limit."""
        worst = worst_of(alert for alert in alerts.active if self._shows(alert.rule))
        waiting = next((one for one in alerts.pending if self._shows(one.rule)), None)
        limited = alerts.enabled and any(rule.enabled and self._shows(rule) for rule in alerts.rules)
        if worst is not None:
            word = SEVERITY[worst.rule.severity]
            state, title = word.state, f"{worst.rule.name}: {wrong(worst)}"
        elif waiting is not None:
            word = _PENDING
            state, title = word.state, waits(waiting)
        else:
            word = _WITHIN
            state, title = ("good", "Within its limits") if limited and has_data else ("none", "")
        data = "" if has_data else " metric-card--no-data"
        return {
            self.id: {"class": f"card metric-card metric-card--{state}{data}", "title": self._titled(title)},
            f"{self.id}-alert": {"class": f"metric-card__alert alert-sign--{state}", "hidden": not word.text},
            f"{self.id}-alert-icon": {"class": f"bi bi-{word.icon}"},
            f"{self.id}-alert-word": {"text": word.text},
        }

    def _titled(self, status: str) -> str:
        return f"{status}\n{self._metric.description}" if status else self._metric.description

    def _shows(self, rule: Rule) -> bool:
        return ("latency_ms" if rule.metric in PERCENTILES else rule.metric) == self._metric.id

    def _trend(self, value: float, summary: Summary) -> Props:
        """Say where it goes against the minute before, in words, with an icon, and coloured by what is better."""
        percent = summary.change_percent if known(value) else None
        if percent is None:
            return self._trend_props("none", "dash", "no trend yet", "A trend needs two minutes of data")
        if not summary.settled:
            why = f"{change(percent)} against the 60 s before: inside the noise"
            return self._trend_props("flat", "arrow-right", "steady", why)
        rises = percent > 0
        name = "arrow-up-right" if rises else "arrow-down-right"
        why = "mean of the last 60 s against the 60 s before"
        if self._metric.better is Better.NEITHER:
            return self._trend_props("flat", name, change(percent), why)
        good = rises == (self._metric.better is Better.HIGHER)
        word = "better" if good else "worse"
        return self._trend_props(word, name, f"{change(percent)} {word}", why)

    def _trend_props(self, state: str, name: str, text: str, title: str) -> Props:
        return {
            f"{self.id}-trend": {"class": _TREND + state, "title": title},
            f"{self.id}-trend-icon": {"class": f"bi bi-{name}"},
            f"{self.id}-trend-text": {"text": text},
        }

    def _note(self, snapshot: Snapshot, unit: str) -> dict[str, str]:
        """Return what stands small beside the value and its unit, and what limits it."""
        text, title = "", ""
        if self._metric.id == "latency_ms":
            p95 = snapshot.sample.values.get(_P95)
            text = f"p95 {beside(p95, METRIC[_P95].unit, unit)}" if known(p95) else ""
            title = precision(snapshot.sample)[1]
        elif self._metric.id == "cpu_utilization" and snapshot.sample.cpu_of_one_core:
            text = "of one core"
        return {"text": text, "title": title}

    def _spark(self, snapshot: Snapshot) -> str:
        rows = snapshot.recent
        age: Floats = (snapshot.sample.timestamp - rows.timestamp) / 1000.0
        shown = (age >= 0) & (age <= SPAN_SECONDS)  # a clock set back leaves rows of the future behind
        return sparkline.path(
            age[shown], rows.column(self._metric.id)[shown], SPAN_SECONDS, HOLE_INTERVALS * snapshot.interval
        )
