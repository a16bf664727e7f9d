"""CPU time and memory of given processes, children that are not named left out."""

import math
import time
from collections.abc import Sequence

import psutil


class Cost:
    """CPU since the start or the last `percent`."""

    def __init__(self, pids: Sequence[int]) -> None:
        """Begin now."""
        self._processes = [psutil.Process(pid) for pid in pids]
        self._at, self._used = time.monotonic(), self._seconds()

    def percent(self) -> float:
        """Return CPU in percent of one core since the last call, and begin anew."""
        at, used = time.monotonic(), self._seconds()
        share = 100.0 * (used - self._used) / (at - self._at)
        self._at, self._used = at, used
        return share

    def windows(self, seconds: float, width: float = 5.0) -> list[float]:
        """Measure for `seconds` in windows of about `width` seconds; return each one's percent."""
        count = max(1, round(seconds / width))
        shares = []
        for _ in range(count):
            time.sleep(seconds / count)
            shares.append(self.percent())
        return shares

    def resident_mb(self) -> list[float]:
        """Return resident memory per process, in MB of 10^6 bytes."""
        return [process.memory_info().rss / 1e6 for process in self._processes]

    def proportional_mb(self) -> float:
        """Return the proportional set size of all, MB of 10^6 bytes; NaN where the system does not tell it."""
        sizes = [getattr(process.memory_full_info(), "pss", math.nan) for process in self._processes]
        return sum(sizes) / 1e6

    def _seconds(self) -> float:
        times = [process.cpu_times() for process in self._processes]
        return sum(one.user + one.system for one in times)
