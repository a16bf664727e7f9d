"""The rolling frame."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.metric import COLUMNS
from monitor.core.window import BLOCK_ROWS, Rows, Window


def filled(rows: int, capacity: int = 3 * BLOCK_ROWS) -> Window:
    """Build a window of `rows` rows whose every value is the seq."""
    window = Window(capacity)
    for seq in range(1, rows + 1):
        window.append(seq, seq * 1000, np.full(len(COLUMNS), float(seq)))
    return window


def whole(rows: Rows) -> bool:
    """Tell whether each row has the values that were written with its seq."""
    return bool((rows.values == rows.seq[:, None]).all() and (rows.timestamp == rows.seq * 1000).all())


def test_the_last_rows_inside_a_block_are_views() -> None:
    """Reading the live minute copies nothing, as arrays and as a DataFrame."""
    window = filled(100)
    rows = window.last(60)
    assert np.shares_memory(rows.values, window.last(100).values)
    assert np.shares_memory(rows.frame().to_numpy(), rows.values)


def test_a_frame_has_utc_times_and_metric_columns() -> None:
    """What pandas users expect."""
    frame = filled(3).last(3).frame()
    assert list(frame.columns) == list(COLUMNS)
    assert str(frame.index.dtype) == "datetime64[ms, UTC]"
    assert frame["latency_ms"].tolist() == [1.0, 2.0, 3.0]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, BLOCK_ROWS * 2 + 50), st.integers(1, BLOCK_ROWS * 2 + 200))
def test_the_last_rows_are_the_newest_in_order(rows: int, count: int) -> None:
    """Across any number of blocks."""
    got = filled(rows).last(count)
    assert got.seq.tolist() == list(range(max(0, rows - count) + 1, rows + 1))
    assert whole(got)


def test_it_forgets_the_oldest_and_keeps_its_capacity() -> None:
    """No more than capacity is shown, no less is kept."""
    window = filled(2 * BLOCK_ROWS + 10, capacity=BLOCK_ROWS)
    assert len(window) == BLOCK_ROWS
    assert len(window.last(10**6)) == BLOCK_ROWS
    parts = window.parts(0, 10**12)
    assert [len(part) for part in parts] == [BLOCK_ROWS - 10, 10]


def test_rows_between_two_moments_are_found_without_copying_whole_blocks() -> None:
    """Both ends belong to the range."""
    window = filled(BLOCK_ROWS + 20)
    start, end = (BLOCK_ROWS - 1) * 1000, (BLOCK_ROWS + 3) * 1000
    parts = window.parts(start, end)
    assert [part.seq.tolist() for part in parts] == [
        [BLOCK_ROWS - 1, BLOCK_ROWS],
        [BLOCK_ROWS + 1, BLOCK_ROWS + 2, BLOCK_ROWS + 3],
    ]


def test_rows_are_found_although_the_wall_clock_stepped_back() -> None:
    """A stepped clock costs no rows."""
    window = Window(100)
    for seq, timestamp in enumerate([1000, 2000, 500, 1500, 2500], 1):
        window.append(seq, timestamp, np.full(len(COLUMNS), float(seq)))
    assert window.parts(1000, 2000)[0].seq.tolist() == [1, 2, 4]


def test_a_full_block_never_changes() -> None:
    """What a reader holds stays as it was, whatever is appended."""
    window = filled(BLOCK_ROWS)
    held = window.last(BLOCK_ROWS)
    before = held.values.copy()
    for seq in range(BLOCK_ROWS + 1, BLOCK_ROWS + 200):
        window.append(seq, seq * 1000, np.zeros(len(COLUMNS)))
    assert (held.values == before).all()


@pytest.mark.timeout(60)
def test_readers_on_other_threads_never_see_a_torn_row() -> None:
    """Four readers against one writer over two block boundaries."""
    window, stop, torn = Window(BLOCK_ROWS), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            rows = window.last(120)
            if not whole(rows) or (np.diff(rows.seq) != 1).any():
                torn.append(rows)
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for seq in range(1, 2 * BLOCK_ROWS + 100):
        window.append(seq, seq * 1000, np.full(len(COLUMNS), float(seq)))
    stop.set()
    for reader in readers:
        reader.join()
    assert not torn


def test_it_begins_with_the_oldest_row_it_keeps() -> None:
    """Not with one that is only still in memory."""
    window = Window(5000)
    assert window.begins is None
    row = np.zeros(len(COLUMNS))
    for number in range(9000):
        window.append(number, 1000 * number, row)
        assert window.begins == 1000 * max(0, number - 4999)


@pytest.mark.parametrize("capacity", [1, 100, 3600, 5000, 9000])
@pytest.mark.parametrize("sizes", [[0, 3], [60] * 70, [10_000], [3600, 1, 3600, 7199]])
def test_extending_is_appending_many(capacity: int, sizes: list[int]) -> None:
    """The same rows are there, the same oldest is the first, and single ones go on after them."""
    many, single = Window(capacity), Window(capacity)
    seq = 0
    for size in sizes:
        numbers = np.arange(seq + 1, seq + size + 1)
        values = np.repeat(numbers[:, None].astype(np.float64), len(COLUMNS), axis=1)
        many.extend(Rows(numbers, 1000 * numbers, values))
        for number in numbers.tolist():
            single.append(number, 1000 * number, values[number - seq - 1])
        seq += size
    for window in (many, single):
        window.append(seq + 1, 1000 * (seq + 1), np.zeros(len(COLUMNS)))
    assert len(many) == len(single)
    assert many.begins == single.begins == 1000 * (seq + 2 - len(single))
    found, expected = many.last(capacity), single.last(capacity)
    np.testing.assert_array_equal(found.seq, expected.seq)
    np.testing.assert_array_equal(found.timestamp, expected.timestamp)
    np.testing.assert_array_equal(found.values, expected.values)


def test_it_begins_with_the_earliest_moment_not_the_first_row() -> None:
    """The wall clock was ahead, and set back; rows that are not kept any more do not count."""
    window = Window(5000)
    for number in range(4000):
        window.append(number, 10_000_000 + number, np.full(len(COLUMNS), np.nan))
    window.append(4000, 5, np.full(len(COLUMNS), np.nan))
    assert window.begins == 5
    for number in range(5000):
        window.append(4001 + number, 100 + number, np.full(len(COLUMNS), np.nan))
    assert window.begins == 100
