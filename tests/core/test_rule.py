"""Rules as they are read and written."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core.errors import InvalidInputError
from monitor.core.line import is_line
from monitor.core.metric import METRIC
from monitor.core.rule import RULES, Condition, Guard, Origin, Rule, Severity
from monitor.core.signal import SIGNAL

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


NUMBERS = st.floats(-1e15, 1e15)
METRIC_IDS = st.sampled_from([*METRIC, *SIGNAL])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("name", "metric", "condition", "threshold", "severity", "for_secs", "clear", "keep_firing_secs")
MORE_FIELDS = ("cooldown_secs", "guard", "enabled", "origin", "id")


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    condition, threshold = draw(st.sampled_from(Condition)), draw(NUMBERS)
    inside = draw(st.none() | NUMBERS.filter(lambda level: not condition.holds(level, threshold)))
    return Rule(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True)),
        name=draw(st.text(min_size=1, max_size=80).map(str.strip).filter(lambda text: text and is_line(text))),
        metric=draw(METRIC_IDS),
        condition=condition,
        threshold=threshold,
        severity=draw(st.sampled_from(Severity)),
        for_seconds=draw(st.floats(0, 3600)),
        clear=None if condition is Condition.EQUAL else inside,
        keep_firing_seconds=draw(st.floats(0, 3600)),
        cooldown_seconds=draw(st.floats(0, 86400)),
        guard=draw(st.none() | st.builds(Guard, METRIC_IDS, st.sampled_from(Condition), NUMBERS)),
        enabled=draw(st.booleans()),
        origin=draw(st.sampled_from(Origin)),
    )


@given(rules(), NUMBERS)
def test_every_rule_is_read_as_it_is_written(rule: Rule, value: float) -> None:
    """And a value is never both bad and cleared, and can be said."""
    assert Rule.read(json.loads(json.dumps(rule.document()))) == rule
    assert not (rule.breached(value) and rule.cleared(value))
    assert rule.figure(value)
    assert rule.limit


@given(JSON | st.dictionaries(st.sampled_from([*FIELDS, *MORE_FIELDS]), JSON))
@example({1: 2})
@example("name")
@example({"": None})
def test_rubbish_is_refused_by_name(document: Any) -> None:
    """Whatever it is."""
    with pytest.raises(InvalidInputError) as caught:
        Rule.read(document)
    assert caught.value.field


@given(st.sampled_from([*FIELDS, *MORE_FIELDS]), JSON)
def test_a_rule_with_one_field_of_rubbish_is_refused_by_its_name_or_right(field: str, value: Any) -> None:
    """Never half of it."""
    refused = ""
    try:
        rule = Rule.read({**LEAST, field: value})
    except InvalidInputError as error:
        refused = error.field.partition(".")[0]
    if not refused:
        assert Rule.read(rule.document()) == rule
    else:
        assert refused in ({"name", "id"} if field == "name" else {field})


@pytest.mark.parametrize(
    ("guard", "field"),
    [
        ({"metric": "speed", "condition": "above", "value": 0}, "guard.metric"),
        ({"metric": "latency_ms", "condition": "over", "value": 0}, "guard.condition"),
        ({"metric": "latency_ms", "condition": "above"}, "guard.value"),
        ({"metric": "latency_ms", "condition": "above", "value": 0, "for": 1}, "guard.for"),
    ],
)
def test_a_bad_field_of_a_guard_is_named(guard: Any, field: str) -> None:
    """In full."""
    with pytest.raises(InvalidInputError) as caught:
        Rule.read({**LEAST, "guard": guard})
    assert caught.value.field == field


def test_a_name_without_letters_needs_an_id() -> None:
    """Nothing can be made of it."""
    with pytest.raises(InvalidInputError) as caught:
        Rule.read({**LEAST, "name": "\u65e5\u672c"})
    assert caught.value.field == "id"
    assert Rule.read({**LEAST, "name": "\u65e5\u672c", "id": "japan"}).id == "japan"
    assert Rule.read({**LEAST, "name": "-" * 3 + "a" * 70}).id == "a" * 64


def test_the_rules_of_the_package() -> None:
    """Each with its own id, and about something that is measured."""
    assert len({rule.id for rule in RULES}) == len(RULES) == 9
    assert {rule.origin for rule in RULES} == {Origin.PACKAGE}
    told = [(rule.name, rule.limit, rule.severity.value, rule.cooldown_seconds) for rule in RULES[:5]]
    assert told == [
        ("High Latency", "> 150 ms", "warning", 300.0),
        ("Low Throughput", "< 400 ops/s", "critical", 300.0),
        ("High Memory Usage", "> 80 MB", "warning", 600.0),
        ("High CPU Usage", "> 90 %", "critical", 180.0),
        ("High Error Rate", "> 5 %", "critical", 120.0),
    ]
