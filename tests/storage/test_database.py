"""Files that are not what they should be, disks that do not do what they should."""

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from monitor.core.entry import Kind
from monitor.core.errors import AbsentError, DamagedError, NewerSchemaError, StoreError
from monitor.core.record import Records
from monitor.core.rollup import DAY_MS, MINUTE_MS
from monitor.storage.archive import Archive
from monitor.storage.database import check_version, open_reader, open_writer
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from monitor.storage.schema import VERSION
from records import BEGIN, records

Store = Callable[..., HistoryFile]
ALWAYS = (0, 1 << 60)
FIXTURES = Path(__file__).parent / "fixtures"


def moments(folder: Path) -> list[int]:
    found = list(Archive(folder, "hub").samples(*ALWAYS))
    return Records.joined(found).timestamp.tolist() if found else []


def filled(folder: Path, seconds: int = 200) -> Path:
    """Make a file with some minutes in it, closed properly."""
    kept = HistoryFile(folder, "hub", Retention(DAY_MS, DAY_MS, DAY_MS))
    kept.write(records(seconds), [])
    kept.close()
    return folder / "history.db"


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipes (name)")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "text": lambda file: file.write_text("dear diary, " * 999),
    "empty": lambda file: file.write_bytes(b""),
    "zeros": lambda file: file.write_bytes(bytes(8192)),
    "header": lambda file: file.write_bytes(b"X" * 64 + file.read_bytes()[64:]),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:3000]),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_no_database_is_set_aside_and_a_new_one_begun(
    tmp_path: Path, store: Store, damage: Callable[[Path], object]
) -> None:
    """Renamed with the date, byte for byte; the second start after it is like any other."""
    file = filled(tmp_path)
    damage(file)
    before = file.read_bytes()
    kept = store()
    kept.open()
    assert kept.aside.startswith("history.db.corrupt-20")
    assert (tmp_path / kept.aside).read_bytes() == before
    kept.write(records(5), [])
    kept.close()
    again = store()
    again.open()
    assert again.aside == ""
    assert moments(tmp_path) == [one.timestamp for one in records(5)]


def test_a_head_that_was_being_written_when_the_power_went_is_in_the_log(tmp_path: Path, store: Store) -> None:
    """The first sector holds anything, the log is whole: nothing is set aside, nothing is lost."""
    kept = store()
    kept.write(records(200), [])
    after = tmp_path / "after"
    after.mkdir()
    for name in ("history.db", "history.db-wal"):
        (after / name).write_bytes((tmp_path / name).read_bytes())
    kept.close()
    content = (after / "history.db").read_bytes()
    (after / "history.db").write_bytes(b"\xa5" * 512 + content[512:])
    again = store(folder=after)
    again.open()
    assert again.aside == ""
    assert moments(after) == [one.timestamp for one in records(200)]


def test_another_programs_database_is_not_ours(tmp_path: Path, store: Store) -> None:
    """Though SQLite would open it."""
    foreign(tmp_path / "history.db")
    kept = store()
    kept.write(records(2), [])
    with closing(sqlite3.connect(tmp_path / kept.aside)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    assert len(moments(tmp_path)) == 2


def test_what_lies_beside_a_damaged_file_goes_with_it(tmp_path: Path, store: Store) -> None:
    """A log that is another file's is not played into the new one."""
    (tmp_path / "history.db").write_bytes(b"no database")
    (tmp_path / "history.db-wal").write_bytes(b"no log")
    kept = store()
    kept.write(records(3), [])
    assert (tmp_path / f"{kept.aside}-wal").read_bytes() == b"no log"
    assert len(moments(tmp_path)) == 3


def test_a_file_that_breaks_while_it_is_written_is_set_aside(tmp_path: Path, store: Store) -> None:
    """The write fails, the next one goes into a new file."""
    kept = store()
    kept.write(records(400), [])
    kept.close()
    file = tmp_path / "history.db"
    content = bytearray(file.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(content)
    kept = store()
    for _ in range(3):
        try:
            kept.write(records(70, first=400), [])
            break
        except StoreError:
            continue
    assert kept.aside
    assert moments(tmp_path) == [one.timestamp for one in records(70, first=400)]


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path, store: Store) -> None:
    """By the store, and by the look before the start."""
    file = filled(tmp_path)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(f"PRAGMA user_version={VERSION + 1}")
    before = file.read_bytes()
    with pytest.raises(NewerSchemaError, match=f"schema {VERSION + 1}"):
        store().open()
    with pytest.raises(NewerSchemaError):
        check_version(tmp_path)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob("*corrupt*"))


