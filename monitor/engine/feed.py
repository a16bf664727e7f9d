"""A bounded log of snapshots with sequence numbers; every reader is a cursor into it.

A reader that was away asks for what came after its `seq`. A slow reader falls behind in the log and costs nobody
anything: there is no queue per reader.
"""

import threading
from collections import deque
from typing import Final

from monitor.core.snapshot import Snapshot
from monitor.engine.pulse import Pulse

LOG_LENGTH: Final = 300


class Feed:
    """The newest 300 snapshots. `publish` only appends and wakes; readers wait outside of any other lock."""

    def __init__(self) -> None:
        self._log: deque[Snapshot] = deque(maxlen=LOG_LENGTH)
        self._closed = False
        # Guards the log, the pulse and the end.
        self._lock = threading.Lock()
        self._pulse: Pulse | None = None

    @property
    def latest(self) -> Snapshot | None:
        """Return the newest snapshot."""
        with self._lock:
            return self._log[-1] if self._log else None

    @property
    def closed(self) -> bool:
        """Tell whether the server is going down."""
        return self._closed

    def publish(self, snapshot: Snapshot) -> None:
        """Append the next snapshot; its seq is the last one's plus 1."""
        with self._lock:
            self._log.append(snapshot)
            self._wake()

    def read(self, after: int) -> list[Snapshot] | None:
        """Return the snapshots after `after`, oldest first; None when the log has lost the first of them."""
        with self._lock:
            if not self._log or after >= self._log[-1].seq:
                return []
            first = self._log[0].seq
            if after + 1 < first:
                return None
            return [self._log[index] for index in range(after + 1 - first, len(self._log))]

    def get(self, seq: int) -> Snapshot | None:
        """Return one snapshot, None when the log does not hold it."""
        with self._lock:
            index = seq - self._log[0].seq if self._log else -1
            return self._log[index] if 0 <= index < len(self._log) else None

    def close(self) -> None:
        """Wake every reader for the last time."""
        with self._lock:
            self._closed = True
            self._wake()

    def pulse(self) -> Pulse:
        """Return what becomes readable at the next `publish` or `close`; to be taken before reading."""
        with self._lock:
            if self._pulse is None:
                self._pulse = Pulse()
                if self._closed:
                    self._pulse.beat()
            return self._pulse

    def _wake(self) -> None:
        if self._pulse is not None:
            self._pulse.beat()
            self._pulse = None
