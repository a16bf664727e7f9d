"""Health and uptime in words."""

from dataclasses import replace

import pytest

from monitor.core.health import Uptime
from monitor.core.health_score import HealthScore, health_score
from monitor.core.rule import RULES
from monitor.ui.health_words import deductions, health_word, uptime_text

MEANS = {
    "latency_ms": 75.0,
    "throughput_ops_sec": 900.0,
    "memory_mb": 78.0,
    "cpu_utilization": 33.3,
    "error_rate": 0.0,
}


def score(**means):
    found = health_score(RULES, MEANS | means, critical=False)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (100.0, "healthy"),
        (79.96, "healthy"),
        (79.9, "degraded"),
        (50.0, "degraded"),
        (49.9, "unhealthy"),
        (0.0, "unhealthy"),
    ],
)
def test_the_word_goes_with_the_figure_that_is_shown(value, word):
    """80.0 is never "degraded", whatever stands behind its decimal."""
    assert health_word(HealthScore(value, (), 0.0, 5)).text == word


def test_without_a_score_nothing_is_claimed():
    """Unknown is neither well nor bad."""
    assert health_word(None).text == "unknown"


def test_every_deduction_is_named_with_its_limits():
    """The largest first; what they take and what is left is 100."""
    found = score()
    parts = deductions(found, 8)
    assert parts[0] == "High Memory Usage \u221241.8: 78.0 MB, good ≤\u00a040, bad ≥\u00a080"
    assert "Low Throughput 0: 900 ops/s, good ≥\u00a0800, bad ≤\u00a0400" in parts
    assert len(parts) == 5


def test_a_critical_alert_is_named_first():
    """It caps what is left."""
    capped = health_score(RULES, MEANS | {"memory_mb": 20.0}, critical=True)
    assert capped is not None
    assert deductions(capped, 8)[0] == "Critical alert \u221250.0: capped at 50"


def test_of_many_the_rest_is_summed():
    """What is listed adds up, however many there are."""
    term = score().terms[0]
    many = HealthScore(60.0, tuple(replace(term, points=4.0) for _ in range(10)), 0.0, 10)
    parts = deductions(many, 8)
    assert len(parts) == 8
    assert parts[-1] == "3 more \u221212.0"


@pytest.mark.parametrize(
    ("uptime", "interval", "text"),
    [
        (Uptime(0, 0), 1.0, "no data"),
        (Uptime(90, 90), 1.0, "100 % of 1 min 30 s"),
        (Uptime(86_374, 86_400), 1.0, "99.96 % · 26 s lost of 1 d"),
        (Uptime(7, 10), 0.5, "70.00 % · 1.5 s lost of 5 s"),
        (Uptime(0, 3600), 1.0, "0.00 % · 1 h lost of 1 h"),
    ],
)
def test_uptime_is_told_with_what_was_lost(uptime, interval, text):
    """Seconds, by the interval; cut, so that 100 % means all of it."""
    assert uptime_text(uptime, interval) == text
