"""What a trend says of each rule's threshold."""

import dataclasses

import numpy as np
import pytest

from monitor.core.approach import approaches
from monitor.core.refusal import Refusal
from monitor.core.rule import RULES, Condition
from monitor.core.trend import Crossing

MEMORY = RULES[2]
MEANS = 50.0 + 0.1 * np.arange(240.0) + np.random.default_rng(3).normal(0, 0.2, 240)
"""From 50 by 0.1 MB a minute: 73.9 in the newest."""


def test_seconds_from_the_end_of_the_newest_minute() -> None:
    """61 minutes from its middle to 80 MB."""
    (found,) = approaches(RULES, "memory_mb", MEANS)
    assert found.rule is MEMORY
    assert found.seconds == pytest.approx(60 * 60.5, abs=120)
    assert found.interval is not None
    early, late = found.interval
    assert late is not None
    assert early <= found.seconds <= late


def test_each_enabled_rule_of_the_metric_has_its_own() -> None:
    """With words where there is no time."""
    rules = [
        dataclasses.replace(MEMORY, id="gone", threshold=60.0),
        dataclasses.replace(MEMORY, id="off", enabled=False),
        dataclasses.replace(MEMORY, id="low", condition=Condition.BELOW, threshold=40.0),
        *RULES,
    ]
    found = approaches(rules, "memory_mb", MEANS)
    assert [one.rule.id for one in found] == ["gone", "low", "high-memory-usage"]
    assert [one.seconds is None for one in found] == [True, True, False]
    assert [one.interval is None for one in found] == [True, True, False]
    assert found[0].crossing == Refusal("the threshold is reached already")
    assert found[1].crossing == Refusal("the trend leads away from the threshold")


def test_without_a_significant_trend_nothing_is_said() -> None:
    """However near the threshold is."""
    flat = 79.0 + np.random.default_rng(3).normal(0, 0.2, 240)
    (found,) = approaches(RULES, "memory_mb", flat)
    assert found.seconds is None
    assert isinstance(found.crossing, Refusal)


def test_what_may_be_there_by_now_is_0_and_what_is_too_late_is_unknown() -> None:
    """Ends of the interval."""
    noise = np.random.default_rng(5).normal(0, 1.0, 240)
    rule = dataclasses.replace(MEMORY, threshold=7.4)
    (found,) = approaches([rule], "memory_mb", 0.02 * np.arange(240.0) + noise)
    assert isinstance(found.crossing, Crossing)
    assert found.interval is not None
    assert found.interval[1] is None
    (near,) = approaches([dataclasses.replace(MEMORY, threshold=73.94)], "memory_mb", MEANS)
    assert near.interval is not None
    assert near.seconds == near.interval[0] == 0.0
