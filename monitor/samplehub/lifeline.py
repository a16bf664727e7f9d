"""Lifeline: a pipe inherited from the parent, whose end tells that the parent has ended."""

import contextlib
import os
import threading
from collections.abc import Callable


def watch(descriptor: int, ended: Callable[[], None]) -> None:
    """Call `ended` at end-of-file; the operating system closes the pipe however the parent ends."""
    # Blocks on the pipe; what is written to it is read and ignored.
    threading.Thread(target=_read, args=(descriptor, ended), name="lifeline", daemon=True).start()


def _read(descriptor: int, ended: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):  # a pipe that cannot be read cannot tell that the parent lives
        while os.read(descriptor, 4096):
            pass
    ended()
