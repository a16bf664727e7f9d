"""Alerts in words."""

import pytest

from episodes import AT, RULE, acknowledged, fired, raised, resolved
from monitor.core.alert import Alert, Happened, State
from monitor.core.rule import Condition, Rule, Severity
from monitor.ui import alert_words


def test_every_severity_has_a_word_and_an_icon_of_its_own():
    """Nothing is told by colour alone."""
    words = alert_words.SEVERITY
    assert set(words) == set(Severity)
    assert (
        len({word.text for word in words.values()}) == len({word.icon for word in words.values()}) == len(Severity)
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (162.34, "162 ms > 150 ms"),
        (1620.0, "1.62 s > 150 ms"),
        (150.0001, "150.0001 ms > 150 ms"),
        (150.3, "150.3 ms > 150 ms"),
    ],
)
def test_a_bad_value_stands_beside_its_limit(value, text):
    """Three digits, as elsewhere on the page, but as many as tell it from the limit."""
    assert alert_words.wrong(fired("high-latency", value)) == text


def test_below_zero_has_the_minus_sign():
    """No hyphen stands for a minus."""
    rule = Rule("cold", "Cold", "memory_mb", Condition.BELOW, -5.5, Severity.INFO)
    assert alert_words.wrong(Alert.fired(rule, -7.0, AT, None)) == "\u22127.00 MB < \u22125.5 MB"
    assert alert_words.bound(rule) == "\u22125.5 MB"


def test_a_value_that_is_good_again_tells_what_it_was():
    """Until the alert is over; then the worst is told."""
    alert = fired("high-latency", 162.0).seen(148.0, counts=True)
    assert alert_words.wrong(alert) == "148 ms, was 162 ms > 150 ms"
    over = resolved(alert, 65.0)
    assert alert_words.wrong(over) == "162 ms > 150 ms"
    assert alert_words.open_for(over) == "1 min 5 s"
    assert alert_words.open_for(alert) is None


def test_no_data_is_told_with_its_beginning():
    """An alert says so 30 s after the last value."""
    alert = fired("high-latency", 162.0)
    assert alert_words.silent_since(alert) is None
    silent = alert.after(Happened.NO_DATA, State.FIRING, AT + 40_000)
    assert alert_words.wrong(silent) == "no data, was 162 ms > 150 ms"
    assert alert_words.silent_since(silent) == AT + 10_000


def test_words_stand_for_verdicts():
    """A figure would tell nobody anything."""
    alert = fired("worse-verdict", -1.0)
    assert alert_words.wrong(alert) == "Verdict is worse"
    assert alert_words.wrong(alert.seen(0.0, counts=True)) == "open, was worse"
    assert alert_words.limit(RULE["better-verdict"]) == "is better"


def test_who_has_seen_it():
    """By name where there is one."""
    alert = fired("high-latency", 162.0)
    assert alert_words.seen_by(alert) == ""
    assert alert_words.seen_by(acknowledged(alert)) == "acknowledged"
    by = acknowledged(alert, "Ann")
    assert alert_words.seen_by(by) == "acknowledged by Ann"
    assert alert_words.seen_by(raised(by)) == ""
