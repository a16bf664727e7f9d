"""The one writer, against a store that fails when told to."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from fakes import FULL, HistoryShelf, ManualClock
from monitor.core.entry import Entry, Kind
from monitor.core.errors import AbsentError, DamagedError, NewerSchemaError, StoreError, TakenError
from monitor.engine.history_writer import BACKLOG_SECONDS, ENTRIES_WAITING, LEAST_BACKLOG, HistoryWriter
from records import record, records

ROW = Entry(Kind.LEDGER, "b1-1000", 1000, {"change": "", "seconds": 120})


class Desk:
    """A writer with its store and its clock."""

    def __init__(self, interval: float = 1.0) -> None:
        self.clock = ManualClock()
        self.shelf = HistoryShelf()
        self.writer = HistoryWriter(self.shelf, self.shelf, self.clock, interval)

    def take(self, seconds: int, first: int = 0) -> None:
        for one in records(seconds, first):
            self.writer.record(one)

    @property
    def moments(self) -> list[int]:
        return [one.timestamp for one in self.shelf.records]


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(interval: float = 1.0) -> Desk:
        made.append(Desk(interval))
        return made[-1]

    yield make
    for one in made:
        one.writer.close()


def moments(first: int, end: int) -> list[int]:
    return [record(second).timestamp for second in range(first, end)]


def test_what_waits_goes_in_one_transaction(desk: Callable[..., Desk]) -> None:
    """And is durable when the store says so, not before."""
    made = desk()
    made.take(5)
    assert made.writer.state.waiting == 5
    assert made.writer.state.until is None
    assert made.writer.write()
    assert made.shelf.writes == [5]
    assert made.writer.state.waiting == 0
    assert made.writer.state.until == moments(4, 5)[0]


def test_a_fault_is_named_with_its_begin_and_nothing_is_lost(desk: Callable[..., Desk]) -> None:
    """The second failure does not make it younger; afterwards everything is there once and in order."""
    made = desk()
    made.shelf.fault = FULL
    made.take(3)
    begun = round(made.clock.wall() * 1000)
    assert not made.writer.write()
    made.clock.advance(60)
    made.take(3, first=3)
    made.writer.keep([ROW])
    assert not made.writer.write()
    state = made.writer.state
    assert (state.since, state.waiting, state.dropped) == (begun, 6, 0)
    (sentence,) = state.sentences(begun + 60_000)
    assert "60 s because the disk is full; 6 samples are kept" in sentence
    made.shelf.fault = None
    assert made.writer.write()
    assert made.moments == moments(0, 6)
    assert made.writer.read(Kind.LEDGER) == [ROW]
    assert made.writer.state.works
    assert made.writer.state.sentences(begun) == ()


@pytest.mark.parametrize(("interval", "room"), [(1.0, BACKLOG_SECONDS), (60.0, LEAST_BACKLOG)])
def test_the_backlog_is_bounded_and_says_what_it_gave_up(
    desk: Callable[..., Desk], interval: float, room: int
) -> None:
    """Half an hour or 1,000 samples, the newest of them."""
    made = desk(interval)
    made.shelf.fault = FULL
    one = record(0)
    for second in range(room + 10):
        made.writer.record(replace(one, timestamp=second))
    made.writer.write()
    state = made.writer.state
    assert (state.waiting, state.dropped) == (room, 10)
    assert "10 older samples are lost" in state.sentences(0)[1]
    made.shelf.fault = None
    made.writer.write()
    assert made.moments == list(range(10, room + 10))
    assert made.writer.state.dropped == 10
    (sentence,) = made.writer.state.sentences(0)
    assert "10 older samples are lost" in sentence


def test_what_is_given_up_while_it_is_being_written_is_not_lost(desk: Callable[..., Desk]) -> None:
    """A disk that takes its time, and samples that come meanwhile to a backlog that is full."""
    made = desk(60.0)
    one = record(0)
    for second in range(LEAST_BACKLOG):
        made.writer.record(replace(one, timestamp=second))
    keep = made.shelf.write

    def slow(*arguments: object) -> None:
        for second in range(7):
            made.writer.record(replace(one, timestamp=LEAST_BACKLOG + second))
        keep(*arguments)  # type: ignore[arg-type]

    made.shelf.write = slow  # type: ignore[method-assign]
    assert made.writer.write()
    made.shelf.write = keep  # type: ignore[method-assign]
    assert made.writer.state.dropped == 0
    assert made.writer.write()
    assert made.moments == list(range(LEAST_BACKLOG + 7))


def test_a_disk_that_hangs_is_named_too(desk: Callable[..., Desk]) -> None:
    """It raises nothing: what tells is how long the write has been under way. Afterwards all is well again."""
    made = desk()
    seen = []
    keep = made.shelf.write

    def hang(*arguments: object) -> None:
        begun = round(made.clock.wall() * 1000)
        for seconds in (9.0, 3.0):
            made.clock.advance(seconds)
            seen.append((made.writer.state.since, made.writer.state.sentences(round(made.clock.wall() * 1000))))
        assert made.writer.state.since == begun
        keep(*arguments)  # type: ignore[arg-type]

    made.shelf.write = hang  # type: ignore[method-assign]
    made.take(3)
    assert made.writer.write()
    assert seen[0] == (None, ())
    (sentence,) = seen[1][1]
    assert "nothing has been written for 12 s because the disk does not answer; 3 samples are kept" in sentence
    assert made.writer.state.works
    assert made.writer.state.sentences(0) == ()


def test_a_defect_ends_nothing(desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the store raises is a fault like others, logged once."""
    made = desk()
    made.shelf.fault = ZeroDivisionError("by zero")
    for second in range(5):
        made.take(1, first=second)
        assert not made.writer.write()
    assert "ZeroDivisionError" in made.writer.state.problem
    assert [line.message for line in caplog.records] == ["history not written"]
    made.shelf.fault = None
    assert made.writer.write()
    assert made.moments == moments(0, 5)


