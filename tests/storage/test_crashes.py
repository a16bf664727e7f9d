"""Nothing acknowledged is lost; `python -m benchmarks.crashes` does the same more often."""

import pytest

from benchmarks.crashes.full_disk import fill, fill_tmpfs
from benchmarks.crashes.kills import kill
from benchmarks.crashes.outbox import tell
from benchmarks.crashes.power import lose_power


def test_kill_9_of_the_recording_process_loses_nothing() -> None:
    """At random instants of opening, writing, rolling up, deleting and closing; one file over all of them."""
    done = kill(100, seed=2)
    assert done.problems == []
    assert done.acknowledged > 0
    assert done.early < done.runs == 100


def test_a_loss_of_power_loses_nothing() -> None:
    """Whatever was not flushed is dropped, torn or reordered."""
    done = lose_power(50, seed=3)
    assert done.problems == []
    assert done.unflushed > 0


def test_a_writer_that_flushes_less_does_lose_something() -> None:
    """The same disk, so it can do harm: acknowledged samples are gone, files are damaged."""
    careless = lose_power(20, seed=4, synchronous="OFF")
    assert any("lost" in problem for problem in careless.problems)
    assert any("damaged" in problem or "set aside" in problem for problem in careless.problems)


def test_a_full_disk_that_is_freed_loses_nothing() -> None:
    """The same writer goes on."""
    done = fill(5, seed=5)
    assert done.problems == []
    assert done.words == ["the disk reports an error"]
    assert done.waited >= done.times == 5


def test_a_small_disk_that_is_full_and_freed_loses_nothing() -> None:
    """ENOSPC where it comes: in the log, in its index, while the log is emptied."""
    done = fill_tmpfs(10, seed=6)
    if done is None:
        pytest.skip("a mount namespace of our own is not allowed here")
    assert done.problems == []
    assert done.words == ["the disk is full"]
    assert done.waited >= done.times == 10


def test_kill_9_of_what_tells_of_alerts_loses_none() -> None:
    """Between "changed", "sent" and "deleted"; a real receiver refuses some, what comes again has its key."""
    done = tell(4, seed=6)
    assert done.problems == []
    assert done.alerts > 4
    assert done.repeated <= done.runs == 4
