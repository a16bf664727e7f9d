"""What is written and read back, on a real SQLite."""

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from monitor.core.entry import Entry, Kind
from monitor.core.errors import StoreError, TakenError
from monitor.core.ledger import LedgerRow
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.record import Record, Records
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.core.verdict import Verdict
from monitor.storage.archive import Archive
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from records import BEGIN, record, records

Store = Callable[..., HistoryFile]
ALWAYS = (0, 1 << 60)
ROW = LedgerRow("b1-1000", 1000, "pool 64 → 128", "before", Verdict.BETTER, 12.5, 10.0, 15.0, 120)


def entry(row: LedgerRow = ROW, **changed: object) -> Entry:
    row = replace(row, **changed)
    return Entry(Kind.LEDGER, row.id, row.since, row.document())


def ledger(folder: Path, target: str = "hub") -> list[LedgerRow]:
    return [LedgerRow.read(one.document or {}) for one in Archive(folder, target).entries(Kind.LEDGER)]


def everything(folder: Path, target: str = "hub") -> Records:
    return Records.joined(list(Archive(folder, target).samples(*ALWAYS)))


def assert_same(found: Records, expected: list[Record]) -> None:
    whole = Records.of(expected)
    for name in ("timestamp", "values", "answered", "started_at", "measured", "latency", "total"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name), err_msg=name)
    assert found.switches == whole.switches


@pytest.mark.parametrize("together", [1, 7, 60, 400])
def test_what_was_written_is_read(tmp_path: Path, store: Store, together: int) -> None:
    """Bit by bit, in the order of writing, across minutes, however many come at once."""
    kept = store()
    written = records(200)
    for place in range(0, len(written), together):
        kept.write(written[place : place + together], [])
        assert_same(everything(tmp_path), written[: place + together])


def test_another_run_goes_on_in_the_same_minute(tmp_path: Path, store: Store) -> None:
    """A minute that two runs share becomes one block."""
    written = records(130)
    for begin, end in ((0, 20), (20, 45), (45, 130)):
        run = store()
        run.write(written[begin:end], [])
        run.close()
    assert_same(everything(tmp_path), written)
    found = Archive(tmp_path, "hub").rollups(MINUTE_MS, *ALWAYS)
    assert found.start.tolist() == [BEGIN, BEGIN + MINUTE_MS]
    assert found.count[:, COLUMN["latency_ms"]].tolist() == [60, 60]


def test_a_clock_that_was_set_back_loses_nothing(tmp_path: Path, store: Store) -> None:
    """The same minute twice: samples in the order in which they came, one roll-up of both."""
    written = [*records(70), *records(70)]
    kept = store()
    for one in written:
        kept.write([one], [])
    kept.write([record(200)], [])
    assert_same(everything(tmp_path), [*written, record(200)])
    found = Archive(tmp_path, "hub").rollups(MINUTE_MS, *ALWAYS)
    assert found.count[:, COLUMN["latency_ms"]].tolist() == [120, 20]


def test_a_target_sees_its_own_samples_alone(tmp_path: Path, store: Store) -> None:
    """Whatever else was watched from this folder, and whatever it is called."""
    names = ["hub", "other:9100", "x'; DROP TABLE samples; --"]
    for place, name in enumerate(names):
        kept = store(name)
        kept.write(records(90, first=1000 * place), [])
        kept.close()
    for place, name in enumerate(names):
        assert_same(everything(tmp_path, name), records(90, first=1000 * place))
    assert list(Archive(tmp_path, "never watched").samples(*ALWAYS)) == []


def test_a_range_is_inclusive_and_exact(tmp_path: Path, store: Store) -> None:
    """Half a minute here, half a minute there."""
    kept = store()
    kept.write(records(300), [])
    found = Records.joined(list(Archive(tmp_path, "hub").samples(BEGIN + 30_000, BEGIN + 250_000)))
    assert_same(found, records(221, first=30))


def test_rollups_are_those_of_the_samples(tmp_path: Path, store: Store) -> None:
    """Extremes exact, means to rounding, histograms merged; hours made of minutes."""
    written = records(7300)
    kept = store()
    kept.write(written, [])
    whole = Records.of(written[:7260])
    for width in (MINUTE_MS, HOUR_MS):
        found = Archive(tmp_path, "hub").rollups(width, *ALWAYS)
        expected = Rollups.of(whole, width)
        np.testing.assert_array_equal(found.start, expected.start)
        np.testing.assert_array_equal(found.low, expected.low)
        np.testing.assert_array_equal(found.high, expected.high)
        np.testing.assert_array_equal(found.count, expected.count)
        np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12)
        np.testing.assert_allclose(found.latency, expected.latency, rtol=1e-6)
    middle = Archive(tmp_path, "hub").rollups(MINUTE_MS, BEGIN + MINUTE_MS, BEGIN + 3 * MINUTE_MS)
    assert middle.start.tolist() == [BEGIN + MINUTE_MS, BEGIN + 2 * MINUTE_MS]


