"""Counters and rates."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.counter import CounterReading, increase, rate


def test_a_first_reading_has_no_rate() -> None:
    """One reading says nothing about speed."""
    assert rate(None, CounterReading(5.0, 1.0)) is None


def test_a_reset_is_a_gap() -> None:
    """A smaller value is a restart: what was lost is unknown."""
    assert rate(CounterReading(100.0, 1.0), CounterReading(3.0, 2.0)) is None


def test_readings_at_the_same_moment_have_no_rate() -> None:
    """No division by zero."""
    assert rate(CounterReading(1.0, 1.0), CounterReading(2.0, 1.0)) is None


def test_a_rate_is_growth_over_time() -> None:
    """30 in 1.5 s are 20 a second."""
    assert rate(CounterReading(10.0, 1.0), CounterReading(40.0, 2.5)) == pytest.approx(20.0)


@given(st.lists(st.floats(0, 1e12), min_size=2), st.floats(0.1, 10))
def test_a_rate_is_never_negative_and_growth_adds_up(values: list[float], step: float) -> None:
    """Whatever the counter does."""
    for index, (before, after) in enumerate(itertools.pairwise(values)):
        previous, current = CounterReading(before, index * step), CounterReading(after, (index + 1) * step)
        grown = increase(previous, current)
        assert (grown is None) == (after < before)
        if grown is not None:
            assert grown == after - before
