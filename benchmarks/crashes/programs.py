"""kill -9 of the whole program at random instants, one data directory over all of its runs."""

import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import psutil

from benchmarks.server import Server
from monitor.core.metric import COLUMN
from monitor.core.record import Records
from monitor.storage.archive import Archive

_METRICS: Final = ("throughput_ops_sec", "memory_mb", "tick_lateness_ms")
_TARGET: Final = "sample-hub"
_LONGEST_SECONDS: Final = 2.5
_ASK_SECONDS: Final = 0.05


@dataclass(slots=True)
class ProgramKills:
    """What became of it: `seconds` are from each start to its first tick."""

    runs: int = 0
    acknowledged: int = 0
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def kill_programs(runs: int, seed: int) -> ProgramKills:
    """Start `hub-monitor serve`, read what it says is on the disk, kill master and worker, look; `runs` times."""
    random, result = Random(seed), ProgramKills()
    known: dict[int, tuple[float | None, ...]] = {}
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        for run in range(runs):
            began = round(time.time() * 1000)
            command = [sys.executable, "-m", "monitor", "serve", "--port", "0", "--data-dir", kept]
            with Server(command) as server:
                server.ready()
                until = time.monotonic() + random.uniform(0.0, _LONGEST_SECONDS)
                while time.monotonic() < until or not known:
                    known |= _acknowledged(server)
                    time.sleep(_ASK_SECONDS)
                # The master first, it would start another worker; the sample hub ends by itself.
                master = psutil.Process(server.process.pid)
                for process in (master, *master.children()):
                    os.kill(process.pid, signal.SIGKILL)
                server.process.wait(10)
            result.runs += 1
            problems, first = _looked_at(folder, known, began)
            result.problems += [f"run {run}: {problem}" for problem in problems]
            if first is not None:
                result.seconds.append((first - began) / 1000.0)
    result.acknowledged = len(known)
    return result


def _acknowledged(server: Server) -> dict[int, tuple[float | None, ...]]:
    """Return the samples that the program shows and says to be on the disk, by time; gaps have no lateness."""
    until = server.get("/healthz?verbose")["storage"]["durable_until"] or 0
    series = server.get(f"/api/v1/history?from=now-15m&points=raw&metrics={','.join(_METRICS)}")
    rows = zip(series["timestamp"], *(series[name] for name in _METRICS), strict=True)
    return {moment: tuple(values) for moment, *values in rows if moment <= until and values[-1] is not None}


def _looked_at(
    folder: Path, known: dict[int, tuple[float | None, ...]], began: int
) -> tuple[list[str], int | None]:
    """Return what is wrong, and the first tick since `began` (epoch ms)."""
    problems = [f"{file.name} is there" for file in folder.glob("*corrupt*")]
    records = Records.joined(list(Archive(folder, _TARGET).samples(0, 1 << 60)))
    columns = [COLUMN[name] for name in _METRICS]
    kept = {int(moment): values[columns] for moment, values in zip(records.timestamp, records.values, strict=True)}
    lost = [moment for moment in known if moment not in kept]
    if lost:
        problems.append(f"{len(lost)} acknowledged samples are lost")
    if not all(
        np.allclose(kept[moment], np.array(values, np.float64), atol=1e-3, equal_nan=True)
        for moment, values in known.items()
        if moment in kept
    ):
        problems.append("values are not those that were shown")
    return problems, min((moment for moment in kept if moment >= began), default=None)
