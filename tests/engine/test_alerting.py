"""The rules over a target's samples: what is kept, what people do, what outlives the process."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest

from builders import monitor, sample
from fakes import ManualClock, Notebook
from monitor.core.alert import Happened, State
from monitor.core.alerts import Alerts
from monitor.core.entry import Entry, Kind
from monitor.core.errors import ConflictError, InvalidInputError, UnknownError
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.notice import Notice
from monitor.core.rule import RULES, Condition, Origin, Rule, Severity
from monitor.core.snapshot import Ticks
from monitor.core.verdict import Verdict
from monitor.engine.alerting import ENDED_KEPT, Alerting

SLOW = {"latency_ms": 400.0, "throughput_ops_sec": 900.0, "memory_mb": 50.0}
FAST = SLOW | {"latency_ms": 20.0}
QUICK: dict[str, Any] = {
    "id": "quick",
    "name": "Quick",
    "metric": "latency_ms",
    "condition": "above",
    "threshold": 100,
    "severity": "warning",
    "for_secs": 0,
    "keep_firing_secs": 0,
    "cooldown_secs": 0,
}


class Watching:
    """A Monitor whose seconds pass when told."""

    def __init__(
        self, entries: Notebook | None = None, clock: ManualClock | None = None, rules: Sequence[Rule] = ()
    ) -> None:
        self.clock = clock or ManualClock()
        self.entries = entries or Notebook()
        self.told: list[Notice] = []
        self.alerting = Alerting("hub", self.entries, self.clock, 1.0, rules=rules, announce=self._announce)
        self.alerting.start()
        self.monitor = monitor(self.clock, alerting=self.alerting)

    def _announce(self, notices: Sequence[Notice]) -> Iterable[Entry]:
        self.told += notices
        return [Entry(Kind.NOTICE, notice.key, notice.at, notice.document()) for notice in notices]

    def run(self, seconds: int, values: dict[str, float]) -> Alerts:
        for _ in range(seconds):
            self.clock.advance(1.0)
            self.monitor.observe(sample(values, clock=self.clock), Ticks(1, 0, 0))
        snapshot = self.monitor.snapshot
        assert snapshot is not None
        return snapshot.alerts

    def restarted(self, rules: Sequence[Rule] = ()) -> "Watching":
        return Watching(self.entries, self.clock, rules)


@pytest.fixture
def watching() -> Watching:
    return Watching()


def test_a_rule_of_the_package_fires_after_five_bad_seconds_and_once(watching: Watching) -> None:
    """It is kept and told in the same breath; what only changes its value writes nothing."""
    assert watching.run(5, SLOW).active == ()
    [alert] = watching.run(1, SLOW).active
    assert (alert.rule.id, alert.state, alert.value) == ("high-latency", State.FIRING, 400.0)
    kinds = [entry.kind for entry in watching.entries.entries]
    assert kinds == [Kind.ALERT, Kind.NOTICE]
    watching.run(60, SLOW | {"latency_ms": 410.0})
    assert len(watching.entries.entries) == 2
    assert [notice.key for notice in watching.told] == [f"{alert.id}:0"]


def test_its_end_is_told_and_it_is_listed_among_the_ended(watching: Watching) -> None:
    """Ten good seconds end it."""
    watching.run(6, SLOW)
    state = watching.run(11, FAST)
    assert state.active == ()
    [ended] = state.ended
    assert (ended.state, [notice.kind for notice in watching.told]) == (
        State.RESOLVED,
        [Happened.FIRED, Happened.RESOLVED],
    )


@pytest.mark.parametrize(("answer", "state"), [("acknowledge", State.ACKNOWLEDGED), ("dismiss", State.DISMISSED)])
def test_who_answers_is_noted_once_and_outlives_the_process(watching: Watching, answer: str, state: State) -> None:
    """A second answer changes nothing; after a restart the alert is as it was left."""
    [alert] = watching.run(6, SLOW).active
    do = getattr(watching.alerting, answer)
    first = do(alert.id, "ada", "looking into it")
    kept = len(watching.entries.entries)
    assert do(alert.id, "bob", "me too") == first
    assert len(watching.entries.entries) == kept
    assert first.state is state
    assert [(one.by, one.note) for one in first.log[1:]] == [("ada", "looking into it")]
    after = watching.restarted()
    known = after.alerting.state
    assert (*known.active, *known.ended) == (first,)
    after.run(6, SLOW)
    known = after.alerting.state
    assert [(one.id, one.state) for one in (*known.active, *known.ended)] == [(alert.id, state)]
    assert after.told == []


def test_the_end_of_a_dismissed_one_is_not_told_and_it_fires_anew(watching: Watching) -> None:
    """After its cooldown."""
    [alert] = watching.run(6, SLOW).active
    assert watching.alerting.dismiss(alert.id, "", "").silent
    assert watching.alerting.state.active == ()
    watching.run(1, SLOW | {"latency_ms": 444.0})
    assert [one.value for one in watching.alerting.state.ended] == [444.0]
    watching.run(11, FAST)
    watching.run(279, SLOW)
    assert [notice.kind for notice in watching.told] == [Happened.FIRED]
    [again] = watching.run(10, SLOW).active
    assert again.id != alert.id
    assert [notice.kind for notice in watching.told] == [Happened.FIRED, Happened.FIRED]


def test_unknown_and_over(watching: Watching) -> None:
    """Each is said."""
    with pytest.raises(UnknownError, match="no alert has this id"):
        watching.alerting.acknowledge("high-latency-1", "", "")
    [alert] = watching.run(6, SLOW).active
    watching.run(11, FAST)
    with pytest.raises(ConflictError, match="the alert is over"):
        watching.alerting.acknowledge(alert.id, "", "")
    watching.run(310, SLOW)
    with pytest.raises(ConflictError, match="the alert is over"):
        watching.alerting.dismiss(alert.id, "", "")


def test_a_silent_target_is_told_after_thirty_seconds_and_ends_nothing(watching: Watching) -> None:
    """The alert says itself that it has no data."""
    [alert] = watching.run(6, SLOW).active
    state = watching.run(31, {})
    assert {one.rule.id for one in state.active} == {"high-latency", "data-missing"}
    assert {one.id: one.no_data for one in state.active}[alert.id]
    assert [notice.kind for notice in watching.told] == [Happened.FIRED, Happened.NO_DATA, Happened.FIRED]
    state = watching.run(11, SLOW)
    assert [(one.rule.id, one.no_data) for one in state.active] == [("high-latency", False)]


def test_a_rule_is_added_changed_and_deleted_across_restarts(watching: Watching) -> None:
    """Its alert goes on when it is changed, and ends when it is deleted."""
    alerting = watching.alerting
    assert alerting.add(QUICK).origin is Origin.USER
    with pytest.raises(ConflictError, match="there is a rule of the id quick"):
        alerting.add(QUICK)
    [alert] = watching.run(1, SLOW).active
    assert alert.rule.id == "quick"
    alerting.acknowledge(alert.id, "ada", "")
    alerting.replace("quick", QUICK | {"severity": "critical", "threshold": 200})
    [raised] = watching.run(1, SLOW).active
    assert (raised.id, raised.state, raised.rule.severity) == (alert.id, State.FIRING, Severity.CRITICAL)
    after = watching.restarted()
    assert [rule.threshold for rule in after.alerting.state.rules if rule.id == "quick"] == [200.0]
    [same] = after.run(1, SLOW).active
    assert same.id == alert.id
    assert after.alerting.remove("quick") is None
    state = after.alerting.state
    assert (state.active, [one.log[-1].note for one in state.ended]) == ((), ["the rule was deleted"])
    assert all(rule.id != "quick" for rule in watching.restarted().alerting.state.rules)
    with pytest.raises(UnknownError):
        after.alerting.remove("quick")


def test_a_rule_of_the_package_is_changed_and_taken_back_but_not_deleted(watching: Watching) -> None:
    """An id does not change."""
    alerting = watching.alerting
    packaged = RULES[0].document()
    with pytest.raises(ConflictError, match="disable it instead"):
        alerting.remove("high-latency")
    changed = alerting.replace("high-latency", packaged | {"threshold": 999})
    assert (changed.threshold, changed.origin) == (999.0, Origin.PACKAGE)
    assert watching.restarted().alerting.state.rules[0] == changed
    with pytest.raises(InvalidInputError, match="id: must be high-latency"):
        alerting.replace("high-latency", packaged | {"id": "other"})
    assert alerting.remove("high-latency") == RULES[0]
    assert watching.restarted().alerting.state.rules[0] == RULES[0]


def test_rules_of_the_file_are_the_files(watching: Watching) -> None:
    """They go before what was kept, and are changed there alone."""
    watching.alerting.replace("high-latency", RULES[0].document() | {"threshold": 999})
    mine = Rule("high-latency", "Mine", "latency_ms", Condition.ABOVE, 10.0, Severity.INFO, origin=Origin.FILE)
    after = watching.restarted([mine])
    assert after.alerting.state.rules[0] == mine
    for change in (after.alerting.remove, lambda name: after.alerting.replace(name, RULES[0].document())):
        with pytest.raises(ConflictError, match=r"monitor\.toml"):
            change("high-latency")


def test_a_rule_that_is_gone_after_a_restart_ends_its_alert(watching: Watching) -> None:
    """It was in the file, and is no more."""
    mine = Rule.read(QUICK, Origin.FILE)
    before = Watching(watching.entries, watching.clock, [mine])
    [alert] = before.run(1, SLOW).active
    after = before.restarted()
    [ended] = after.alerting.state.ended
    assert (ended.id, ended.state, ended.log[-1].note) == (alert.id, State.RESOLVED, "the rule is gone")


def test_alerts_of_another_target_are_left_alone(watching: Watching) -> None:
    """One data directory may have seen several."""
    watching.run(6, SLOW)
    other = Alerting("other", watching.entries, watching.clock, 1.0)
    other.start()
    assert (other.state.active, other.state.ended) == ((), ())


def test_what_cannot_be_read_is_left_out(watching: Watching) -> None:
    """Another version of the program wrote it."""
    watching.entries.keep(
        [
            Entry(Kind.RULE, "x", 1, {"shape": "new"}),
            Entry(Kind.ALERT, "y", 1, {"target": "hub", "shape": "new"}),
        ]
    )
    assert watching.restarted().alerting.state.rules == RULES


def test_the_oldest_alerts_are_forgotten(watching: Watching) -> None:
    """In the store, too; the newest are known."""
    watching.alerting.add(QUICK)
    for _ in range(ENDED_KEPT + 20):
        watching.run(1, SLOW)
        state = watching.run(1, FAST)
    assert len(state.ended) == ENDED_KEPT
    assert len(watching.entries.read(Kind.ALERT)) == ENDED_KEPT
    assert watching.alerting.forgets


def test_without_alerting_nothing_is_raised() -> None:
    """Rules are known all the same."""
    off = Alerting("hub", Notebook(), ManualClock(), 1.0, enabled=False)
    off.start()
    clock = ManualClock()
    made = monitor(clock, alerting=off)
    for _ in range(10):
        clock.advance(1.0)
        made.observe(sample(SLOW, clock=clock), Ticks(1, 0, 0))
    assert (off.state.active, off.state.enabled, off.state.rules) == ((), False, RULES)


def test_without_alerting_what_was_open_is_left_to_a_run_that_has_it(watching: Watching) -> None:
    """It is not shown as if it went on, and nobody is told, not even where its rule is gone."""
    watching.alerting.add(QUICK)
    watching.run(2, SLOW)
    watching.entries.keep([Entry(Kind.RULE, "quick", 1, None)])
    kept = list(watching.entries.entries)
    told: list[Notice] = []
    off = Alerting(
        "hub",
        watching.entries,
        watching.clock,
        1.0,
        announce=lambda notices: told.extend(notices) or (),
        enabled=False,
    )
    off.start()
    assert (off.state.active, off.state.ended, told, watching.entries.entries) == ((), (), [], kept)
    assert watching.restarted().told[-1].kind is Happened.RESOLVED


def test_an_answer_outlives_the_process_though_the_log_of_its_alert_is_full(watching: Watching) -> None:
    """Each rise in severity has it ask again."""
    watching.alerting.add(QUICK)
    [alert] = watching.run(1, SLOW).active
    for severity in ["warning", "critical"] * 30:
        watching.alerting.acknowledge(alert.id, "ada", "")
        watching.alerting.replace("quick", QUICK | {"severity": severity})
        watching.run(1, FAST | {"latency_ms": 120.0})
    last = watching.alerting.acknowledge(alert.id, "bob", "")
    assert last.state is State.ACKNOWLEDGED
    assert watching.restarted().alerting.state.active == (last,)


def test_a_rule_that_is_made_anew_goes_on_after_its_last_alert(watching: Watching) -> None:
    """Though the clock was set back meanwhile: a restart takes the alert for the newest, which it is."""
    watching.alerting.add(QUICK)
    watching.run(1, SLOW)
    watching.alerting.remove("quick")
    watching.clock.epoch -= 3600.0
    watching.alerting.add(QUICK)
    [alert] = watching.run(1, SLOW).active
    assert watching.restarted().alerting.state.active == (alert,)


def test_health_follows_the_rules(watching: Watching) -> None:
    """Unknown before the first sample; halved by a critical alert."""
    assert watching.alerting.state.health is None
    good = {
        "latency_ms": 20.0,
        "throughput_ops_sec": 900.0,
        "memory_mb": 10.0,
        "cpu_utilization": 5.0,
        "error_rate": 0.0,
    }
    health = watching.run(3, good).health
    assert health is not None
    assert (health.value, len(health.terms)) == (100.0, 5)
    health = watching.run(6, good | {"error_rate": 30.0}).health
    assert health is not None
    assert health.value <= 50.0


def test_a_time_in_which_nobody_looked_counts_for_nothing(watching: Watching) -> None:
    """The process was stopped for an hour between two bad samples."""
    watching.run(2, SLOW)
    watching.clock.advance(3600.0)
    assert watching.run(4, SLOW).active == ()
    assert len(watching.run(1, SLOW).active) == 1
    watching.run(3, FAST)
    watching.clock.advance(3600.0)
    assert len(watching.run(8, FAST).active) == 1
    assert watching.run(1, FAST).active == ()


@pytest.mark.parametrize("speed", [0.5, 1.0, 64.0])
def test_a_replay_has_the_same_alerts_at_every_speed(speed: float) -> None:
    """Seconds are the target's: the same moments of the session, however fast it is shown."""
    clock = ManualClock()
    alerting = Alerting("hub", Notebook(), clock, 1.0, speed=speed)
    empty = Histogram(np.zeros(BUCKETS), 0.0, 0.0)
    begin = round(clock.wall() * 1000)
    state = alerting.state
    for second in range(40):
        clock.now += 1.0 / speed
        clock.epoch += 1.0
        row = np.full(len(COLUMNS), np.nan)
        row[COLUMN["latency_ms"]] = 400.0 if second < 20 else 20.0
        state = alerting.observe(sample({}, clock=clock), row, {}, empty, None)
    [over] = state.ended
    assert over.resolved_at is not None
    assert ((over.fired_at - begin) // 1000, (over.resolved_at - begin) // 1000) == (6, 31)


def test_a_verdict_is_told_and_is_over_with_its_comparison(watching: Watching) -> None:
    """After a restart there is none for a while."""
    row = np.full(len(COLUMNS), np.nan)

    def look(verdict: Verdict | None) -> list[str]:
        watching.clock.advance(1.0)
        empty = Histogram(np.zeros(BUCKETS), 0.0, 0.0)
        state = watching.alerting.observe(sample(FAST, clock=watching.clock), row, {}, empty, verdict)
        return [alert.message for alert in state.active]

    assert look(Verdict.COLLECTING) == []
    assert look(Verdict.BETTER) == ["Better Verdict: Verdict is better"]
    assert look(Verdict.WORSE) == ["Worse Verdict: Verdict is worse"]
    assert look(None) == []


@pytest.mark.parametrize("step", [3600.0, -3600.0])
def test_a_step_of_the_wall_clock_changes_nothing(watching: Watching, step: float) -> None:
    """It only stamps."""
    watching.run(3, SLOW)
    watching.clock.epoch += step
    assert watching.run(2, SLOW).active == ()
    assert len(watching.run(1, SLOW).active) == 1
