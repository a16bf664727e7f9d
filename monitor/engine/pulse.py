"""A wake-up call that any number of threads can wait for beside their sockets."""

import os
from contextlib import suppress


class Pulse:
    """A file descriptor that becomes readable once, for everyone who polls it, and stays so.

    A reader that waits for its peer and for news at once cannot wait on a condition. It takes the feed's current
    pulse, reads what there is, and polls. Closing the writing end is one system call however many are waiting.
    """

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._beaten = False

    def fileno(self) -> int:
        """Return the descriptor to poll for input; valid while this object is held."""
        return self._reading

    def beat(self) -> None:
        """Wake everyone; idempotent."""
        if not self._beaten:
            self._beaten = True
            os.close(self._writing)

    def __del__(self) -> None:
        """Give the descriptors back when the last reader has let go."""
        if hasattr(self, "_reading"):
            with suppress(OSError):
                self.beat()
            with suppress(OSError):
                os.close(self._reading)