def test_metrics_come_and_go_between_versions(tmp_path: Path, store: Store) -> None:
    """A column that is no metric any more is left out, a new one is unknown in what is old."""
    kept = store()
    kept.write(records(70), [])
    kept.close()
    with closing(sqlite3.connect(tmp_path / "history.db")) as raw:
        (text,) = raw.execute("SELECT columns FROM layouts").fetchone()
        columns = ["long_gone" if name == "latency_ms" else name for name in orjson.loads(text)]
        changed = orjson.dumps(columns)
        import zlib  # noqa: PLC0415 - what the program itself would have written

        raw.execute("UPDATE layouts SET columns = ?, crc = ?", (changed.decode(), zlib.crc32(changed)))
        raw.commit()
    found = everything(tmp_path)
    assert np.isnan(found.values[:, COLUMN["latency_ms"]]).all()
    np.testing.assert_array_equal(found.values[:, 2:], Records.of(records(70)).values[:, 2:])
    kept = store()
    kept.write(records(70, first=70), [])
    np.testing.assert_array_equal(everything(tmp_path).values[70:], Records.of(records(70, first=70)).values)


def test_all_or_nothing(tmp_path: Path, store: Store) -> None:
    """A write that fails half way leaves no trace, and the same records go in afterwards once."""
    kept = store()
    kept.write(records(50), [entry()])
    broken = replace(record(62), values=np.zeros(len(COLUMNS) - 1))
    with pytest.raises(ValueError):  # noqa: PT011 - numpy's
        kept.write([*records(12, first=50), broken], [entry(id="b2-1")])
    assert_same(everything(tmp_path), records(50))
    kept.write(records(20, first=50), [])
    assert_same(everything(tmp_path), records(70))
    assert ledger(tmp_path) == [ROW]


def test_the_ledger_keeps_the_newest_row_of_an_id(tmp_path: Path, store: Store) -> None:
    """In the order in which the comparisons began, whatever the target."""
    other = replace(ROW, id="b1-500", since=500, percent=None, low=None, high=None, verdict=Verdict.COLLECTING)
    kept = store()
    kept.write([], [entry(), entry(other)])
    kept.write(records(1), [entry(seconds=240)])
    assert ledger(tmp_path, "another") == [other, replace(ROW, seconds=240)]


def test_the_old_ledger_is_taken_over_once(tmp_path: Path, store: Store) -> None:
    """With what a crash left of a line; its file is renamed, not deleted, and a newer row is not undone."""
    old = tmp_path / "ledger.jsonl"
    lines = [
        orjson.dumps(row.document())
        for row in (ROW, replace(ROW, seconds=60), replace(ROW, id="b1-2", since=2000))
    ]
    old.write_bytes(b"\n".join(lines) + b'\n{"id": "cut o')
    kept = store()
    kept.write([], [entry(seconds=999)])
    kept.close()
    assert not old.exists()
    assert (tmp_path / "ledger.jsonl.imported").exists()
    old.write_bytes(lines[0])
    store().open()
    assert ledger(tmp_path) == [replace(ROW, seconds=999), replace(ROW, id="b1-2", since=2000)]


def test_files_are_their_owners_alone(tmp_path: Path, store: Store) -> None:
    """Folder 0700, files 0600, what SQLite keeps beside them too."""
    folder = tmp_path / "deep" / "data"
    kept = store(folder=folder)
    kept.write(records(3), [])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    names = ("history.db", "history.db-wal", "history.db-shm", "instance.json", "instance.lock")
    assert found == dict.fromkeys(names, 0o600)


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path, store: Store) -> None:
    """It was put back from a backup; what is kept beside it, too."""
    first = store()
    first.write(records(2), [])
    first.close()
    (tmp_path / "history.db").chmod(0o664)
    again = store()
    again.write([record(2)], [])
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("history.db*")}
    assert modes == {0o600}


def test_what_is_too_old_goes_piece_by_piece(tmp_path: Path, store: Store) -> None:
    """Single samples of an hour, minutes of three, hours of all."""
    kept = store(retention=Retention(HOUR_MS, 3 * HOUR_MS, 730 * DAY_MS))
    step = 20_000
    written = [replace(record(n, latency=False), timestamp=BEGIN + n * step) for n in range(6 * 180)]
    kept.write(written, [])
    now = written[-1].timestamp
    pieces = 0
    while kept.tidy(now):
        pieces += 1
    assert pieces > 10
    left = everything(tmp_path).timestamp
    assert now - HOUR_MS - 2 * MINUTE_MS <= left[0] <= now - HOUR_MS
    archive = Archive(tmp_path, "hub")
    minutes, hours = archive.rollups(MINUTE_MS, *ALWAYS), archive.rollups(HOUR_MS, *ALWAYS)
    assert now - 5 * HOUR_MS <= minutes.start[0] <= now - 3 * HOUR_MS
    assert hours.start[0] <= BEGIN