def test_the_thread_writes_each_sample_as_it_comes(desk: Callable[..., Desk]) -> None:
    """Without being asked, and the rest at its end."""
    made = desk()
    written = threading.Event()
    keep = made.shelf.write

    def tell(*arguments: object) -> None:
        keep(*arguments)  # type: ignore[arg-type]
        written.set()

    made.shelf.write = tell  # type: ignore[method-assign]
    made.writer.open()
    made.writer.start()
    made.take(1)
    assert written.wait(10)
    made.take(3, first=1)
    made.writer.close()
    assert made.moments == moments(0, 4)
    assert not made.shelf.open_now


@pytest.mark.parametrize("error", [NewerSchemaError("newer"), TakenError("taken")])
def test_what_is_not_ours_ends_the_start(desk: Callable[..., Desk], error: Exception) -> None:
    """Another instance, a later version: no second try."""
    made = desk()
    made.shelf.fault = error
    with pytest.raises(type(error)):
        made.writer.open()


def test_a_store_that_cannot_be_opened_is_a_fault_like_others(desk: Callable[..., Desk]) -> None:
    """The folder may become writable."""
    made = desk()
    made.shelf.fault = FULL
    made.writer.open()
    assert not made.writer.state.works
    assert list(made.writer.past(24)) == []
    assert made.writer.read(Kind.LEDGER) == []
    assert not made.writer.write()
    assert not made.writer.state.works
    made.shelf.fault = None
    assert made.writer.write()
    assert made.writer.state.works


def test_a_file_that_turns_out_to_be_damaged_is_set_aside(desk: Callable[..., Desk]) -> None:
    """While it is read at the start; the page says so."""
    made = desk()

    def broken(*_: object) -> Iterator[object]:
        raise DamagedError("history.db is damaged")
        yield

    made.shelf.samples = broken  # type: ignore[method-assign, assignment]
    assert list(made.writer.past(24)) == []
    assert made.writer.state.aside == "set aside: history.db is damaged"
    assert "set aside" in made.writer.state.sentences(0)[0]


def test_who_waits_learns_when_it_is_on_the_disk(desk: Callable[..., Desk]) -> None:
    """And that it is not while the disk fails; later it is."""
    made = desk()
    ticket = made.writer.keep([ROW, replace(ROW, id="b2-1")])
    assert not made.writer.settled(ticket, 0.0)
    assert made.writer.write()
    assert made.writer.settled(ticket, 0.0)
    made.shelf.fault = FULL
    ticket = made.writer.keep([replace(ROW, document=None)])
    assert not made.writer.write()
    assert not made.writer.settled(ticket, 60.0)
    made.shelf.fault = None
    assert made.writer.write()
    assert made.writer.settled(ticket, 0.0)
    assert [entry.id for entry in made.writer.read(Kind.LEDGER)] == ["b2-1"]


def test_a_newer_entry_takes_the_place_of_one_that_waits(desk: Callable[..., Desk]) -> None:
    """Also of one whose writing failed meanwhile."""
    made = desk()
    made.writer.keep([ROW])
    made.shelf.fault = FULL
    assert not made.writer.write()
    made.writer.keep([replace(ROW, document={"seconds": 240})])
    made.shelf.fault = None
    assert made.writer.write()
    assert made.writer.read(Kind.LEDGER) == [replace(ROW, document={"seconds": 240})]


def test_where_too_much_waits_nothing_is_given_up_that_somebody_was_promised(
    desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    """A rule, a channel and an alert stay; the oldest of what people are to be told goes, and the log says so."""
    made = desk()
    promised = [Entry(kind, "one", 1, {}) for kind in (Kind.RULE, Kind.CHANNEL, Kind.ALERT, Kind.LEDGER)]
    ticket = made.writer.keep(promised)
    made.writer.keep([Entry(Kind.RULE, "gone", 1, None)])
    for begin in range(0, ENTRIES_WAITING, 1000):
        made.writer.keep([Entry(Kind.NOTICE, f"ops/{number}", 1, {}) for number in range(begin, begin + 1000)])
    assert made.writer.write()
    assert made.writer.settled(ticket, 0.0)
    assert [entry for one in promised for entry in made.writer.read(one.kind)] == promised
    assert (Kind.RULE, "gone") in made.shelf.kept
    told = [entry.id for entry in made.writer.read(Kind.NOTICE)]
    assert (len(told), told[0]) == (ENTRIES_WAITING - 5, "ops/5")
    assert caplog.text.count("too much waits for the disk") == 1


def test_a_data_directory_that_cannot_be_written_is_said_once_at_the_start(
    desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    """Not again for each kind of entries, of which there are none; another reason is said, and once as well."""
    made = desk()
    made.shelf.fault = StoreError("the data directory cannot be written")
    made.writer.open()
    made.shelf.fault = AbsentError("there is none yet")
    assert list(made.writer.past(24.0)) == []
    assert [made.writer.read(kind) for kind in Kind] == [[]] * len(Kind)
    assert [record.message for record in caplog.records] == ["history not written"]
    made.shelf.fault = FULL
    for kind in Kind:
        made.writer.read(kind)
    assert [record.message for record in caplog.records][1:] == ["entries not read"]
    made.shelf.fault = None
    made.writer.read(Kind.RULE)
    made.shelf.fault = FULL
    made.writer.read(Kind.RULE)
    assert [record.message for record in caplog.records][1:] == ["entries not read"] * 2
