"""Rules as they are read and written."""

from typing import Any

import pytest

from monitor.core.errors import InvalidInputError
from monitor.core.rule import RULES, Condition, Origin, Rule, Severity

LEAST = {
    "name": "High  Größe!",
    "metric": "latency_ms",
    "condition": "above",
    "threshold": 150,
    "severity": "info",
}


def test_the_least_that_a_rule_needs() -> None:
    """Its id is made of its name."""
    rule = Rule.read(LEAST)
    assert rule == Rule(
        "high-groe", "High  Größe!", "latency_ms", Condition.ABOVE, 150.0, Severity.INFO, origin=Origin.USER
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_is_written_is_read(rule: Rule) -> None:
    """All of it."""
    assert Rule.read(rule.document()) == rule
    assert Rule.read(rule.document(), Origin.FILE).origin is Origin.FILE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\nb"),
        ("name", "x" * 81),
        ("metric", "speed"),
        ("metric", None),
        ("condition", "over"),
        ("threshold", True),
        ("threshold", "150"),
        ("threshold", float("nan")),
        ("threshold", 10**400),
        ("severity", "fatal"),
        ("for_secs", -1),
        ("for_secs", 3601),
        ("keep_firing_secs", None),
        ("cooldown_secs", 86401),
        ("clear", 151),
        ("id", "-a"),
        ("id", "A"),
        ("id", ""),
        ("enabled", 1),
        ("origin", "me"),
        ("guard", []),
        ("colour", "red"),
    ],
)
def test_a_bad_field_is_named(field: str, value: Any) -> None:
    """With its rule."""
    with pytest.raises(InvalidInputError) as caught:
        Rule.read({**LEAST, field: value})
    assert caught.value.field == field


def test_where_it_clears() -> None:
    """5 % inside, whatever the sign; at the level it is clear."""
    above, below = Rule.read(LEAST), Rule.read({**LEAST, "condition": "below", "threshold": -100})
    assert (above.clearing, below.clearing) == (142.5, -95.0)
    assert (above.breached(150.0), above.breached(150.1)) == (False, True)
    assert (above.cleared(142.6), above.cleared(142.5)) == (False, True)
    assert (below.cleared(-95.1), below.cleared(-95.0)) == (False, True)
    equal = Rule.read({**LEAST, "condition": "equal", "threshold": 0})
    assert (equal.breached(0.0), equal.cleared(0.0), equal.cleared(0.1)) == (True, False, True)


def test_it_speaks() -> None:
    """With as many digits as tell the value from the limit."""
    rule = Rule.read(LEAST)
    assert rule.limit == "> 150 ms"
    assert [rule.figure(value) for value in (161.7, 150.02, 1234567.0)] == ["162 ms", "150.02 ms", "1234567 ms"]
