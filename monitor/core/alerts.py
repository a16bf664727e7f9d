"""What is wrong now, what was, and by which rules: all of a target's alerts at one instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.core.alert import Alert
from monitor.core.health_score import HealthScore
from monitor.core.rounding import rounded
from monitor.core.rule import Rule, Severity


@dataclass(frozen=True, slots=True)
class Pending:
    """A rule whose value is bad, but not for long enough yet, or too soon after its last alert.

    `held` is for how many seconds it has been bad, `quiet` how many its cooldown still lasts.
    """

    rule: Rule
    held: float
    quiet: float

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "rule_id": self.rule.id,
            "name": self.rule.name,
            "held_secs": rounded(self.held),
            "for_secs": self.rule.for_seconds,
            "quiet_secs": rounded(self.quiet),
        }


@dataclass(frozen=True, slots=True)
class Alerts:
    """`active` are the most severe first, of these the newest; `ended` the newest first, dismissed ones too.

    `health` is None where no rule can be judged. `enabled` is False where the settings turn alerts off.
    """

    rules: tuple[Rule, ...] = ()
    active: tuple[Alert, ...] = ()
    pending: tuple[Pending, ...] = ()
    ended: tuple[Alert, ...] = ()
    health: HealthScore | None = None
    enabled: bool = True

    @property
    def asking(self) -> tuple[Alert, ...]:
        """Return those that nobody has seen yet; what is only information calls nobody."""
        return tuple(alert for alert in self.active if alert.asks and alert.rule.severity is not Severity.INFO)

    @property
    def held_back(self) -> tuple[Rule, ...]:
        """Return the rules that would fire but for their cooldown: what is bad is not hidden by it."""
        return tuple(
            one.rule
            for one in self.pending
            if one.quiet > 0.0 and one.held >= one.rule.for_seconds and one.rule.severity is not Severity.INFO
        )

    @property
    def critical(self) -> bool:
        """Tell whether one of the active is critical."""
        return any(alert.rule.severity is Severity.CRITICAL for alert in self.active)


def by_urgency(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return them in the order in which they want to be looked at."""
    return tuple(sorted(alerts, key=lambda alert: (-alert.rule.severity.rank, -alert.fired_at, alert.id)))


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a rule fired: `count` alerts that were open for `seconds` together, `longest` the longest."""

    rule: Rule
    count: int
    seconds: float
    longest: float


def frequencies(alerts: Iterable[Alert], start: int, end: int) -> list[Frequency]:
    """Return, of the alerts that were open within start..end (epoch ms), each rule's, the most frequent first.

    Only the part of an alert within start..end counts for its time; one that is open still goes on to `end`.
    """
    found: dict[str, list[tuple[Rule, float]]] = {}
    for alert in alerts:
        until = min(end, end if alert.resolved_at is None else alert.resolved_at)
        since = max(start, alert.fired_at)
        if since <= until:
            found.setdefault(alert.rule.id, []).append((alert.rule, (until - since) / 1000.0))
    made = [
        Frequency(parts[0][0], len(parts), sum(open_for for _, open_for in parts), max(one for _, one in parts))
        for parts in found.values()
    ]
    return sorted(made, key=lambda one: (-one.count, -one.seconds, one.rule.id))


def latest(alerts: Iterable[Alert]) -> Mapping[str, Alert]:
    """Return each rule's newest alert by the rule's id."""
    return {alert.rule.id: alert for alert in sorted(alerts, key=lambda alert: alert.fired_at)}
