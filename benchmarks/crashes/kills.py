"""kill -9 of the recording process at random instants, one file over all of them."""

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.crashes.audit import Acknowledged, started_copy
from benchmarks.crashes.samples import entry
from benchmarks.server import ROOT

_LATEST_SECONDS = 0.06


@dataclass(slots=True)
class Kills:
    """What became of it: `early` were killed before their first commit, `seconds` are the starts after them."""

    runs: int = 0
    acknowledged: int = 0
    early: int = 0
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def kill(runs: int, seed: int) -> Kills:
    """Record and kill, `runs` times; after each, start with a copy and look for everything acknowledged."""
    random, result = Random(seed), Kills()
    acknowledged, last = Acknowledged(), -1
    with tempfile.TemporaryDirectory() as kept, _recorder() as recorder:
        assert recorder.stdin is not None
        assert recorder.stdout is not None
        folder = Path(kept) / "data"
        for run in range(runs):
            order = {
                "folder": str(folder),
                "first": last + 1,
                "seed": random.random(),
                "opened": random.random() < 0.5,
                "delay": random.uniform(0.0, _LATEST_SECONDS),
            }
            recorder.stdin.write(json.dumps(order) + "\n")
            recorder.stdin.flush()
            commits = 0
            for line in recorder.stdout:
                kind, number, *added = line.split()
                if kind == "end":
                    break
                commits += 1
                acknowledged.note(int(number), None if added == ["-"] else entry(int(added[0])))
            else:
                raise RuntimeError("the recorder ended")
            result.runs += 1
            result.acknowledged += commits
            result.early += not commits
            if int(number) != -signal.SIGKILL:
                result.problems.append(f"run {run}: the recorder ended by itself, {number}")
            if not (folder / "history.db").exists() and acknowledged.last < 0:
                continue
            found = started_copy(folder, acknowledged)
            result.problems += [f"run {run}: {problem}" for problem in found.problems]
            result.seconds.append(found.seconds)
            last = max(found.last, last)
        recorder.stdin.close()
        recorder.wait(10)
    return result


def _recorder() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crashes.recorder"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
