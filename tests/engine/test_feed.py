"""The log of snapshots and its cursors."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import snapshots
from monitor.engine.feed import LOG_LENGTH, Feed


def seqs(feed: Feed, after: int) -> list[int] | None:
    read = feed.read(after)
    return None if read is None else [snapshot.seq for snapshot in read]


def test_an_empty_feed_has_nothing() -> None:
    """Neither latest nor anything after."""
    feed = Feed()
    assert feed.latest is None
    assert feed.read(0) == []
    assert feed.get(1) is None
    assert not feed.wait(0, 0.0)


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
    woken: list[bool] = []
    reader = threading.Thread(target=lambda: woken.append(feed.wait(1, 10.0)))
    reader.start()
    feed.publish(second)
    reader.join(10)
    assert woken == [True]


def test_closing_wakes_everybody() -> None:
    """Nobody sleeps through the end."""
    feed = Feed()
    woken: list[bool] = []
    readers = [threading.Thread(target=lambda: woken.append(feed.wait(0, 30.0))) for _ in range(5)]
    for reader in readers:
        reader.start()
    feed.close()
    for reader in readers:
        reader.join(10)
    assert woken == [False] * 5
    assert feed.closed
