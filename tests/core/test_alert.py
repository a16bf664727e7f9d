"""One alert: what is said of it, and how it is kept."""

import dataclasses
from typing import Any

import pytest

from monitor.core.alert import LONGEST_LOG, Alert, Happened, Occurrence, State
from monitor.core.rule import RULES, Condition, Rule, Severity

RULE = RULES[0]
FIRED = Alert.fired(RULE, 162.0, 1000, None)
SEEN = FIRED.after(Happened.ACKNOWLEDGED, State.ACKNOWLEDGED, 2000, "me", "on it")


def test_who_has_seen_it() -> None:
    """As severe as it is; the end takes nothing away."""
    raised = SEEN.after(Happened.RAISED, State.FIRING, 3000)
    over = SEEN.after(Happened.RESOLVED, State.RESOLVED, 4000)
    assert (FIRED.asks, FIRED.active, FIRED.acknowledged_by, FIRED.note) == (True, True, None, "")
    assert (SEEN.asks, SEEN.active, SEEN.acknowledged_by, SEEN.note) == (False, True, "me", "on it")
    assert (raised.asks, raised.acknowledged_by, raised.note, raised.since) == (True, None, "on it", 3000)
    assert (over.active, over.acknowledged_by, over.resolved_at, over.since) == (False, "me", 4000, 4000)


def test_what_it_says() -> None:
    """Never that a value is beyond a limit that it is not beyond."""
    assert FIRED.message == "High Latency: 162 ms > 150 ms"
    assert FIRED.seen(150.004, counts=True).message == "High Latency: 150.004 ms > 150 ms"
    assert FIRED.seen(120.0, counts=True).message == "High Latency: 120 ms, was 162 ms > 150 ms"
    edited = dataclasses.replace(FIRED, rule=dataclasses.replace(RULE, threshold=200.0))
    assert edited.message == "High Latency: 162 ms, was 162 ms"


@pytest.mark.parametrize(
    ("rule", "value", "now", "later"),
    [
        (RULES[5], 1.0, "Better Verdict: Verdict is better", "Better Verdict: Verdict is open, was better"),
        (RULES[6], -1.0, "Worse Verdict: Verdict is worse", "Worse Verdict: Verdict is open, was worse"),
        (
            Rule("idle", "Idle", "worker_count", Condition.EQUAL, 0.0, Severity.INFO),
            0.0,
            "Idle: Workers = 0",
            "Idle: Workers is 2, was 0",
        ),
    ],
)
def test_what_an_equal_one_says(rule: Rule, value: float, now: str, later: str) -> None:
    """In words where its figures stand for words."""
    alert = Alert.fired(rule, value, 0, None)
    assert alert.message == now
    other = 2.0 if rule.metric == "worker_count" else 0.0
    assert alert.seen(other, counts=True).message == later


def test_the_worst_is_kept() -> None:
    """By the side on which values are bad; not what an unmet guard makes irrelevant."""
    alert = FIRED.seen(300.0, counts=True).seen(200.0, counts=True).seen(900.0, counts=False)
    assert (alert.value, alert.worst) == (900.0, 300.0)
    low = Alert.fired(RULES[1], 300.0, 0, None).seen(100.0, counts=True).seen(350.0, counts=True)
    assert (low.value, low.worst) == (350.0, 100.0)
    assert alert.seen(900.0, counts=False) is alert


def test_an_id_is_never_used_twice() -> None:
    """Though the clock is set back."""
    assert FIRED.id == "high-latency-1000"
    assert Alert.fired(RULE, 1.0, 500, FIRED).id == "high-latency-1001"


def test_nothing_happens_before_what_happened_last() -> None:
    """Though the clock is set back."""
    over = SEEN.after(Happened.RESOLVED, State.RESOLVED, 500)
    assert over.resolved_at == 2000


def test_the_log_has_an_end_and_its_places_stay() -> None:
    """However often data come and go, there is room for what people did and for the end."""
    alert = FIRED
    for at in range(100):
        alert = alert.after(Happened.NO_DATA, State.FIRING, at).after(Happened.DATA_AGAIN, State.FIRING, at)
    first = alert.log
    for at in range(100):
        alert = alert.after(Happened.ACKNOWLEDGED, State.ACKNOWLEDGED, at)
        alert = alert.after(Happened.RAISED, State.FIRING, at)
    assert alert.log[: len(first)] == first
    alert = alert.after(Happened.DISMISSED, State.DISMISSED, 100)
    alert = alert.after(Happened.RESOLVED, State.RESOLVED, 101)
    assert len(alert.log) == LONGEST_LOG
    assert [one.kind for one in alert.log[-2:]] == [Happened.DISMISSED, Happened.RESOLVED]


@pytest.mark.parametrize("alert", [FIRED, SEEN, SEEN.after(Happened.RESOLVED, State.RESOLVED, 3000)])
def test_what_is_written_is_read(alert: Alert) -> None:
    """All of it."""
    assert Alert.read(alert.document()) == alert


def test_a_client_of_the_hub_finds_its_fields() -> None:
    """As the contract has them."""
    document = SEEN.document()
    threshold = document["threshold"]
    assert {name: threshold[name] for name in ("name", "metric", "threshold", "condition")} == {
        "name": "High Latency",
        "metric": "latency_ms",
        "threshold": 150.0,
        "condition": "above",
    }
    assert (threshold["severity"], threshold["cooldown_secs"]) == ("warning", 300.0)
    assert (document["triggered_at"], document["current_value"]) == (1000, 162.0)
    assert (document["acknowledged"], document["acknowledged_by"], document["acknowledged_at"]) == (
        True,
        "me",
        2000,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "pending"),
        ("state", "resolved"),
        ("state", "odd"),
        ("threshold", {}),
        ("log", []),
        ("log", [{}]),
        ("log", 5),
        ("current_value", None),
        ("triggered_at", "x"),
    ],
)
def test_what_is_no_alert_is_not_read(field: str, value: Any) -> None:
    """A damaged one is refused, not guessed at."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        Alert.read({**FIRED.document(), field: value})
    assert Occurrence.read(FIRED.log[0].document()) == FIRED.log[0]
