"""Processes and their machine, seen through psutil; the only file that asks it."""

import logging
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil

from monitor.core.counter import FRESH_INTERVALS
from monitor.core.errors import SettingsError, SourceError
from monitor.core.sample import Reading

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 5.0
"""How often new descendants of a process are looked for."""
COUNTING_SHARE: Final = 0.02
"""How much of the time may go into counting connections."""
_MB: Final = 1e6
_REFUSALS: Final = (
    psutil.Error,
    OSError,
    ValueError,
    RuntimeError,
    MemoryError,
    NotImplementedError,
    AttributeError,
)
"""What psutil raises for what it may not or cannot see, on one platform or another."""

Identity = tuple[int, float]
"""A process: its number and the moment of its start, because numbers are used again."""


@dataclass(frozen=True, slots=True)
class _CpuTimes:
    """CPU seconds used so far per process, at `at` (monotonic seconds)."""

    at: float
    used: dict[Identity, float]


class _ShareOfTime:
    """CPU seconds used per second by processes that come and go."""

    def __init__(self, interval: float) -> None:
        self._longest = FRESH_INTERVALS * interval
        self._before: _CpuTimes | None = None

    def update(self, now: _CpuTimes) -> float | None:
        """Return the share since the update before, None where it is not known.

        Only processes seen both times count: one that has just come brings no past into this second, and one that
        has gone takes nothing out of it.
        """
        before, self._before = self._before, now
        if before is None or not 0 < now.at - before.at <= self._longest:
            return None
        grown = [max(0.0, used - before.used[who]) for who, used in now.used.items() if who in before.used]
        return math.fsum(grown) / (now.at - before.at) if grown else None


