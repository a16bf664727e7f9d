"""Link: one open connection from the hub to a worker."""

import socket
from collections.abc import Sequence
from typing import Any

from monitor.samplehub.envelope import FrameReader, pack, unpack
from monitor.samplehub.task import Task

# As in the worker: more than an envelope has, and small enough not to fragment the heap.
RECEIVE_BYTES = 4096


class Link:
    """A connection with the tasks that are on their way over it.

    A `kept` link carries one envelope after another; any other carries one and then says that no more will
    come, so that the worker can turn to its next connection.
    """

    def __init__(self, slot: int, path: str, *, kept: bool) -> None:
        self.slot = slot
        self.kept = kept
        self.tasks: dict[int, Task] = {}
        self._reader = FrameReader()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def send(self, tasks: Sequence[Task]) -> tuple[int, int]:
        """Send the tasks in one envelope; returns its size before compression and as sent, in bytes."""
        frame, raw = pack([task.buffer.read(task.buffer.used) for task in tasks])
        self.tasks.update((task.id, task) for task in tasks)
        self._socket.sendall(frame)
        if not self.kept:
            self._socket.shutdown(socket.SHUT_WR)
        return raw, len(frame)

    def receive(self) -> list[dict[str, Any]] | None:
        """Answers that arrived, possibly none yet; None when the worker has closed the connection."""
        data = self._socket.recv(RECEIVE_BYTES)
        if not data:
            return None
        return [answer for frame in self._reader.feed(data) for answer in unpack(frame)]

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()
