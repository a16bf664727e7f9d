"""Work that may take its time, one piece after the other."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

log = logging.getLogger(__name__)

_END_SECONDS = 5.0


class Background:
    """A thread that does what it is given, in order; what fails is logged and the next piece begins."""

    def __init__(self, name: str) -> None:
        """Be ready to start a thread of this name."""
        self._work: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        # Does the work. A daemon: a file system that hangs must not keep the process alive.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._closed = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def do(self, work: Callable[[], object]) -> None:
        """Have it done some time soon."""
        self._work.put(work)

    def close(self) -> None:
        """Do what was given before, and end; idempotent."""
        if not self._closed:
            self._closed = True
            self._work.put(None)
        if self._thread.is_alive():
            self._thread.join(_END_SECONDS)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception:
                log.exception("work in the background failed", extra={"work": self._thread.name})
