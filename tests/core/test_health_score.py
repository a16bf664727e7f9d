"""The health score, by hand."""

import dataclasses

import numpy as np
import pytest

from monitor.core.health_score import HealthScore, health_score, last_minute
from monitor.core.histogram import Histogram
from monitor.core.rule import RULES, Condition, Rule, Severity
from monitor.core.summary import Summary

MEANS = {
    "latency_ms": 90.0,  # good 75, bad 150: 60 / 75 = 0.8
    "throughput_ops_sec": 600.0,  # good 800, bad 400: 200 / 400 = 0.5
    "memory_mb": 30.0,  # good 40: 1
    "cpu_utilization": 90.0,  # bad 90: 0
    "error_rate": 2.5,  # good 2.5: 1
}


def scored(means: dict[str, float], rules: tuple[Rule, ...] = RULES, *, critical: bool = False) -> HealthScore:
    score = health_score(rules, means, critical=critical)
    assert score is not None
    assert score.value + score.cap + sum(term.points for term in score.terms) == pytest.approx(100.0, abs=1e-9)
    return score


def test_by_hand() -> None:
    """70 (0.8 + 0.5 + 1 + 0 + 1) / 5 + 30 * 0 = 46.2; CPU takes 14 + 30, throughput 7, latency 2.8."""
    score = scored(MEANS)
    assert score.value == pytest.approx(46.2, abs=1e-9)
    assert [term.share for term in score.terms] == pytest.approx([0.8, 0.5, 1.0, 0.0, 1.0])
    assert [term.points for term in score.terms] == pytest.approx([2.8, 7.0, 0.0, 44.0, 0.0])
    assert (score.of, score.capped) == (5, False)
    assert (score.terms[1].good, score.terms[1].bad) == (800.0, 400.0)


def test_three_of_five() -> None:
    """70 * (0.8 + 1 + 1) / 3 + 30 * 0.8; an idle service is judged by no throughput."""
    means = {**MEANS, "throughput_ops_sec": 0.0}
    del means["cpu_utilization"]
    score = scored(means)
    assert [term.rule_id for term in score.terms] == ["high-latency", "high-memory-usage", "high-error-rate"]
    assert (len(score.terms), score.of) == (3, 5)
    assert score.value == pytest.approx(70 * 2.8 / 3 + 24, abs=1e-9)


def test_a_critical_alert_caps_it() -> None:
    """What the cap takes is named, and nothing where it takes nothing."""
    well = {**MEANS, "throughput_ops_sec": 900.0, "cpu_utilization": 45.0}
    assert scored(well).value == pytest.approx(97.2 - 6.0, abs=1e-9)
    score = scored(well, critical=True)
    assert (score.value, score.capped) == (50.0, True)
    assert score.cap == pytest.approx(41.2)
    assert not scored(MEANS, critical=True).capped


def test_all_is_well() -> None:
    """And all is bad."""
    assert scored(dict.fromkeys(MEANS, 0.0) | {"throughput_ops_sec": 1e6}).value == 100.0
    assert scored(dict.fromkeys(MEANS, 1e9) | {"throughput_ops_sec": 1.0}).value == 0.0


def test_without_a_term_there_is_none() -> None:
    """Never 0 and never 100."""
    assert health_score(RULES, {}, critical=False) is None
    assert health_score(RULES, {"silent_seconds": 90.0, "verdict": 1.0}, critical=True) is None
    assert health_score([], MEANS, critical=False) is None


def test_which_rules_count() -> None:
    """Not what is off, only information, equal or a signal."""
    one = RULES[0]
    others = (
        dataclasses.replace(one, enabled=False),
        dataclasses.replace(one, severity=Severity.INFO),
        dataclasses.replace(one, condition=Condition.EQUAL),
        dataclasses.replace(one, metric="silent_seconds"),
    )
    score = scored({**MEANS, "silent_seconds": 9.0}, (*others, one))
    assert (len(score.terms), score.of) == (1, 1)


@pytest.mark.parametrize(
    ("condition", "threshold", "mean", "share"),
    [
        (Condition.ABOVE, 0.0, 0.0, 1.0),
        (Condition.ABOVE, 0.0, 0.1, 0.0),
        (Condition.BELOW, 0.0, -0.1, 0.0),
        (Condition.ABOVE, -100.0, -125.0, 0.5),
        (Condition.BELOW, -100.0, -50.0, 0.5),
    ],
)
def test_thresholds_of_any_sign(condition: Condition, threshold: float, mean: float, share: float) -> None:
    """At 0 there is nothing between good and bad."""
    rule = dataclasses.replace(RULES[0], condition=condition, threshold=threshold)
    assert scored({"latency_ms": mean}, (rule,)).terms[0].share == share


def test_latencies_of_the_minute_are_of_all_its_operations() -> None:
    """Percentiles are never averaged; without a histogram the mean of seconds is what there is."""
    summaries = {
        "latency_ms": Summary(50.0, 50.0, 0, None, settled=False),
        "latency_p99_ms": Summary(70.0, 70.0, 0, None, settled=False),
        "memory_mb": Summary(None, None, None, None, settled=False),
    }
    assert last_minute(summaries, Histogram.merge([])) == {"latency_ms": 50.0, "latency_p99_ms": 70.0}
    merged = Histogram.rebin(np.array([0.01, 0.02]), np.array([0.0, 100.0]), 2.0)
    means = last_minute(summaries, merged)
    assert means["latency_ms"] == pytest.approx(20.0)
    assert means["latency_p99_ms"] != 70.0
