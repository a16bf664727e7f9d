"""What happened."""

from monitor.core.alert import Alert, Happened, State
from monitor.core.alerts import Alerts
from monitor.core.event import Kind, events
from monitor.core.experiment import ExperimentState
from monitor.core.ledger import LedgerRow
from monitor.core.marker import Marker, Origin
from monitor.core.rule import RULES, Severity
from monitor.core.verdict import Verdict


def row(identity: str, since: int, change: str, percent: float | None = None, seconds: int = 60) -> LedgerRow:
    verdict = Verdict.BETTER if percent else Verdict.NOT_ENOUGH_DATA
    return LedgerRow(identity, since, change, "before", verdict, percent, percent, percent, seconds)


def test_a_change_has_what_came_of_it() -> None:
    """The marker and the ledger's row of it are one event; of several rows the newest."""
    state = ExperimentState(
        markers=(Marker("a", 1000, "batching on", Origin.SWITCH), Marker("b", 2000, "pool 9", Origin.PERSON)),
        ledger=(row("x", 1000, "batching on", 10.0), row("y", 1000, "batching on", 84.0)),
    )
    first, second = events(state, Alerts(), 0, 5000)
    assert (first.text, first.verdict, first.percent) == ("batching on", Verdict.BETTER, 84.0)
    assert (second.text, second.verdict, second.percent) == ("pool 9", None, None)
    assert first.kind is Kind.CHANGE


def test_a_decided_row_is_told_before_a_newer_open_one() -> None:
    """An effect that faded is counted anew; what it was is known."""
    state = ExperimentState(
        markers=(Marker("a", 1000, "batching on", Origin.SWITCH),),
        ledger=(row("x", 1000, "batching on", 84.0), row("y", 1000, "batching on, after its effect faded")),
    )
    [event] = events(state, Alerts(), 0, 5000)
    assert (event.text, event.percent) == ("batching on", 84.0)


def test_a_proof_goes_over_its_time_and_its_steps_are_minor() -> None:
    """They are many, and the proof says what came of all of them."""
    state = ExperimentState(
        markers=(Marker("a", 1500, "batching off", Origin.PROOF),),
        ledger=(row("proof-1000", 1000, "proof: batching on against off", 50.0, seconds=600),),
    )
    proof, step = events(state, Alerts(), 0, 5000)
    assert (proof.at, proof.until, proof.minor) == (1000, 601_000, False)
    assert (step.at, step.minor) == (1500, True)


def test_only_what_touches_the_range_and_was_a_change() -> None:
    """What is compared with nothing noted is the baseline's own aftermath; an earlier run's change counts."""
    state = ExperimentState(
        ledger=(row("x", 3000, ""), row("y", 1000, "of an earlier run"), row("z", 9000, "later"))
    )
    assert [event.text for event in events(state, Alerts(), 1000, 8999)] == ["of an earlier run"]
    assert events(state, Alerts(), 1001, 8999) == []


def test_an_alert_goes_over_the_time_in_which_it_was_open() -> None:
    """One that is open goes on to the end that was asked for; it says what it is of."""
    rule = RULES[0]
    first = Alert.fired(rule, 400.0, 1000, None)
    over = first.after(Happened.RESOLVED, State.RESOLVED, 3000)
    goes_on = Alert.fired(rule, 500.0, 6000, over)
    alerts = Alerts(active=(goes_on,), ended=(over,))
    past, now = events(ExperimentState(), alerts, 0, 9000)
    assert (past.kind, past.at, past.until, past.severity, past.metric) == (
        Kind.ALERT, 1000, 3000, Severity.WARNING, "latency_ms"
    )  # fmt: skip
    assert (now.at, now.until) == (6000, 9000)
    assert events(ExperimentState(), alerts, 3001, 5999) == []
