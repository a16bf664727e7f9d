"""What happened at a moment of the past, or over a part of it, beside what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.alert import Alert
from monitor.core.alerts import Alerts
from monitor.core.experiment import ExperimentState
from monitor.core.ledger import LedgerRow
from monitor.core.marker import Origin
from monitor.core.rule import Severity
from monitor.core.verdict import DECIDED, Verdict


class Kind(StrEnum):
    """What it was."""

    CHANGE = "change"
    BASELINE = "baseline"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Event:
    """From `at` to `until` (epoch ms), the same for a moment; `text` is what people or the target call it.

    `minor` ones are steps of a proof, of which the proof itself tells more. A change that was compared has a
    `verdict`, and the overall figure in percent where there was one. An alert has a `severity`, and the
    `metric` of its rule.
    """

    kind: Kind
    at: int
    until: int
    text: str
    minor: bool = False
    verdict: Verdict | None = None
    percent: float | None = None
    severity: Severity | None = None
    metric: str | None = None


def events(state: ExperimentState, alerts: Alerts, start: int, end: int) -> list[Event]:
    """Return what touches start..end (epoch ms), oldest first; an alert that is open goes on to `end`."""
    happened = [*_all(state), *(_alert(alert, end) for alert in (*alerts.active, *alerts.ended))]
    found = [event for event in happened if event.at <= end and event.until >= start]
    return sorted(found, key=lambda event: (event.at, event.until, event.kind))


def _all(state: ExperimentState) -> Iterator[Event]:
    compared = _newest(state.compared)
    for marker in state.markers:
        row = compared.pop(marker.at, None)
        yield Event(
            Kind.CHANGE,
            marker.at,
            marker.at,
            marker.text if row is None else row.change,
            minor=marker.origin is Origin.PROOF,
            verdict=None if row is None else row.verdict,
            percent=None if row is None else row.percent,
        )
    for row in compared.values():
        # Without a change it is what came after the baseline, which is an event of its own.
        if row.change:
            yield _compared(row)
    for baseline in state.baselines:
        yield Event(Kind.BASELINE, baseline.start, baseline.end, baseline.name)


def _alert(alert: Alert, end: int) -> Event:
    until = max(alert.fired_at, end) if alert.resolved_at is None else alert.resolved_at
    rule = alert.rule
    return Event(Kind.ALERT, alert.fired_at, until, alert.message, severity=rule.severity, metric=rule.metric)


def _newest(rows: tuple[LedgerRow, ...]) -> dict[int, LedgerRow]:
    """Return the newest row of each change by its moment, the newest that was decided where there is one."""
    found: dict[int, LedgerRow] = {}
    for row in rows:
        known = found.get(row.since)
        if known is None or row.verdict in DECIDED or known.verdict not in DECIDED:
            found[row.since] = row
    return found


def _compared(row: LedgerRow) -> Event:
    until = row.since + 1000 * row.seconds if row.proof else row.since
    return Event(Kind.CHANGE, row.since, until, row.change, verdict=row.verdict, percent=row.percent)
