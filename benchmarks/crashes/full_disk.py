"""A disk that is full at random offsets and freed again, under one writer that is never started anew.

`python -m benchmarks.crashes.full_disk limit|tmpfs FOLDER TIMES SEED` prints what became of it as JSON. With
`limit` the system refuses to let any file grow beyond an offset (RLIMIT_FSIZE): writes end in the middle. With
`tmpfs` the folder is a small disk of its own, which another file fills but for some bytes: ENOSPC.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.crashes.audit import Acknowledged, looked_at, started
from benchmarks.crashes.samples import RETENTION, TARGET, moment, sample
from benchmarks.server import ROOT
from monitor.engine.clock import SystemClock
from monitor.engine.history_writer import HistoryWriter
from monitor.storage.archive import Archive
from monitor.storage.database import FILE
from monitor.storage.history_file import HistoryFile

_UNTIL_FULL: Final = 2000
_ROOM: Final = 200_000
_DISK_BYTES: Final = 1 << 25
_MOUNT: Final = ("unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c")
_MOUNTED: Final = 'mount -t tmpfs -o size="$0" tmpfs "$1" && shift && exec "$@"'


@dataclass(slots=True)
class FullDisks:
    """What became of it: how often the disk was full, the writer's words for it, how many samples had to wait."""

    times: int = 0
    words: list[str] = field(default_factory=list)
    waited: int = 0
    samples: int = 0
    problems: list[str] = field(default_factory=list)


def fill(times: int, seed: int) -> FullDisks:
    """Do it in a process of its own, which alone is limited."""
    with tempfile.TemporaryDirectory() as folder:
        return _run((), "limit", folder, times, seed)


def fill_tmpfs(times: int, seed: int) -> FullDisks | None:
    """Do it on a disk of 32 MB in memory that only a process of its own sees; None where that is not allowed."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = (*_MOUNT, _MOUNTED, str(_DISK_BYTES), folder)
        try:
            subprocess.run([*mounted, "true"], stderr=subprocess.DEVNULL, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return _run(mounted, "tmpfs", folder, times, seed)


def _run(before: Sequence[str], how: str, folder: str, times: int, seed: int) -> FullDisks:
    command = [*before, sys.executable, "-m", "benchmarks.crashes.full_disk", how, folder, str(times), str(seed)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return FullDisks(**json.loads(done.stdout))


def _fill(
    folder: Path, times: int, random: Random, full: Callable[[Path, Random], AbstractContextManager[None]]
) -> FullDisks:
    result, number, acknowledged = FullDisks(), 0, Acknowledged()
    store = HistoryFile(folder, TARGET, RETENTION)
    writer = HistoryWriter(store, Archive(folder, TARGET), SystemClock(), 1.0)
    writer.open()
    while result.times < times:
        for _ in range(random.randint(1, 60)):
            number = _record(writer, number)
            if writer.write():
                acknowledged.note(number - 1, None)
            else:
                result.problems.append(f"not written with room: {writer.state.problem}")
        with full(folder, random):
            for _ in range(_UNTIL_FULL):
                number = _record(writer, number)
                if not writer.write():
                    break
                acknowledged.note(number - 1, None)
            else:
                continue
            result.times += 1
            result.words.append(writer.state.problem)
            for _ in range(random.randint(0, 20)):
                number = _record(writer, number)
                if writer.write():
                    acknowledged.note(number - 1, None)
            result.waited += writer.state.waiting
            # A reader may need room itself, for the index of the log.
            result.problems += [one for one in looked_at(folder, acknowledged).problems if "not read" not in one]
        if writer.write():
            acknowledged.note(number - 1, None)
        else:
            result.problems.append(f"not written when freed: {writer.state.problem}")
        result.problems += looked_at(folder, acknowledged).problems
        while store.tidy(moment(number - 1)):
            pass
    writer.close()
    result.problems += started(folder, acknowledged).problems
    result.samples = number
    result.words = sorted(set(result.words))
    return result


def _record(writer: HistoryWriter, number: int) -> int:
    writer.record(sample(number))
    return number + 1


@contextmanager
def _limited(folder: Path, random: Random) -> Iterator[None]:
    """Let no file grow beyond an offset between nothing and somewhat more than what is there."""
    largest = max(file.stat().st_size for file in folder.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (random.randint(0, largest + _ROOM), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _filled(folder: Path, random: Random) -> Iterator[None]:
    """Leave so many bytes of the disk that they are used up soon, or at once."""
    # A log that has its room already is written over and over, and needs no more for a long time.
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    filler = folder.with_name("filler")
    disk = os.statvfs(folder)
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, disk.f_bavail * disk.f_frsize - random.randint(0, _ROOM)))
    try:
        yield
    finally:
        filler.unlink()


if __name__ == "__main__":
    _, _how, _place, _times, _seed = sys.argv
    _full = {"limit": _limited, "tmpfs": _filled}[_how]
    print(json.dumps(asdict(_fill(Path(_place) / "data", int(_times), Random(int(_seed)), _full))))
