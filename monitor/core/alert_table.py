"""The alerts of a period as a paper tells them: how bad, for how long, and how much of that nobody watched."""

from typing import Final

import numpy as np

from monitor.core.alert import Alert
from monitor.core.alerts import Alerts
from monitor.core.gaps import measured
from monitor.core.spans import Spans
from monitor.core.table import Table, lasted, moment

MOST_ALERTS: Final = 40
"""Alerts that a paper names."""
_HEAD: Final = ("When", "Alert", "Severity", "Worst", "Lasted", "Seen by")


def alert_table(alerts: Alerts, spans: Spans, interval_ms: float) -> Table:
    """Return the alerts that were open within `spans`, oldest first, at most MOST_ALERTS of them."""
    start, end = int(spans.edges[0]), int(spans.edges[-1])
    known = sorted((*alerts.active, *alerts.ended), key=lambda alert: alert.fired_at)
    found = [
        alert
        for alert in known
        if alert.fired_at < end and (alert.resolved_at is None or alert.resolved_at >= start)
    ]
    rows = tuple(
        (
            moment(alert.fired_at),
            alert.rule.name,
            alert.rule.severity.value,
            _worst(alert),
            _open_for(alert, spans, interval_ms),
            _seen(alert),
        )
        for alert in found[-MOST_ALERTS:]
    )
    title = "Alerts" if len(found) <= MOST_ALERTS else f"Alerts: the newest {MOST_ALERTS} of {len(found)}"
    empty = "No alert was open in this period." if alerts.enabled else "Alerts are turned off."
    return Table(title, _HEAD, rows, empty)


def _worst(alert: Alert) -> str:
    worst, limit = alert.rule.figure(alert.worst), alert.rule.limit
    return worst if limit == f"is {worst}" else f"{worst} ({limit})"


def _open_for(alert: Alert, spans: Spans, interval_ms: float) -> str:
    unwatched = _unwatched(alert, spans, interval_ms)
    told = f", not watched for {lasted(round(unwatched))}" if unwatched >= interval_ms else ""
    return f"{'still open' if alert.resolved_at is None else lasted(alert.resolved_at - alert.fired_at)}{told}"


def _unwatched(alert: Alert, spans: Spans, interval_ms: float) -> float:
    """Return for how long (ms) of the alert, as far as it lies within `spans`, nothing was measured."""
    count = np.max([figures.count for figures in spans.figures.values()], axis=0)
    edges = spans.edges
    length = np.diff(edges)
    missing = np.where(measured(count, edges, interval_ms), 0.0, np.maximum(0.0, length - interval_ms * count))
    end = edges[-1] if alert.resolved_at is None else alert.resolved_at
    common = np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], alert.fired_at), 0, None)
    return float((missing * common / length).sum())


def _seen(alert: Alert) -> str:
    seen = alert.acknowledgement
    words = "nobody" if seen is None else seen.by or "somebody"
    return f"{words}: {alert.note}" if alert.note else words
