"""Long answers, made in small pieces so that nobody else has to wait for them."""

import logging
import threading
import time
from collections.abc import Iterator
from typing import Final, Protocol, runtime_checkable

from monitor.core.errors import BusyError, StoreError
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock

log = logging.getLogger(__name__)

LIMIT: Final = 4
"""Long answers that the server has under way at once; the next one gets 429."""

_PAUSE_SECONDS: Final = 0.004
_REST_SECONDS: Final = 0.06


@runtime_checkable
class Closable(Protocol):
    """What has something to let go of."""

    def close(self) -> None:
        """Let go of it."""
        ...


class Downloads:
    """Lets `limit` long answers be under way, and one of them at a time make a piece.

    A piece takes a millisecond or two of the interpreter, then all of them pause: whoever else wants it, the
    sampler first of all, gets it in between, however many downloads there are. Right after a tick they rest, so
    that they do not stand between the viewers and their frames.
    """

    def __init__(self, limit: int, monitor: Monitor, clock: Clock) -> None:
        """Allow `limit` answers at once, resting after the ticks of `monitor`."""
        self._monitor = monitor
        self._clock = clock
        # Counts the answers under way.
        self.places = threading.BoundedSemaphore(limit)
        # Held while a piece is made and for the pause after it: one answer works at a time.
        self.turn = threading.Lock()

    def rest(self) -> None:
        """Pause until the frames of the newest tick have had the time to leave."""
        newest = self._monitor.snapshot
        since = _REST_SECONDS if newest is None else self._clock.monotonic() - newest.sample.at
        time.sleep(max(_PAUSE_SECONDS, _REST_SECONDS - since if since >= 0 else 0.0))

    def start(self, pieces: Iterator[bytes]) -> "Download":
        """Return the answer of these pieces, the first of which is made here: it may be that none can be.

        Raises BusyError when too many are under way, and what making the first piece raises.
        """
        if not self.places.acquire(blocking=False):
            raise BusyError("too many downloads are under way")
        download = Download(self, pieces)
        try:
            download.begin()
        except BaseException:
            download.close()
            raise
        return download


class Download:
    """An iterator of one answer's pieces that keeps its place until it is closed; servers close what they send."""

    def __init__(self, downloads: Downloads, pieces: Iterator[bytes]) -> None:
        """Answer with `pieces` in turn with the others; the place is taken already."""
        self._downloads = downloads
        self._pieces = pieces
        self._first: bytes | None = None
        self._open = True

    def begin(self) -> None:
        """Make the first piece."""
        self._first = self._made()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next piece; raises where there is none though there should be: the answer then has no end."""
        first, self._first = self._first, None
        if first is not None:
            return first
        try:
            return self._made()
        except StoreError as problem:
            log.warning("download broken off", extra={"reason": str(problem)})
            raise

    def _made(self) -> bytes:
        with self._downloads.turn:
            piece = next(self._pieces)
            self._downloads.rest()
        return piece

    def close(self) -> None:
        """Give the place back, and end what makes the pieces; idempotent."""
        if self._open:
            self._open = False
            if isinstance(self._pieces, Closable):
                self._pieces.close()
            self._downloads.places.release()