def test_the_look_before_the_start_leaves_everything_else_to_the_start(tmp_path: Path) -> None:
    """No folder, no file, no database, another program's."""
    check_version(tmp_path / "none")
    check_version(tmp_path)
    file = tmp_path / "history.db"
    for content in (b"", b"text"):
        file.write_bytes(content)
        check_version(tmp_path)
    file.unlink()
    foreign(file)
    check_version(tmp_path)


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*.db")), ids=lambda file: file.stem)
def test_files_of_released_versions_are_read_and_continued(tmp_path: Path, store: Store, file: Path) -> None:
    """130 seconds of samples and a row of the ledger, as that version wrote them."""
    (tmp_path / "history.db").write_bytes(file.read_bytes())
    kept = store()
    kept.write(records(20, first=130), [])
    assert kept.aside == ""
    # What a migration begins with is kept.
    version = int(file.stem.removeprefix("version-"))
    backup = tmp_path / f"history.db.schema-{version}"
    assert backup.exists() == (version < VERSION)
    if backup.exists():
        with closing(sqlite3.connect(backup)) as before:
            assert before.execute("PRAGMA user_version").fetchone() == (version,)
            assert before.execute("SELECT count(*) FROM current").fetchone() == (10,)
        assert backup.stat().st_mode & 0o777 == 0o600
    found = Records.joined(list(Archive(tmp_path, "hub").samples(*ALWAYS)))
    whole = Records.of(records(150))
    # Metrics that came later are unknown in what an older version wrote.
    known = ~np.isnan(found.values[:130]).all(axis=0)
    assert known.sum() >= 20
    np.testing.assert_array_equal(found.values[:, known], whole.values[:, known])
    np.testing.assert_array_equal(found.values[130:], whole.values[130:])
    np.testing.assert_array_equal(found.latency, whole.latency)
    assert found.switches == whole.switches
    assert [row.id for row in Archive(tmp_path, "hub").entries(Kind.LEDGER)] == ["b1-1000-0"]
    assert Archive(tmp_path, "hub").rollups(MINUTE_MS, *ALWAYS).start.tolist() == [BEGIN, BEGIN + MINUTE_MS]


def test_a_migration_that_cannot_be_backed_up_leaves_the_file_alone(tmp_path: Path, store: Store) -> None:
    """The folder takes no copy: history is not written, and nothing of it is changed."""
    file = tmp_path / "history.db"
    content = (FIXTURES / "version-1.db").read_bytes()
    file.write_bytes(content)
    (tmp_path / ".history.db.copy").mkdir()
    kept = store()
    with pytest.raises(StoreError):
        kept.open()
    assert file.read_bytes() == content
    (tmp_path / ".history.db.copy").rmdir()
    kept.open()
    assert [row.id for row in Archive(tmp_path, "hub").entries(Kind.LEDGER)] == ["b1-1000-0"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Records]:
    folder = tmp_path_factory.mktemp("whole")
    file = filled(folder, 130)
    return file.read_bytes(), Records.joined(list(Archive(folder, "hub").samples(*ALWAYS)))


@pytest.mark.parametrize("seed", range(8))
def test_a_flipped_byte_is_found_or_changes_nothing(
    tmp_path: Path, whole: tuple[bytes, Records], seed: int
) -> None:
    """Anywhere in the file: what is read is what was written, or it is not read."""
    content, written = whole
    known = {moment: row for row, moment in enumerate(written.timestamp.tolist())}
    chance = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    for place in [*chance.sample(range(len(content)), 40), *chance.sample(range(8000), 10)]:
        changed = bytearray(content)
        changed[place] ^= chance.randrange(1, 256)
        (tmp_path / "history.db").write_bytes(changed)
        for beside in tmp_path.glob("history.db-*"):
            beside.unlink()
        try:
            found = list(Archive(tmp_path, "hub").samples(*ALWAYS))
        except StoreError:
            continue
        for part in found:
            rows = [known[moment] for moment in part.timestamp.tolist()]
            np.testing.assert_array_equal(part.values, written.values[rows])
            np.testing.assert_array_equal(part.latency, written.latency[rows])


def test_a_damaged_block_is_left_out_and_counted(tmp_path: Path) -> None:
    """SQLite does not see it; its neighbours are there."""
    file = filled(tmp_path)
    with closing(sqlite3.connect(file)) as raw:
        (payload,) = raw.execute("SELECT payload FROM samples ORDER BY id LIMIT 1 OFFSET 1").fetchone()
    content = file.read_bytes()
    place = content.find(payload[:200])
    assert place > 0
    file.write_bytes(content[: place + 100] + b"\0\1\2\3" + content[place + 104 :])
    archive = Archive(tmp_path, "hub")
    for _ in range(2):
        left = Records.joined(list(archive.samples(*ALWAYS))).timestamp
        assert left.tolist() == [one.timestamp for one in [*records(60), *records(80, first=120)]]
    assert archive.damaged == 1


def test_a_lock_by_another_program_is_a_fault_that_passes(tmp_path: Path, store: Store) -> None:
    """sqlite3 on the command line, with a transaction open; readers are not concerned."""
    kept = store()
    kept.write(records(3), [])
    with closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program has locked"):
            kept.write(records(5, first=3), [])
        assert len(moments(tmp_path)) == 3
        other.execute("ROLLBACK")
    kept.write(records(5, first=3), [])
    assert moments(tmp_path) == [one.timestamp for one in records(8)]


