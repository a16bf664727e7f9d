"""A disk that is full at random offsets and freed again, under one writer that is never started anew.

`python -m benchmarks.crashes.full_disk FOLDER TIMES SEED` prints what became of it as JSON. The system
refuses to let any file grow beyond an offset (RLIMIT_FSIZE): writes end in the middle, as on a full disk.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
from monitor.storage.history_file import HistoryFile

_UNTIL_FULL: Final = 2000
_ROOM: Final = 200_000


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
        command = [sys.executable, "-m", "benchmarks.crashes.full_disk", folder, str(times), str(seed)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return FullDisks(**json.loads(done.stdout))


def _fill(folder: Path, times: int, random: Random) -> FullDisks:
    result, number = FullDisks(), 0
    store = HistoryFile(folder, TARGET, RETENTION)
    writer = HistoryWriter(store, Archive(folder, TARGET), SystemClock(), 1.0)
    writer.open()
    while result.times < times:
        for _ in range(random.randint(1, 60)):
            number = _record(writer, number)
            if not writer.write():
                result.problems.append(f"not written with room: {writer.state.problem}")
        acknowledged = Acknowledged(number - 1)
        with _limited(folder, random):
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
        if not writer.write():
            result.problems.append(f"not written when freed: {writer.state.problem}")
        result.problems += looked_at(folder, Acknowledged(number - 1)).problems
        while store.tidy(moment(number - 1)):
            pass
    writer.close()
    result.problems += started(folder, Acknowledged(number - 1)).problems
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


if __name__ == "__main__":
    _, _place, _times, _seed = sys.argv
    print(json.dumps(asdict(_fill(Path(_place), int(_times), Random(int(_seed))))))
