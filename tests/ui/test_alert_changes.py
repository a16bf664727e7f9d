"""What a page is told of the alerts with each sample."""

import orjson
import pytest

from monitor.core.rule import RULES
from monitor.ui.alert_changes import MOVING, alert_changes

HIGH = {"latency_ms": 400.0, "throughput_ops_sec": 800.0}
LOW = {"latency_ms": 20.0, "throughput_ops_sec": 800.0}


def rule(**changed):
    return {
        "name": "Slow",
        "metric": "latency_ms",
        "condition": "above",
        "threshold": 100.0,
        "severity": "warning",
        "for_secs": 0,
        "keep_firing_secs": 0,
        "cooldown_secs": 0,
    } | changed


@pytest.fixture
def quiet(feeder):
    """Only what a test adds is watched."""
    for one in RULES:
        feeder.monitor.alerting.replace(one.id, one.document() | {"enabled": False})
    return feeder


def test_a_page_that_begins_asks_for_everything(page, feeder):
    """The full patch says so, and what is pending and wrong."""
    told = orjson.loads(page.patch(None, feeder.observe(LOW)))["alert_changes"]
    assert told == {"changed": ["open", "over", "rules"], "messages": [], "pending": [], "more": 0}


def test_nothing_is_told_of_a_quiet_tick(page, quiet):
    """Most patches have no word on alerts."""
    before, now = quiet.observe(LOW), quiet.observe(LOW)
    assert "alert_changes" not in orjson.loads(page.patch(before, now))


def test_what_changed_is_named_once(quiet):
    """Firing and acknowledging change the open ones, an end both lists; a value only its message."""
    first = quiet.observe(LOW).alerts
    quiet.monitor.alerting.add(rule())
    added = quiet.observe(LOW).alerts
    assert alert_changes(first, added) == {"changed": ["rules"]}
    fired = quiet.observe(HIGH).alerts
    (alert,) = fired.active
    assert alert_changes(added, fired) == {"changed": ["open"], "messages": [[alert.id, "400 ms > 100 ms"]]}
    moved = quiet.observe(HIGH | {"latency_ms": 450.0}).alerts
    assert alert_changes(fired, moved) == {"messages": [[alert.id, "450 ms > 100 ms"]]}
    quiet.monitor.alerting.acknowledge(alert.id, "Ann", "")
    seen = quiet.observe(HIGH | {"latency_ms": 450.0}).alerts
    assert alert_changes(moved, seen) == {"changed": ["open"]}
    over = quiet.observe(LOW).alerts
    assert alert_changes(seen, over) == {"changed": ["open", "over"], "messages": []}
    assert alert_changes(over, quiet.observe(LOW).alerts) == {}


def test_what_is_pending_moves_with_each_sample(quiet):
    """How long a value has been bad, beside for how long it may be."""
    quiet.monitor.alerting.add(rule(for_secs=5))
    before = quiet.observe(LOW).alerts
    quiet.observe(HIGH)
    now = quiet.observe(HIGH).alerts
    (pending,) = alert_changes(before, now)["pending"]
    assert pending == {"rule_id": "slow", "name": "Slow", "held_secs": 1.0, "for_secs": 5.0, "quiet_secs": 0.0}


def test_a_thousand_alerts_do_not_swell_the_patch(quiet):
    """The most urgent move; the others are asked for when something happens to them."""
    for number in range(60):
        quiet.monitor.alerting.add(rule(name=f"Slow {number}", for_secs=0 if number % 2 else 60))
    before, now = quiet.observe(LOW).alerts, quiet.observe(HIGH).alerts
    told = alert_changes(before, now)
    assert (len(now.active), len(told["messages"])) == (30, MOVING)
    assert (len(told["pending"]), told["more"]) == (MOVING, 30 - MOVING)
