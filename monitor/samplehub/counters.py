"""Counters: the running totals of the hub."""

import threading
from bisect import bisect_left
from dataclasses import dataclass, field, replace

# 64 upper bounds from 0.1 ms to 100 s, evenly spaced on a logarithmic scale; beyond the last comes +Inf.
DURATION_BOUNDS = tuple(10 ** (-4 + k * 6 / 63) for k in range(64))


@dataclass(slots=True)
class Totals:
    """Counts since the start; `buckets` are per bucket (not cumulative), the last one is beyond 100 s."""

    offered: int = 0
    shed: int = 0
    operations: int = 0
    errors: int = 0
    messages: int = 0
    batches: int = 0
    raw_bytes: int = 0
    sent_bytes: int = 0
    duration_seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(DURATION_BOUNDS) + 1))


class Counters:
    """Written by the hub's loop, read by scrapes; one scrape sees all totals of the same instant."""

    def __init__(self) -> None:
        # Guards the totals, so that a scrape never sees a task counted in one of them and not yet in another.
        self._lock = threading.Lock()
        self._totals = Totals()

    def admitted(self, offered: int, shed: int) -> None:
        """Requests that arrived, and how many of them found the queue full."""
        with self._lock:
            self._totals.offered += offered
            self._totals.shed += shed

    def sent(self, messages: int, raw_bytes: int, sent_bytes: int) -> None:
        """One envelope went to a worker."""
        with self._lock:
            totals = self._totals
            totals.messages += messages
            totals.batches += 1
            totals.raw_bytes += raw_bytes
            totals.sent_bytes += sent_bytes

    def completed(self, durations: list[float], errors: int) -> None:
        """Tasks that came back, with their seconds since the intended start, and how many of them failed."""
        with self._lock:
            totals = self._totals
            totals.operations += len(durations)
            totals.errors += errors
            for duration in durations:
                totals.buckets[bisect_left(DURATION_BOUNDS, duration)] += 1
                totals.duration_seconds += duration

    def read(self) -> Totals:
        """A copy of the totals."""
        with self._lock:
            return replace(self._totals, buckets=self._totals.buckets.copy())