def test_what_nobody_watches_any_more_goes_too(tmp_path: Path, store: Store) -> None:
    """With the minute that never ended; not before as much newer is there."""
    keeping = Retention(HOUR_MS, 3 * HOUR_MS, 730 * DAY_MS)
    old = store("old", retention=keeping)
    old.write(records(90), [])
    old.close()
    kept = store(retention=keeping)
    later = [replace(record(n, latency=False), timestamp=BEGIN + DAY_MS + n * MINUTE_MS) for n in range(70)]
    kept.write(later[:30], [])
    assert not kept.tidy(later[29].timestamp)
    assert len(everything(tmp_path, "old")) == 90
    kept.write(later[30:], [])
    while kept.tidy(later[-1].timestamp):
        pass
    assert list(Archive(tmp_path, "old").samples(*ALWAYS)) == []
    assert len(Archive(tmp_path, "old").rollups(HOUR_MS, *ALWAYS).start) == 1


def test_a_clock_that_jumps_ahead_deletes_nothing(tmp_path: Path, store: Store) -> None:
    """Ten years, by a battery that was empty."""
    kept = store(retention=Retention(HOUR_MS, 3 * HOUR_MS, 730 * DAY_MS))
    written = records(600)
    kept.write(written, [])
    assert not kept.tidy(BEGIN + 10 * 365 * DAY_MS)
    assert_same(everything(tmp_path), written)


def test_one_whose_folder_was_removed_leaves_the_next_owner_alone(tmp_path: Path, store: Store) -> None:
    """It says who has it, and what the other one committed stays."""
    folder = tmp_path / "data"
    first, second = store(folder=folder), store(folder=folder)
    first.write(records(5), [])
    shutil.rmtree(folder)
    second.write(records(40, first=5), [])
    with pytest.raises(TakenError, match="in use by process"):
        first.write(records(60, first=45), [])
    assert_same(everything(folder), records(40, first=5))


def test_only_the_rows_that_make_up_a_block_are_deleted(tmp_path: Path, store: Store) -> None:
    """Whoever else wrote some: what nobody read is not given up."""
    kept = store()
    kept.write(records(5), [])
    with closing(sqlite3.connect(tmp_path / "history.db")) as raw:
        columns = "target, layout, start, crc, payload"
        raw.execute(f"INSERT INTO current SELECT 1000, {columns} FROM current LIMIT 1")  # noqa: S608 - own words
        raw.commit()
    kept.write([record(70)], [])
    with closing(sqlite3.connect(tmp_path / "history.db")) as raw:
        assert raw.execute("SELECT id FROM current WHERE id = 1000").fetchall() == [(1000,)]


def test_where_nothing_can_be_read_it_says_so(tmp_path: Path) -> None:
    """No file, no folder."""
    with pytest.raises(StoreError, match="cannot be opened"):
        list(Archive(tmp_path / "none", "hub").samples(*ALWAYS))


def test_rollups_come_with_the_moment_up_to_which_they_hold_everything(tmp_path: Path, store: Store) -> None:
    """No minute that is under way, another run's part of it or not, and none of a clock that was ahead."""
    kept = store()
    kept.open()
    archive = Archive(tmp_path, "hub")
    assert archive.rolled(MINUTE_MS, *ALWAYS)[1] == 0
    kept.write(records(130), [])
    found, until = archive.rolled(MINUTE_MS, *ALWAYS)
    assert (found.start.tolist(), until) == ([BEGIN, BEGIN + MINUTE_MS], BEGIN + 2 * MINUTE_MS)
    kept.write([record(7200), record(7300), record(70)], [])
    found, until = archive.rolled(MINUTE_MS, *ALWAYS)
    assert (found.start.tolist(), until) == ([BEGIN], BEGIN + MINUTE_MS)


@pytest.mark.parametrize("damaged", [True, False])
def test_what_a_running_program_goes_by_is_in_the_file_that_is_begun_anew(
    tmp_path: Path, store: Store, damaged: bool
) -> None:
    """Rules, channels and alerts, also of an earlier run, and not what was deleted meanwhile."""
    kinds = (Kind.RULE, Kind.CHANNEL, Kind.ALERT)
    earlier = store()
    earlier.write([], [Entry(kind, "old", 1, {"of": kind}) for kind in kinds])
    earlier.write([], [Entry(Kind.RULE, "gone", 1, {})])
    earlier.close()
    kept = store()
    kept.write([], [Entry(kind, "new", 2, {"of": kind}) for kind in kinds])
    kept.write([], [Entry(Kind.RULE, "gone", 3, None), Entry(Kind.NOTICE, "told", 3, {})])
    if damaged:
        kept.set_aside("damaged")
    else:
        for file in tmp_path.glob("history.db*"):
            file.unlink()
    kept.write([record(0)], [])
    for kind in kinds:
        found = [(one.id, one.document) for one in Archive(tmp_path, "hub").entries(kind)]
        assert found == [("old", {"of": kind}), ("new", {"of": kind})]
