"""Who is connected to `/ws`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class View(StrEnum):
    """What a connection is sent."""

    METRICS = "metrics"
    PAGE = "page"


class Viewers:
    """Admits up to `limit` connections, so that they can never use up the threads that HTTP needs."""

    def __init__(self, limit: int) -> None:
        """Admit `limit` connections (>= 1) of all views together."""
        self.limit = limit
        self._open = dict.fromkeys(View, 0)
        # Guards the counts: admission compares and counts in one step.
        self._lock = threading.Lock()

    @contextmanager
    def admit(self, view: View) -> Iterator[bool]:
        """Count one connection while it lasts; yields False, counting nothing, when the house is full."""
        with self._lock:
            admitted = sum(self._open.values()) < self.limit
            self._open[view] += admitted
        try:
            yield admitted
        finally:
            with self._lock:
                self._open[view] -= admitted

    def count(self, view: View) -> int:
        """Return how many connections of this view are open."""
        return self._open[view]
