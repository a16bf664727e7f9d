"""Alerts as a person says them: how bad it is and where it stands, with icon and colour, and what is wrong."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from monitor.core.alert import Alert, Happened
from monitor.core.alerts import Pending
from monitor.core.rule import Condition, Rule, Severity
from monitor.core.signal import Signal
from monitor.core.watch import NO_DATA_SECONDS
from monitor.ui.format import MINUS, NO_DATA, duration, with_unit
from monitor.ui.impact_words import Word

SEVERITY: Final[Mapping[Severity, Word]] = MappingProxyType(
    {
        Severity.INFO: Word("info", "info-circle-fill", "info"),
        Severity.WARNING: Word("warning", "exclamation-triangle-fill", "warning"),
        Severity.CRITICAL: Word("critical", "exclamation-octagon-fill", "critical"),
    }
)
"""How bad it is; `state` is what follows `alert-sign--` in its class."""

_ALIKE: Final = ".3g"


def value(rule: Rule, known: float) -> str:
    """Return a value with its unit, with more than three digits where it takes them to tell it from the limit."""
    subject = rule.subject
    if isinstance(subject, Signal) and known in subject.words:
        return subject.words[known]
    if format(known, _ALIKE) == format(rule.threshold, _ALIKE):
        return _minus(rule.figure(known))
    return with_unit(known, subject.unit, whole=subject.whole)


def limit(rule: Rule) -> str:
    """Return which values are bad, as the rule has it: "> 150 ms", "is worse"."""
    return _minus(rule.limit)


def bound(rule: Rule) -> str:
    """Return the threshold without its sign: "150 ms"; "worse" where it is a word."""
    return limit(rule).split(" ", 1)[1]


def breach(rule: Rule, known: float) -> str:
    """Return a bad value beside the limit: "162 ms > 150 ms"; "Verdict is worse" where only one value is bad."""
    if rule.condition is Condition.EQUAL:
        return f"{rule.subject.title} {limit(rule)}"
    return f"{value(rule, known)} {limit(rule)}"


def wrong(alert: Alert) -> str:
    """Return what is, or was, wrong: "162 ms > 150 ms", "140 ms, was 162 ms > 150 ms"."""
    rule = alert.rule
    worst = breach(rule, alert.worst) if rule.breached(alert.worst) else value(rule, alert.worst)
    if alert.no_data:
        return f"{NO_DATA}, was {worst}"
    if alert.resolved_at is not None:
        return worst
    if rule.breached(alert.value):
        return breach(rule, alert.value)
    if rule.condition is Condition.EQUAL:
        return f"{value(rule, alert.value)}, was {value(rule, alert.worst)}"
    return f"{value(rule, alert.value)}, was {worst}"


def waits(one: Pending) -> str:
    """Return why bad values are no alert yet: "High Latency, bad for 3 s: fires after 5 s"."""
    bad = f"{one.rule.name}, bad for {duration(one.held)}"
    if one.quiet > 0.0 and one.held >= one.rule.for_seconds:
        return f"{bad}: held back for {duration(one.quiet)} by its cooldown"
    return f"{bad}: fires after {duration(one.rule.for_seconds)}"


def silent_since(alert: Alert) -> int | None:
    """Return since when (epoch ms) there is no data, None while there is."""
    if not alert.no_data:
        return None
    told = next(one.at for one in reversed(alert.log) if one.kind is Happened.NO_DATA)
    return told - round(1000 * NO_DATA_SECONDS)


def open_for(alert: Alert) -> str | None:
    """Return how long it lasted, None while it goes on."""
    return None if alert.resolved_at is None else duration((alert.resolved_at - alert.fired_at) / 1000.0)


def seen_by(alert: Alert) -> str:
    """Return that somebody has seen it, without when: "acknowledged by Ann"; empty where nobody has."""
    by = alert.acknowledged_by
    if by is None:
        return ""
    return f"acknowledged by {by}" if by else "acknowledged"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
