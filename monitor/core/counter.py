"""Counters that only grow, and what is learnt from two readings of one."""

from dataclasses import dataclass
from typing import Final

FRESH_INTERVALS: Final = 3.0
"""A rate over more than this many intervals is not "the last second" any more: a gap."""


@dataclass(frozen=True, slots=True)
class CounterReading:
    """A counter's value at a moment of the monotonic clock (seconds)."""

    value: float
    at: float


def increase(previous: CounterReading | None, current: CounterReading) -> float | None:
    """Return by how much the counter grew, or None where that cannot be known.

    Unknown are the first reading and a reset (a smaller value): a restarted counter lost what it had counted,
    and guessing would draw a spike.
    """
    if previous is None or current.value < previous.value or current.at <= previous.at:
        return None
    return current.value - previous.value


def rate(previous: CounterReading | None, current: CounterReading) -> float | None:
    """Return the growth per second, or None where `increase` is unknown."""
    grown = increase(previous, current)
    return None if grown is None or previous is None else grown / (current.at - previous.at)