class ProcessSource:
    """A process with its descendants: CPU, memory, connections, threads, open files."""

    name = "process"
    watches_target = True
    metrics = frozenset({"memory_mb", "cpu_utilization", "active_connections", "threads", "open_files"})

    def __init__(self, pid: int, interval: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Watch the process that has `pid` now; raises SettingsError when there is none."""
        try:
            self._root = psutil.Process(pid)
            self._started_at = self._root.create_time()
        except (psutil.Error, ValueError, OverflowError):
            raise SettingsError(f"pid: there is no process {pid}") from None
        self._monotonic = monotonic
        self._share = _ShareOfTime(interval)
        self._children: list[psutil.Process] = []
        self._look_at = self._count_at = -math.inf

    def read(self) -> Reading:
        """Look once; raises SourceError when the process has ended, even if its number is in use again."""
        try:
            if not self._root.is_running() or self._root.status() == psutil.STATUS_ZOMBIE:
                raise self._ended()
        except psutil.NoSuchProcess:
            raise self._ended() from None
        except _REFUSALS:
            pass  # its state is not ours to see; the measures say what is
        tree = self._tree()
        measures: dict[str, Callable[[], float | None]] = {
            "memory_mb": lambda: self._sum(tree, lambda process: process.memory_info().rss / _MB),
            "cpu_utilization": lambda: self._cpu(tree),
            "active_connections": lambda: self._connections(tree),
            "threads": lambda: self._sum(tree, lambda process: process.num_threads()),
            "open_files": lambda: self._sum(tree, lambda process: process.num_fds()),
        }
        values: dict[str, float] = {}
        for metric, measure in measures.items():
            try:
                value = measure()
            except _REFUSALS:
                continue
            if value is not None:
                values[metric] = value
        return Reading(values=values, started_at=self._started_at)

    def close(self) -> None:
        """Nothing to let go of."""

    def _tree(self) -> list[psutil.Process]:
        """Return the process and its descendants; new ones are looked for every few seconds only."""
        if self._monotonic() >= self._look_at:
            self._look_at = self._monotonic() + LOOK_SECONDS
            self._children = []
            try:
                self._children = self._root.children(recursive=True)
            except psutil.NoSuchProcess:
                raise self._ended() from None
            except _REFUSALS:
                log.debug("descendants not seen", exc_info=True)
        self._children = [child for child in self._children if _runs(child)]
        return [self._root, *self._children]

    def _sum(self, tree: list[psutil.Process], measure: Callable[[psutil.Process], float]) -> float:
        """Add up a measure over the tree; a child that has gone meanwhile adds nothing.

        One that may not be looked at raises: a sum without it would be too small.
        """
        total = 0.0
        for process in tree:
            try:
                total += measure(process)
            except psutil.NoSuchProcess:
                if process is self._root:
                    raise self._ended() from None
        return total

    def _cpu(self, tree: list[psutil.Process]) -> float | None:
        used: dict[Identity, float] = {}

        def take(process: psutil.Process) -> float:
            times = process.cpu_times()
            used[process.pid, process.create_time()] = times.user + times.system
            return 0.0

        at = self._monotonic()
        self._sum(tree, take)
        share = self._share.update(_CpuTimes(at, used))
        return None if share is None else 100.0 * share / self._cores()

    def _connections(self, tree: list[psutil.Process]) -> float | None:
        """Count connections, absent as long as counting would take more than a small share of the time.

        Each process costs a walk through the machine's socket tables, about 10 ms.
        """
        begun = self._monotonic()
        if begun < self._count_at:
            return None
        count = self._sum(tree, _connections)
        self._count_at = begun + (self._monotonic() - begun) / COUNTING_SHARE
        return count

    def _cores(self) -> int:
        """Return how many cores the process may use; all where the platform does not tell."""
        try:
            return len(self._root.cpu_affinity() or ()) or psutil.cpu_count() or 1
        except psutil.NoSuchProcess:
            raise self._ended() from None
        except _REFUSALS:
            return psutil.cpu_count() or 1

    def _ended(self) -> SourceError:
        return _ended(self._root.pid)


class EndedProcess:
    """A process that had ended before this could look at it, as it may when the server's worker is replaced."""

    name = ProcessSource.name
    watches_target = True
    metrics = ProcessSource.metrics

    def __init__(self, pid: int) -> None:
        """Stand for the process that had `pid`."""
        self._pid = pid

    def read(self) -> Reading:
        """Say that there is nothing to read."""
        raise _ended(self._pid)

    def close(self) -> None:
        """Nothing to let go of."""


def _ended(pid: int) -> SourceError:
    return SourceError(f"process {pid} has ended")


def _runs(process: psutil.Process) -> bool:
    """Tell whether it is still the same process under its number."""
    try:
        return process.is_running()
    except _REFUSALS:
        return False


def _connections(process: psutil.Process) -> float:
    return sum(one.status == psutil.CONN_ESTABLISHED for one in process.net_connections(kind="tcp"))


class HostSource:
    """The machine that the monitor runs on."""

    name = "host"
    watches_target = False
    metrics: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._primed = False

    def read(self) -> Reading:
        """Look once. CPU is absent from the first reading: it is a share of the time since the one before."""
        values: dict[str, float] = {}
        try:
            cpu = psutil.cpu_percent(interval=None)
            if self._primed:
                values["host_cpu"] = cpu
            self._primed = True
        except _REFUSALS:
            self._primed = False
        with suppress(*_REFUSALS):
            values["host_memory"] = psutil.virtual_memory().percent
        return Reading(values=values)

    def close(self) -> None:
        """Nothing to let go of."""


class SelfSource:
    """What the monitor itself costs; of a gunicorn server the worker, which is where everything happens."""

    name = "monitor"
    watches_target = False
    metrics: frozenset[str] = frozenset()

    def __init__(
        self,
        interval: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        cpu_seconds: Callable[[], float] = time.process_time,
    ) -> None:
        """Start with the first reading."""
        self._monotonic = monotonic
        self._cpu_seconds = cpu_seconds
        self._share = _ShareOfTime(interval)
        self._process: psutil.Process | None = None

    def read(self) -> Reading:
        """Look once; CPU is percent of one core."""
        values: dict[str, float] = {}
        share = self._share.update(_CpuTimes(self._monotonic(), {(0, 0.0): self._cpu_seconds()}))
        if share is not None:
            values["monitor_cpu"] = 100.0 * share
        with suppress(*_REFUSALS):
            self._process = self._process or psutil.Process()
            values["monitor_memory_mb"] = self._process.memory_info().rss / _MB
        return Reading(values=values)

    def close(self) -> None:
        """Nothing to let go of."""
