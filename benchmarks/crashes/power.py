"""Power lost at random moments of a recording: the product writes on a disk that keeps only what was flushed."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from unittest import mock

from benchmarks.crashes.audit import Acknowledged, memory, started
from benchmarks.crashes.samples import RETENTION, TARGET, commits
from benchmarks.crashes.sqlite_over_apsw import Connection
from benchmarks.crashes.volatile_disk import Platter, VolatileDisk
from monitor.storage.history_file import HistoryFile

_COMMITS = 800
_LONGEST = 700
"""Beyond what the log holds before it is emptied into the file and begun anew."""
_IMAGES = 100
"""Of each recording."""
_ASKED = "PRAGMA synchronous=FULL"


@dataclass(slots=True)
class PowerLosses:
    """What became of it: images, those of a moment when something was not flushed yet, those wrong, and why."""

    images: int = 0
    unflushed: int = 0
    wrong: int = 0
    problems: list[str] = field(default_factory=list)


def lose_power(images: int, seed: int, *, synchronous: str = "FULL") -> PowerLosses:
    """Record, and start from `images` of what may be left.

    With another word than `FULL` SQLite is told to flush less often than the product has it.
    """
    random, result = Random(seed), PowerLosses()
    while result.images < images:
        with tempfile.TemporaryDirectory(dir=memory()) as kept:
            disk = _recorded(Path(kept) / "data", random, synchronous=synchronous)
            cuts = sorted(random.randrange(len(disk.events)) for _ in range(min(_IMAGES, images - result.images)))
            _start_from(disk, cuts, Path(kept) / "image", random, result)
    return result


def _recorded(folder: Path, random: Random, *, synchronous: str) -> VolatileDisk:
    """Have the product write, its statements unchanged, through a disk that notes what reaches it."""
    store = HistoryFile(folder, TARGET, RETENTION)
    store.open()
    store.close()
    disk = VolatileDisk(folder, f"volatile-{random.random()}")

    def connect(file: str, **_: object) -> Connection:
        return Connection(file, disk.name, {_ASKED: f"PRAGMA synchronous={synchronous}"})

    try:
        with (
            mock.patch.object(sqlite3, "connect", connect),
            closing(commits(folder, 0, random, _LONGEST)) as made,
        ):
            for commit in islice(made, _COMMITS):
                disk.mark(commit)
    finally:
        disk.unregister()
    return disk


def _start_from(disk: VolatileDisk, cuts: list[int], folder: Path, random: Random, result: PowerLosses) -> None:
    platter, acknowledged, place = Platter.of(disk.base), Acknowledged(), 0
    for cut in cuts:
        for event in disk.events[place:cut]:
            if isinstance(event.mark, tuple):
                acknowledged.note(*event.mark)
            platter.take(event)
        place = cut
        folder.mkdir()
        for name, content in platter.after_power_loss(random).items():
            (folder / name).write_bytes(content)
        found = started(folder, acknowledged)
        shutil.rmtree(folder)
        result.images += 1
        result.unflushed += bool(platter.waiting or platter.names_waiting)
        result.wrong += bool(found.problems)
        result.problems += [f"event {cut} of {len(disk.events)}: {problem}" for problem in found.problems]
