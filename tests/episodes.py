"""Alerts by hand."""

from dataclasses import replace

from monitor.core.alert import Alert, Happened, State
from monitor.core.rule import RULES

RULE = {rule.id: rule for rule in RULES}
AT = 1_700_000_000_000


def fired(rule: str, value: float, at: int = AT) -> Alert:
    """Return one of the package's rules that fired."""
    return Alert.fired(RULE[rule], value, at, None)


def acknowledged(alert: Alert, by: str = "") -> Alert:
    """Return it when somebody has seen it a second later."""
    return alert.after(Happened.ACKNOWLEDGED, State.ACKNOWLEDGED, alert.fired_at + 1000, by)


def resolved(alert: Alert, seconds: float = 60.0) -> Alert:
    """Return it when it has ended."""
    return alert.after(Happened.RESOLVED, State.RESOLVED, alert.fired_at + round(1000 * seconds))


def raised(alert: Alert) -> Alert:
    """Return it when it asks again."""
    return replace(alert, state=State.FIRING).after(Happened.RAISED, State.FIRING, alert.fired_at + 2000)
