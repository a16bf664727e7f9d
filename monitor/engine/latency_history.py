"""The latency histograms of the past, for the sampler that adds to them and for everybody who reads them."""

import threading

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import Floats, Histogram
from monitor.core.latency_log import LatencyLog, Past, Seconds
from monitor.core.window import Integers


class LatencyHistory:
    """A latency log that any thread may use: what it gives out is a copy."""

    def __init__(self, minutes: int) -> None:
        """Keep single samples for an hour and whole minutes for so many."""
        self._log = LatencyLog(minutes)
        # Guards the log. The innermost of all: nothing else is taken while it is held.
        self._lock = threading.Lock()

    def append(self, timestamp: int, histogram: Histogram) -> None:
        """Add the histogram of the sample at `timestamp` (epoch ms)."""
        with self._lock:
            self._log.append(timestamp, histogram)

    def extend(self, timestamp: Integers, counts: NDArray[np.float32], totals: Floats) -> None:
        """Add many samples' histograms at once: (n,), (n, 65) with what overflowed last, and (n,) seconds."""
        with self._lock:
            self._log.extend(timestamp, counts, totals)

    def merged(self, start: int, end: int) -> Histogram:
        """Merge the samples with start <= timestamp < end (epoch ms)."""
        with self._lock:
            return self._log.merged(start, end)

    def seconds(self, start: int, end: int) -> Seconds:
        """Copy the single samples in start <= timestamp < end (epoch ms), as far as they reach."""
        with self._lock:
            return self._log.seconds(start, end)

    def past(self, start: int, end: int) -> Past:
        """Copy what lies in start <= timestamp < end (epoch ms): samples as far as they reach, minutes before."""
        with self._lock:
            return self._log.past(start, end)
