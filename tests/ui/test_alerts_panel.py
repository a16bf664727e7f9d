"""The active alerts on the Live page."""

from dataclasses import replace

import pytest

from episodes import AT, acknowledged, fired
from monitor.core.alert import Happened, State
from monitor.core.alerts import Alerts, Pending, by_urgency
from monitor.core.health_score import HealthScore
from monitor.core.rule import RULES
from monitor.ui.components.alerts_panel import ROWS, AlertsPanel

HEALTH = HealthScore(100.0, (), 0.0, 5)
ID = "panel-alerts"


@pytest.fixture
def shown(new_feeder):
    """Return what the panel makes of these alerts."""

    def make(*active, **changes):
        alerts = Alerts(**{"rules": RULES, "active": by_urgency(active), "health": HEALTH} | changes)
        return AlertsPanel().patch(replace(new_feeder().observe(), alerts=alerts))

    return make


def test_what_nobody_has_seen_comes_first(shown):
    """Then the most severe; those that were seen say by whom and when, and cannot be acknowledged again."""
    props = shown(
        fired("high-latency", 162.0),
        acknowledged(fired("low-throughput", 228.0, AT + 5000), "Ann"),
        fired("high-cpu-usage", 97.0),
    )
    names = [props[f"{ID}-{place}-name"]["text"] for place in range(4)]
    assert names == ["High CPU Usage", "High Latency", "Low Throughput", ""]
    assert [props[f"{ID}-{place}-acknowledge"]["disabled"] for place in range(3)] == [False, False, True]
    assert props[f"{ID}-2"]["class"] == "alerts__row alerts__row--seen"
    assert props[f"{ID}-2-by"] == {"text": "acknowledged by Ann"}
    assert props[f"{ID}-2-at"] == {"time": AT + 6000}
    assert props[f"{ID}-count"] == {"text": "2 active · 1 acknowledged", "hidden": False}


def test_a_row_says_how_bad_and_for_how_long(shown):
    """The severity has icon and word; the duration travels as its beginning."""
    props = shown(fired("high-latency", 162.0))
    assert props[f"{ID}-0-sign-word"] == {"text": "warning"}
    assert props[f"{ID}-0-sign-icon"] == {"class": "bi bi-exclamation-triangle-fill"}
    assert props[f"{ID}-0-wrong"] == {"text": "162 ms > 150 ms"}
    assert props[f"{ID}-0-for"] == {"since": AT}
    assert props[f"{ID}-empty"] == {"hidden": True}


def test_without_data_the_silence_is_what_goes_on(shown):
    """It is counted from the last value."""
    silent = fired("high-latency", 162.0).after(Happened.NO_DATA, State.FIRING, AT + 40_000)
    props = shown(silent)
    assert props[f"{ID}-0-wrong"] == {"text": "no data, was 162 ms > 150 ms"}
    assert props[f"{ID}-0-for"] == {"since": AT + 10_000}


def test_of_many_the_rest_is_counted(shown):
    """The Alerts page has them."""
    props = shown(*(fired("high-latency", 160.0 + number, AT + number) for number in range(ROWS + 3)))
    assert props[f"{ID}-more"] == {"text": "and 3 more", "hidden": False}
    assert shown()[f"{ID}-more"]["hidden"]


def test_a_row_without_an_alert_names_none(shown):
    """What is clicked while a patch is on its way must not reach an alert that is gone."""
    props = shown()
    assert all(props[f"{ID}-{place}"]["hidden"] for place in range(ROWS))
    assert all(props[f"{ID}-{place}-id"] == {"text": ""} for place in range(ROWS))


@pytest.mark.parametrize(
    ("changes", "word", "rules"),
    [
        ({}, "Nothing is wrong", "9 rules watch; they are in the "),
        ({"rules": RULES[:1]}, "Nothing is wrong", "1 rule watches; they are in the "),
        ({"health": None}, "Nothing is judged: no data", "9 rules watch; they are in the "),
        ({"enabled": False}, "Alerts are off", "The settings turn them off: enable_alerting. "),
        ({"rules": ()}, "No rule is on", "Rules are turned on in the "),
    ],
)
def test_an_empty_list_says_what_it_means(shown, changes, word, rules):
    """That all is well is said only where somebody looked."""
    props = shown(**changes)
    assert not props[f"{ID}-empty"]["hidden"]
    assert props[f"{ID}-empty-word"] == {"text": word}
    assert props[f"{ID}-rules"] == {"text": rules}


def test_bad_values_without_an_alert_are_not_all_is_well(shown):
    """A rule that has to wait says how long it found bad values, and what it waits for."""
    rule = replace(RULES[1], for_seconds=5.0)
    props = shown(rules=RULES, pending=(Pending(rule, 3.0, 0.0), Pending(rule, 40.0, 200.0)))
    assert props[f"{ID}-empty-word"] == {"text": "Bad values, no alert yet"}
    assert props[f"{ID}-rules"]["text"].startswith(
        "Low Throughput, bad for 3 s: fires after 5 s. "
        "Low Throughput, bad for 40 s: held back for 3 min 20 s by its cooldown. "
    )
