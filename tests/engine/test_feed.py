"""The log of snapshots and its cursors."""

import select
import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import snapshots
from monitor.engine.feed import LOG_LENGTH, Feed
from monitor.engine.pulse import Pulse


def seqs(feed: Feed, after: int) -> list[int] | None:
    read = feed.read(after)
    return None if read is None else [snapshot.seq for snapshot in read]


def readable(pulse: Pulse, seconds: float) -> bool:
    poller = select.poll()
    poller.register(pulse, select.POLLIN | select.POLLHUP)
    return bool(poller.poll(seconds * 1000))


def test_an_empty_feed_has_nothing() -> None:
    """Neither latest nor anything after."""
    feed = Feed()
    assert feed.latest is None
    assert feed.read(0) == []
    assert feed.get(1) is None


@settings(deadline=None)
@given(st.integers(1, LOG_LENGTH + 50), st.integers(0, LOG_LENGTH + 60))
def test_a_cursor_gets_all_that_came_after_it_in_order_or_learns_of_the_hole(many: int, after: int) -> None:
    """No duplicate, no silent loss."""
    feed = Feed()
    for snapshot in snapshots(many):
        feed.publish(snapshot)
    oldest = max(1, many - LOG_LENGTH + 1)
    expected = None if after + 1 < oldest else list(range(after + 1, many + 1))
    assert seqs(feed, after) == expected
    found = feed.get(after)
    assert (found is not None) == (oldest <= after <= many)


def test_waiting_ends_with_the_next_snapshot() -> None:
    """A reader sleeps until there is news."""
    feed = Feed()
    first, second = snapshots(2)
    feed.publish(first)
    pulse = feed.pulse()
    assert not readable(pulse, 0.0)
    feed.publish(second)
    assert readable(pulse, 10.0)
    assert seqs(feed, 1) == [2]
    assert not readable(feed.pulse(), 0.0)


def test_closing_wakes_everybody() -> None:
    """Nobody sleeps through the end, nor falls asleep after it."""
    feed = Feed()
    woken: list[bool] = []
    pulses = [feed.pulse() for _ in range(5)]
    readers = [
        threading.Thread(target=lambda pulse=pulse: woken.append(readable(pulse, 30.0))) for pulse in pulses
    ]
    for reader in readers:
        reader.start()
    feed.close()
    for reader in readers:
        reader.join(10)
    assert woken == [True] * 5
    assert feed.closed
    assert readable(feed.pulse(), 0.0)
