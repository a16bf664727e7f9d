"""Whether a file holds what was acknowledged, and nothing that was never written."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.crashes.samples import BEGIN, RETENTION, STEP, TARGET, moment, sample
from monitor.core.entry import Entry, Kind
from monitor.core.errors import StoreError
from monitor.core.record import Records
from monitor.core.rollup import MINUTE_MS, Rollups
from monitor.storage.archive import Archive
from monitor.storage.database import FILE
from monitor.storage.history_file import HistoryFile

_ALWAYS = (0, 1 << 60)
_ARRAYS = ("timestamp", "values", "answered", "started_at", "measured", "latency", "total")


@dataclass(slots=True)
class Acknowledged:
    """What the writer said was on the disk: the newest sample's number, -1 before the first, and entries by id."""

    last: int = -1
    entries: dict[str, int] = field(default_factory=dict)

    def note(self, last: int, added: Entry | None) -> None:
        """Take what a commit was about."""
        self.last = last
        if added is not None:
            self.entries[added.id] = int((added.document or {})["number"])


@dataclass(frozen=True, slots=True)
class Finding:
    """`last` is the newest sample's number, -1 without any; `seconds` is how long the start took."""

    last: int
    problems: tuple[str, ...]
    seconds: float = 0.0


def memory() -> str | None:
    """Return a folder in memory where there is one, for files of which nothing has to be on a disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def started(folder: Path, acknowledged: Acknowledged) -> Finding:
    """Open the file as a start does, look at all of it, and go on writing."""
    store = HistoryFile(folder, TARGET, RETENTION)
    try:
        began = time.monotonic()
        store.open()
        seconds = time.monotonic() - began
        found = looked_at(folder, acknowledged)
        problems = [*found.problems, *([f"set aside as {store.aside}"] if store.aside else [])]
        store.write([sample(found.last + 1)], [])
        if looked_at(folder, Acknowledged(found.last + 1)).last != found.last + 1:
            problems.append("the next sample is not there")
        return Finding(found.last, tuple(problems), seconds)
    except StoreError as problem:
        return Finding(-1, (f"start failed: {problem}",))
    finally:
        store.close()


def started_copy(folder: Path, acknowledged: Acknowledged) -> Finding:
    """Do that with a copy: the file itself stays as the crash left it. Nobody may have it open."""
    with tempfile.TemporaryDirectory(dir=memory()) as copy:
        for file in folder.glob(f"{FILE}*"):
            shutil.copyfile(file, Path(copy) / file.name)
        return started(Path(copy), acknowledged)


def looked_at(folder: Path, acknowledged: Acknowledged) -> Finding:
    """Read everything, and change nothing."""
    archive = Archive(folder, TARGET)
    try:
        parts = list(archive.samples(*_ALWAYS))
        minutes = archive.rollups(MINUTE_MS, *_ALWAYS)
        entries = {one.id: int((one.document or {})["number"]) for one in archive.entries(Kind.LEDGER)}
        problems = _integrity(folder)
    except (StoreError, sqlite3.Error) as problem:
        return Finding(-1, (f"not read: {problem}",))
    if archive.damaged:
        problems.append(f"{archive.damaged} damaged blocks")
    problems += _missing(entries, acknowledged.entries)
    if not parts:
        return Finding(-1, (*problems, *(["every sample is lost"] if acknowledged.last >= 0 else [])))
    records = Records.joined(parts)
    numbers = (records.timestamp - BEGIN) // STEP
    last = int(numbers.max())
    if last < acknowledged.last:
        problems.append(f"{acknowledged.last - last} acknowledged samples are lost")
    oldest = (moment(last) - RETENTION.samples - BEGIN) // STEP
    if numbers[0] > max(0, oldest + MINUTE_MS // STEP):
        problems.append("the oldest samples are lost")
    if not np.array_equal(numbers, np.arange(numbers[0], last + 1)):
        problems.append("samples are missing, doubled, or in another order")
    else:
        problems += _differing(records, minutes, int(numbers[0]), last)
    return Finding(last, tuple(problems))


def _missing(found: Mapping[str, int], acknowledged: Mapping[str, int]) -> list[str]:
    lost = [one for one, number in acknowledged.items() if found.get(one, -1) < number]
    return [f"entries are lost: {', '.join(lost)}"] if lost else []


def _integrity(folder: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)) as connection:
        ((found, *_), *_) = connection.execute("PRAGMA integrity_check").fetchall()
    return [] if found == "ok" else [f"integrity: {found.splitlines()[-1]}"]


def _differing(records: Records, minutes: Rollups, first: int, last: int) -> list[str]:
    """Compare bit by bit with what was written, and whole minutes with their roll-ups."""
    written = Records.of([sample(number) for number in range(first, last + 1)])
    problems = [
        f"{name} is not what was written"
        for name in _ARRAYS
        if not np.array_equal(
            getattr(records, name), getattr(written, name), equal_nan=name in {"values", "started_at"}
        )
    ]
    if records.switches != written.switches:
        problems.append("switches are not what was written")
    whole = -(-moment(first) // MINUTE_MS) * MINUTE_MS, moment(last) // MINUTE_MS * MINUTE_MS
    expected, found = Rollups.of(written, MINUTE_MS).between(*whole), minutes.between(*whole)
    if not all(
        np.array_equal(getattr(found, name), getattr(expected, name), equal_nan=True)
        for name in ("start", "low", "high", "count")
    ):
        problems.append("minutes are not those of their samples")
    return problems
