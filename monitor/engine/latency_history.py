"""The latency histograms of the past, for the sampler that adds to them and for everybody who reads them."""

import threading

from monitor.core.histogram import Histogram
from monitor.core.latency_log import LatencyLog, Past, Seconds


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
