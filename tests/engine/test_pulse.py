"""Waiting for a socket and for news at once."""

import os
import select

from builders import snapshots
from monitor.engine.feed import Feed
from monitor.engine.pulse import Pulse


def beaten(pulse: Pulse) -> bool:
    return bool(select.select([pulse], [], [], 0)[0])


def test_a_pulse_wakes_everyone_and_stays_awake() -> None:
    """Whoever polls it later is not left waiting."""
    pulse = Pulse()
    assert not beaten(pulse)
    pulse.beat()
    pulse.beat()
    assert [beaten(pulse) for _ in range(2)] == [True, True]


def test_a_pulse_gives_its_descriptors_back() -> None:
    """Beaten or not."""
    before = os.dup(0)
    os.close(before)
    for _ in range(2000):
        Pulse()
        Pulse().beat()
    after = os.dup(0)
    os.close(after)
    assert after == before


def test_the_pulse_that_was_taken_before_reading_beats_with_the_next_snapshot() -> None:
    """Nothing can come between reading and waiting unnoticed."""
    feed = Feed()
    first = feed.pulse()
    assert feed.pulse() is first
    feed.publish(snapshots(1)[0])
    assert beaten(first)
    assert not beaten(feed.pulse())


def test_closing_beats_the_pulse_for_good() -> None:
    """Also for who comes later, and after a last snapshot."""
    feed = Feed()
    waiting = feed.pulse()
    feed.close()
    assert beaten(waiting)
    assert beaten(feed.pulse())
    feed.publish(snapshots(1)[0])
    assert beaten(feed.pulse())
