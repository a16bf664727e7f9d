"""Which frames are due to a reader that was away."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.connection import Connection as Protocol
from wsproto.connection import ConnectionType

from builders import feed_samples, monitor
from fakes import ManualClock
from monitor.core.snapshot import Snapshot
from monitor.engine.monitor import Monitor
from monitor.engine.viewers import View
from monitor.web.stream.cursor import MetricsCursor, PageCursor
from monitor.web.stream.frames import Frames
from monitor.web.stream.subscription import Subscription


def patch(before: Snapshot | None, now: Snapshot) -> bytes:
    return orjson.dumps({"from": before and before.seq, "seq": now.seq})


def decode(frame: bytes) -> Any:
    protocol = Protocol(ConnectionType.CLIENT)
    protocol.receive_data(frame)
    (event,) = protocol.events()
    return orjson.loads(event.data)


class Run:
    """A server run with a reader of each kind."""

    def __init__(self, count: int = 0) -> None:
        self.clock = ManualClock()
        self.monitor: Monitor = monitor(self.clock)
        self.frames = Frames(self.monitor, patch)
        self.tick(count)

    def tick(self, count: int = 1) -> None:
        feed_samples(self.monitor, self.clock, count, lambda number: {"throughput_ops_sec": float(number)})

    def metrics(self, **asked: Any) -> MetricsCursor:
        return MetricsCursor(self.monitor.feed, self.frames, self.monitor.epoch, Subscription(**asked))

    def page(self, every: int = 1, **asked: Any) -> PageCursor:
        return PageCursor(
            self.monitor.feed, self.frames, self.monitor.epoch, Subscription(view=View.PAGE, **asked), every
        )


def due(cursor: MetricsCursor | PageCursor) -> list[Any]:
    return [decode(frame) for frame in cursor.due()]


def patches(cursor: PageCursor) -> list[tuple[int | None, int]]:
    """Return from where to where the patches lead that are due."""
    return [(patch["from"], patch["seq"]) for patch in due(cursor)]


def test_a_new_reader_gets_the_newest_frame_and_each_one_after_it() -> None:
    """No gap: it has missed nothing that it had begun to read."""
    run = Run(5)
    cursor = run.metrics()
    (first,) = due(cursor)
    assert first["seq"] == 5
    assert "gap" not in first
    assert due(cursor) == []
    run.tick(2)
    assert [frame["seq"] for frame in due(cursor)] == [6, 7]


def test_a_reader_that_comes_before_the_first_sample_waits() -> None:
    """And gets the first one."""
    run = Run()
    cursor = run.metrics()
    assert due(cursor) == []
    run.tick()
    assert [frame["seq"] for frame in due(cursor)] == [1]


def test_what_was_missed_is_replayed_each_frame_with_its_own_past() -> None:
    """In order, without a duplicate."""
    run = Run(10)
    frames = due(run.metrics(after=6, epoch="e1", history=3))
    assert [frame["seq"] for frame in frames] == [7, 8, 9, 10]
    assert [[point["throughput_ops_sec"] for point in frame["history"]] for frame in frames][:2] == [
        [4.0, 5.0, 6.0],
        [5.0, 6.0, 7.0],
    ]


@pytest.mark.parametrize("history", [0, 1, 120, 121, 300])
def test_history_has_the_points_that_were_asked_for_and_ends_with_the_frame(history: int) -> None:
    """Also where a snapshot alone does not hold so many, and also in a replay."""
    run = Run(310)
    for frame in due(run.metrics(after=307, epoch="e1", history=history)):
        values = [point["throughput_ops_sec"] for point in frame["history"]]
        assert values == [float(number) for number in range(frame["seq"] - history, frame["seq"])]


def test_what_the_log_has_lost_is_named_and_the_past_comes_with_it() -> None:
    """One frame stands for all, and carries history although none was asked for."""
    run = Run(400)
    cursor = run.metrics(after=50, epoch="e1", history=0)
    (frame,) = due(cursor)
    assert frame["gap"] == {"from": 51, "to": 399}
    assert len(frame["history"]) == 60
    run.tick()
    (after,) = due(cursor)
    assert (after["seq"], after["history"]) == (401, [])
    assert "gap" not in after


def test_a_reader_of_another_run_learns_that_all_is_new() -> None:
    """Its seq says nothing here."""
    run = Run(3)
    cursor = run.metrics(after=2, epoch="another")
    (frame,) = due(cursor)
    assert (frame["seq"], frame["gap"]) == (3, {"from": 1, "to": 2})
    assert due(cursor) == []


def test_a_seq_that_has_not_been_yet_waits_for_nothing() -> None:
    """The reader goes on with the next frame."""
    run = Run(3)
    cursor = run.metrics(after=99, epoch="e1")
    assert due(cursor) == []
    run.tick()
    assert [frame["seq"] for frame in due(cursor)] == [4]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=12))
def test_drop_and_resume_loses_and_repeats_nothing(steps: list[tuple[int, bool]]) -> None:
    """However often a reader goes and comes back."""
    run = Run(1)
    cursor = run.metrics()
    seen: list[int] = []
    for ticks, drops in steps:
        run.tick(ticks)
        seen += [frame["seq"] for frame in due(cursor)]
        if drops:
            cursor = run.metrics(after=seen[-1], epoch="e1")
    assert seen == list(range(seen[0], seen[-1] + 1))


def test_the_page_gets_one_patch_however_much_it_missed() -> None:
    """From what it shows to the newest state; from nothing where that is not known any more."""
    run = Run(350)
    assert patches(run.page()) == [(None, 350)]
    assert patches(run.page(after=340, epoch="e1")) == [(340, 350)]
    assert patches(run.page(after=10, epoch="e1")) == [(None, 350)]
    assert patches(run.page(after=340, epoch="other")) == [(None, 350)]
    cursor = run.page(after=350, epoch="e1")
    assert due(cursor) == []
    run.tick(3)
    assert patches(cursor) == [(350, 353)]


def test_a_frame_is_made_once_for_all_its_readers() -> None:
    """The same bytes, not equal ones; a reader's first frame is its own."""
    run = Run(2)
    readers = [run.metrics(), run.metrics(), run.page(), run.page()]
    for reader in readers:
        assert len(due(reader)) == 1
    run.tick()
    first, second, third, fourth = (next(reader.due()) for reader in readers)
    assert first is second
    assert third is fourth


def test_a_first_frame_says_how_old_it_is() -> None:
    """A sampler that has stopped does not look alive to whoever comes now."""
    run = Run(2)
    run.clock.advance(63.2)
    [frame] = due(run.metrics())
    assert (frame["health"]["status"], frame["health"]["age_seconds"]) == ("stale", 63.2)
    [patch] = due(run.page())
    assert patch == {"age": 63200, "from": None, "seq": 2}


def test_a_page_that_is_updated_each_fifth_tick_gets_all_five_at_once() -> None:
    """The first one at once, then at the same ticks for every page."""
    run = Run(3)
    early, late = run.page(every=5), run.page(every=5)
    assert len(due(early)) == 1
    run.tick()
    assert (due(early), len(due(late))) == ([], 1)
    run.tick()
    assert patches(early) + patches(late) == [(3, 5), (4, 5)]
    run.tick(4)
    assert due(early) == []
    run.tick()
    assert patches(early) == [(5, 10)]
