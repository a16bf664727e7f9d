"""What the browser does with the alerts beside showing them: count, tell what is new, and mark the charts."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from monitor.core.alert import Alert, Happened
from monitor.core.alerts import Alerts
from monitor.core.rule import Rule
from monitor.ui.alert_words import SEVERITY, breach, limit
from monitor.ui.chart import CHARTS, Chart
from monitor.ui.format import MINUS

MOST: Final = 50
"""Active alerts that are named, the most urgent first; all of them are counted."""
SPANS: Final = 40
"""Alerts that are marked on a chart, the newest."""
LINES: Final = 10
"""Limits that are drawn on a chart."""
_ENDED: Final = 20
_NAMED: Final = 5
_CHART: Final[Mapping[str, Chart]] = {
    metric: chart
    for chart in CHARTS
    for metric in (*chart.metrics, *((chart.compared,) if chart.compared else ()))
}
"""The chart on which a metric is drawn, or a percentile of it."""


def marks(alerts: Alerts) -> dict[str, Any]:
    """Return it as assets/news.js, navigation.js and overlays.js take it."""
    bad = [*(alert.rule for alert in alerts.asking), *alerts.held_back]
    worst = max((rule.severity for rule in bad), key=lambda one: one.rank, default=None)
    return {
        "asking": len(bad),
        "worst": None if worst is None else worst.value,
        "active": [_news(alert) for alert in alerts.active[:MOST]],
        "over": [
            alert.id for alert in alerts.ended[:_ENDED] if alert.resolved_at is not None and not alert.silent
        ],
        "limits": {chart.id: lines for chart in CHARTS if (lines := _lines(limiting(alerts, chart), chart))},
        "spans": _spans((*alerts.active, *alerts.ended)),
    }


def basis(alerts: Alerts) -> tuple[object, ...]:
    """Return what the marks depend on: not the values, which change each second."""
    return (
        alerts.rules,
        alerts.enabled,
        [(alert.rule, alert.log) for alert in alerts.active],
        alerts.ended,
        alerts.held_back,
    )


def limiting(alerts: Alerts, chart: Chart) -> list[Rule]:
    """Return the rules whose limits belong on a chart."""
    if not alerts.enabled:
        return []
    return [rule for rule in alerts.rules if rule.enabled and _CHART.get(rule.metric) is chart]


def limit_note(rules: Iterable[Rule]) -> tuple[str, str]:
    """Return a chart's limits for its head, "limit 150 ms", and which rules they are of."""
    named = list(rules)
    values = list(dict.fromkeys(_threshold(rule) for rule in named))
    if not values:
        return "", ""
    title = "; ".join(f"{rule.name}: {limit(rule)}" for rule in named[:_NAMED])
    if len(named) > _NAMED:
        title += f"; and {len(named) - _NAMED} more"
    if len(values) > 2:
        return f"{len(values)} limits", title
    unit = named[0].subject.unit
    text = f"limit{'s' if len(values) > 1 else ''} {', '.join(values)}"
    return f"{text} {unit}" if unit else text, title


def _news(alert: Alert) -> dict[str, Any]:
    asked = max(place for place, one in enumerate(alert.log) if one.kind in {Happened.FIRED, Happened.RAISED})
    value = alert.log[asked].value
    return {
        "id": alert.id,
        "key": f"{alert.id}:{asked}",
        "name": alert.rule.name,
        "severity": alert.rule.severity.value,
        "asks": alert.asks,
        "text": limit(alert.rule) if value is None else breach(alert.rule, value),
    }


def _spans(alerts: Iterable[Alert]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[Alert]] = {}
    for alert in alerts:
        chart = _CHART.get(alert.rule.metric)
        if chart is not None:
            found.setdefault(chart.id, []).append(alert)
    return {
        chart: [_span(alert) for alert in sorted(group, key=lambda alert: alert.fired_at)[-SPANS:]]
        for chart, group in found.items()
    }


def _span(alert: Alert) -> dict[str, Any]:
    return {
        "from": alert.fired_at,
        "to": alert.resolved_at,
        "severity": alert.rule.severity.value,
        "text": f"{alert.rule.name} ({SEVERITY[alert.rule.severity].text})",
    }


def _lines(rules: Iterable[Rule], chart: Chart) -> list[dict[str, Any]]:
    texts = {rule.threshold: _label(rule, chart) for rule in rules}
    return [{"value": value, "text": text} for value, text in list(texts.items())[:LINES]]


def _label(rule: Rule, chart: Chart) -> str:
    """Return what stands at the limit's line; among percentiles it says when it is one of the mean."""
    return f"limit {_threshold(rule)}{'' if rule.metric in chart.metrics else ' of the mean'}"


def _threshold(rule: Rule) -> str:
    return f"{rule.threshold:.15g}".replace("-", MINUS)


def worst_of(alerts: Iterable[Alert]) -> Alert | None:
    """Return the most severe, of these the newest."""
    return max(alerts, key=lambda alert: (alert.rule.severity.rank, alert.fired_at), default=None)
