"""The machine of alerts, step by step."""

import dataclasses

import pytest

from monitor.core.alert import OPEN, Happened, State
from monitor.core.errors import ConflictError
from monitor.core.rule import Condition, Guard, Rule, Severity
from monitor.core.watch import TRANSITIONS, Cause, Moment, Watch, acknowledge, dismiss, end, restored, step

RULE = Rule(
    "r", "R", "latency_ms", Condition.ABOVE, 100.0, Severity.WARNING, for_seconds=2.0, cooldown_seconds=60.0
)
BAD, GOOD, BETWEEN = 120.0, 90.0, 97.0


def moment(second: float, wall: int | None = None) -> Moment:
    return Moment(1000.0 + second, 1_000_000 + round(1000 * second) if wall is None else wall)


class Run:
    """One rule, a value per second."""

    def __init__(self, rule: Rule = RULE) -> None:
        self.rule, self.second = rule, -1.0
        self.watch = Watch.begin(moment(-1.0))

    def values(self, *values: float | None, guard: float | None = None) -> State:
        for value in values:
            self.second += 1.0
            self.watch = step(self.rule, self.watch, value, guard, moment(self.second))
        return self.watch.state

    @property
    def log(self) -> list[str]:
        assert self.watch.alert is not None
        return [occurrence.kind.value for occurrence in self.watch.alert.log]


def test_it_fires_after_for_and_resolves_after_keep_firing() -> None:
    """Between the threshold and the clearing level it goes on."""
    run = Run()
    assert run.values(GOOD) is State.INACTIVE
    assert run.values(BAD, BAD) is State.PENDING
    assert run.values(130.0) is State.FIRING
    assert run.values(*[GOOD] * 10, BETWEEN) is State.FIRING
    assert run.values(*[GOOD] * 10) is State.FIRING
    assert run.values(GOOD) is State.RESOLVED
    alert = run.watch.alert
    assert alert is not None
    assert (alert.id, alert.fired_at, alert.resolved_at) == ("r-1003000", 1_003_000, 1_025_000)
    assert (alert.value, alert.worst) == (GOOD, 130.0)
    assert run.log == ["fired", "resolved"]


def test_a_good_value_ends_what_was_pending() -> None:
    """The threshold itself is good."""
    run = Run()
    assert run.values(BAD, BAD, 100.0) is State.INACTIVE
    assert run.values(BAD, BAD) is State.PENDING


def test_the_cooldown_counts_from_the_last_firing() -> None:
    """Until then it stays pending."""
    run = Run(dataclasses.replace(RULE, keep_firing_seconds=0.0))
    assert run.values(BAD, BAD, BAD, GOOD) is State.RESOLVED
    assert run.values(*[BAD] * 58) is State.PENDING
    assert run.values(BAD) is State.FIRING


def test_a_gap_neither_counts_nor_interrupts() -> None:
    """Two known ends make a second."""
    run = Run()
    assert run.values(BAD, BAD, None, None, None, BAD) is State.PENDING
    assert run.values(BAD) is State.FIRING


def test_missing_data_is_told_once_and_never_resolves() -> None:
    """And so is their return."""
    run = Run()
    run.values(BAD, BAD, BAD, *[None] * 29)
    assert run.log == ["fired"]
    assert run.values(*[float("nan")] * 500) is State.FIRING
    assert run.log == ["fired", "no_data"]
    assert run.watch.alert is not None
    assert run.watch.alert.no_data
    run.values(BAD)
    assert run.log == ["fired", "no_data", "data_again"]
    assert not run.watch.alert.no_data


def test_acknowledged_ones_stop_asking_and_report_their_end() -> None:
    """Twice is once."""
    run = Run()
    run.values(BAD, BAD, BAD)
    run.watch = acknowledge(run.watch, "me", "on it", moment(3))
    assert run.watch.state is State.ACKNOWLEDGED
    assert acknowledge(run.watch, "you", "", moment(4)) is run.watch
    assert run.values(*[GOOD] * 11) is State.RESOLVED
    assert run.log == ["fired", "acknowledged", "resolved"]
    with pytest.raises(ConflictError):
        acknowledge(run.watch, "me", "", moment(20))


def test_a_higher_severity_asks_again() -> None:
    """A lower one does not."""
    run = Run()
    run.values(BAD, BAD, BAD)
    run.watch = acknowledge(run.watch, "me", "", moment(3))
    run.rule = dataclasses.replace(RULE, severity=Severity.INFO)
    assert run.values(BAD) is State.ACKNOWLEDGED
    run.rule = dataclasses.replace(RULE, severity=Severity.CRITICAL)
    assert run.values(None) is State.FIRING
    assert run.log == ["fired", "acknowledged", "raised"]