FILLED = """
import resource, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from monitor.core.errors import StoreError
from monitor.storage.archive import Archive
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from records import records
folder = Path(sys.argv[1])
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
kept = HistoryFile(folder, "hub", Retention(10**9, 10**9, 10**9))
written, failed = 0, 0
kept.write(records(70), [])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for room in (100_000, 0, 60_000, 0, 7_000):
    size = max(file.stat().st_size for file in folder.iterdir()) if room else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room if room else 4096, hard))
    for second in range(70, 400):
        if second < 70 + written:
            continue
        try:
            kept.write(records(1, first=second), [])
            written += 1
        except StoreError as problem:
            failed += 1
            assert "disk" in str(problem), problem
            break
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
kept.write(records(400 - 70 - written, first=70 + written), [])
assert failed, "the limit was never met"
kept.close()
found = [moment for part in Archive(folder, "hub").samples(0, 1 << 60) for moment in part.timestamp.tolist()]
assert found == [one.timestamp for one in records(400)], (len(found), failed)
"""


def test_a_disk_that_is_full_and_freed_loses_nothing(tmp_path: Path) -> None:
    """At several sizes; the same store goes on, each record is there once."""
    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-c", FILLED, str(tmp_path), str(root), str(root / "tests")],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert result.returncode == 0, result.stderr[-2000:]


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path, store: Store) -> None:
    """And none any more as soon as it can."""
    (tmp_path / "taken").write_text("a file")
    kept = store(folder=tmp_path / "taken" / "data")
    with pytest.raises(StoreError, match="the data directory cannot be used"):
        kept.write(records(2), [])
    (tmp_path / "taken").unlink()
    kept.write(records(2), [])
    assert len(moments(tmp_path / "taken" / "data")) == 2


def test_a_file_that_was_deleted_meanwhile_is_begun_anew(tmp_path: Path, store: Store) -> None:
    """What is written into a file without a name would be gone."""
    kept = store()
    kept.write(records(2), [])
    for file in tmp_path.glob("history.db*"):
        file.unlink()
    kept.write(records(3, first=2), [])
    assert moments(tmp_path) == [one.timestamp for one in records(3, first=2)]


def test_readers_never_keep_the_log_from_being_emptied(tmp_path: Path, store: Store) -> None:
    """Somebody reads all the time while hours are written; the log stays small."""
    kept = store()
    kept.write(records(60), [])
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            moments(tmp_path)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for minute in range(1, 60):
            kept.write(records(60, first=60 * minute), [])
    finally:
        stop.set()
        reader.join()
    assert (tmp_path / "history.db-wal").stat().st_size < 16_000_000


def test_an_unclean_end_is_looked_at(tmp_path: Path) -> None:
    """A broken page is found before anything is written, where a log was left behind."""
    file = filled(tmp_path, 400)
    content = bytearray(file.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 16] = b"\xee" * 16
    file.write_bytes(content)
    (tmp_path / "history.db-wal").write_bytes(b"\0" * 32)
    connection, aside = open_writer(tmp_path)
    connection.close()
    assert aside


def test_damage_that_sqlite_finds_while_reading_is_counted(tmp_path: Path) -> None:
    """Once for the file, however often it is met."""
    file = filled(tmp_path)
    archive = Archive(tmp_path, "hub")
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\7" * (len(content) - 4096))
    for _ in range(2):
        with pytest.raises(DamagedError):
            archive.first(MINUTE_MS)
    assert archive.damaged == 1


def test_a_file_that_is_gone_is_a_fault_and_one_that_never_was_is_none(tmp_path: Path) -> None:
    """What was read once does not become nothing."""
    archive = Archive(tmp_path, "hub")
    with pytest.raises(AbsentError):
        archive.first(MINUTE_MS)
    file = filled(tmp_path)
    assert archive.first(MINUTE_MS) == BEGIN
    file.unlink()
    with pytest.raises(StoreError) as told:
        archive.first(MINUTE_MS)
    assert not isinstance(told.value, AbsentError)


def test_a_file_in_a_folder_that_cannot_be_written_is_read(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is made beside it; one with a log, which somebody else may be writing, is read as ever."""
    kept = store()
    kept.write(records(90), [])
    monkeypatch.setattr("monitor.storage.database.os.access", lambda *_: False)
    assert sum(len(part) for part in Archive(tmp_path, "hub").samples(0, 1 << 60)) == 90
    kept.close()
    before = sorted(file.name for file in tmp_path.iterdir())
    with closing(open_reader(tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM targets").fetchone() == (1,)
        assert sorted(file.name for file in tmp_path.iterdir()) == before
    assert sum(len(part) for part in Archive(tmp_path, "hub").samples(0, 1 << 60)) == 90
