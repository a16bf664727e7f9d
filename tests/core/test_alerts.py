"""All alerts at one instant."""

from monitor.core.alert import Alert, Happened, State
from monitor.core.alerts import Alerts, Pending, by_urgency, frequencies, latest
from monitor.core.rule import RULES, Severity

LATENCY, THROUGHPUT, MEMORY = RULES[0], RULES[1], RULES[2]


def over(alert: Alert, at: int) -> Alert:
    return alert.after(Happened.RESOLVED, State.RESOLVED, at)


def test_the_most_severe_come_first_and_of_these_the_newest() -> None:
    """Warnings after what is critical."""
    old, new = Alert.fired(LATENCY, 400.0, 1000, None), Alert.fired(MEMORY, 90.0, 2000, None)
    critical = Alert.fired(THROUGHPUT, 10.0, 500, None)
    assert by_urgency([old, new, critical]) == (critical, new, old)
    state = Alerts(active=(critical, new, old))
    assert state.critical
    assert not Alerts(active=(new, old)).critical
    assert len(state.asking) == 3
    news = Alert.fired(next(rule for rule in RULES if rule.severity is Severity.INFO), 1.0, 3000, None)
    assert news.asks
    assert Alerts(active=(new, news)).asking == (new,)


def test_how_often_and_for_how_long() -> None:
    """Only the part within the period counts; an open one goes on to its end."""
    first = over(Alert.fired(LATENCY, 400.0, 1000, None), 11_000)
    second = over(Alert.fired(LATENCY, 400.0, 20_000, first), 25_000)
    third = Alert.fired(MEMORY, 90.0, 30_000, None)
    [often, once] = frequencies([first, second, third], 6000, 40_000)
    assert (often.rule, often.count, often.seconds, often.longest) == (LATENCY, 2, 10.0, 5.0)
    assert (once.rule, once.count, once.seconds, once.longest) == (MEMORY, 1, 10.0, 10.0)
    assert frequencies([first, second, third], 11_001, 19_999) == []


def test_each_rules_newest() -> None:
    """Whatever the order in which they come."""
    first = over(Alert.fired(LATENCY, 400.0, 1000, None), 11_000)
    second = Alert.fired(LATENCY, 400.0, 20_000, first)
    assert latest([second, first]) == {LATENCY.id: second}


def test_what_its_cooldown_holds_back_is_bad_all_the_same() -> None:
    """Not what has been bad for too short a time, and not what is only information."""
    news = next(rule for rule in RULES if rule.severity is Severity.INFO)
    state = Alerts(
        pending=(
            Pending(LATENCY, 40.0, 200.0),
            Pending(MEMORY, 2.0, 200.0),
            Pending(THROUGHPUT, 2.0, 0.0),
            Pending(news, 40.0, 200.0),
        )
    )
    assert state.held_back == (LATENCY,)