def test_dismissed_ones_are_silent_until_they_fire_anew() -> None:
    """Acknowledging is not less."""
    run = Run(dataclasses.replace(RULE, cooldown_seconds=0.0))
    run.values(BAD, BAD, BAD)
    run.watch = dismiss(run.watch, "me", "", moment(3))
    assert acknowledge(run.watch, "me", "", moment(3)) is run.watch
    assert run.values(*[BAD] * 100, *[None] * 100) is State.DISMISSED
    assert run.values(*[GOOD] * 12) is State.RESOLVED
    assert run.log == ["fired", "dismissed", "resolved"]
    assert run.values(BAD, BAD, BAD) is State.FIRING
    assert run.log == ["fired"]


def test_a_guard_that_is_not_met_clears_whatever_the_value() -> None:
    """Unknown, it holds."""
    rule = dataclasses.replace(RULE, guard=Guard("throughput_ops_sec", Condition.ABOVE, 0.0))
    run = Run(rule)
    assert run.values(BAD, BAD, BAD, guard=0.0) is State.INACTIVE
    assert run.values(BAD, BAD, BAD, guard=1.0) is State.FIRING
    assert run.values(*[BAD] * 20, guard=None) is State.FIRING
    run.values(300.0, guard=0.0)
    assert run.watch.alert is not None
    assert (run.watch.alert.value, run.watch.alert.worst) == (300.0, BAD)
    assert run.values(*[None] * 10, guard=0.0) is State.RESOLVED


def test_a_restart_goes_on_with_the_alert_and_the_cooldown() -> None:
    """By the wall clock, within what the cooldown can be."""
    run = Run()
    run.values(BAD, BAD, BAD)
    alert = run.watch.alert
    assert alert is not None
    for away, left in ((0, 60.0), (20_000, 40.0), (90_000, 0.0), (-90_000, 60.0)):
        watch = restored(RULE, alert, Moment(5.0, alert.fired_at + away))
        assert (watch.state, watch.quiet_until) == (State.FIRING, 5.0 + left)


def test_a_rule_that_is_gone_ends_its_alert() -> None:
    """It says why."""
    run = Run()
    run.values(BAD, BAD, BAD)
    watch = end(run.watch, moment(3), "the rule was deleted")
    assert watch.alert is not None
    assert (watch.state, watch.alert.state) == (State.RESOLVED, State.RESOLVED)
    assert watch.alert.log[-1].kind is Happened.RESOLVED
    assert watch.alert.log[-1].note == "the rule was deleted"
    assert end(watch, moment(4), "again").alert is watch.alert


@pytest.mark.parametrize("change", [{"metric": "memory_mb"}, {"condition": Condition.BELOW}, {"enabled": False}])
def test_a_rule_that_watches_something_else_ends_its_alert(change: dict[str, object]) -> None:
    """One step touches one alert: the next may fire."""
    run = Run(dataclasses.replace(RULE, for_seconds=0.0, cooldown_seconds=0.0))
    run.values(BAD)
    before = run.watch.alert
    run.rule = dataclasses.replace(run.rule, **change)
    assert run.values(BAD) is State.RESOLVED
    assert run.log == ["fired", "resolved"]
    assert run.watch.alert is not None
    assert before is not None
    assert run.watch.alert.id == before.id
    bad = GOOD if "condition" in change else BAD
    assert run.values(bad) is (State.FIRING if run.rule.enabled else State.RESOLVED)


def test_a_pending_rule_that_watches_something_else_begins_anew() -> None:
    """Seconds of one metric are none of another's."""
    run = Run()
    run.values(BAD, BAD)
    run.rule = dataclasses.replace(RULE, metric="memory_mb")
    assert run.values(BAD, BAD) is State.PENDING
    assert run.values(BAD) is State.FIRING


def test_a_changed_cooldown_counts_at_once() -> None:
    """Nobody waits for the end of the one before."""
    run = Run(dataclasses.replace(RULE, for_seconds=0.0, keep_firing_seconds=0.0))
    assert run.values(BAD, GOOD, BAD) is State.PENDING
    assert run.watch.quiet_until == 1060.0
    run.rule = dataclasses.replace(run.rule, cooldown_seconds=0.0)
    assert run.values(BAD) is State.FIRING


def test_the_table_has_a_way_out_of_each_state_and_answers_for_open_alerts_alone() -> None:
    """What is not in it changes nothing."""
    assert {state for state, _ in TRANSITIONS} == set(State)
    for cause in (Cause.ACKNOWLEDGED, Cause.DISMISSED, Cause.ENDED, Cause.CLEARED):
        assert {state for state, own in TRANSITIONS if own is cause} >= OPEN - {State.DISMISSED}
        assert {state for state, own in TRANSITIONS if own is cause} <= OPEN
