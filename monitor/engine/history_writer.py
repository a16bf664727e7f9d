"""The one writer: hands every sample and every row of the ledger to the store, and waits for it in memory."""

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from monitor.core.durability import Durability
from monitor.core.errors import DamagedError, NewerSchemaError, StoreError, TakenError
from monitor.core.ledger import LedgerRow
from monitor.core.record import Record, Records
from monitor.core.rollup import HOUR_MS
from monitor.engine.ports import Clock, HistoryArchive, HistoryStore

log = logging.getLogger(__name__)

BACKLOG_SECONDS: Final = 1800
LEAST_BACKLOG: Final = 1000
_ROWS_WAITING: Final = 500
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 5.0
_TIDY_SECONDS: Final = 60.0
_END_SECONDS: Final = 5.0
_HANGS_SECONDS: Final = 10.0
"""So long no disk takes that works: it hangs, and raises nothing."""


class HistoryWriter:
    """Takes records without waiting, and commits them on a thread of its own, all that wait in one transaction."""

    def __init__(self, store: HistoryStore, archive: HistoryArchive, clock: Clock, interval: float) -> None:
        """Write to `store`, a record each `interval` seconds; `archive` reads what is there."""
        self._store = store
        self.archive = archive
        """Reads what was written."""
        self._clock = clock
        self._room = max(LEAST_BACKLOG, round(BACKLOG_SECONDS / interval))
        # Guards backlog, rows, state and when the work under way began; nothing is written while it is held.
        self._lock = threading.Lock()
        self._backlog: deque[Record] = deque()
        self._rows: list[LedgerRow] = []
        self._state = Durability()
        self._began: float | None = None
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._pause = _FIRST_PAUSE
        self._tidy_at = clock.monotonic() + _TIDY_SECONDS
        # The writer: it alone uses the store once it runs. A daemon: a disk that hangs must not keep the process.
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)

    @property
    def state(self) -> Durability:
        """Return how far things are on the disk."""
        with self._lock:
            state = self._state
            took = 0.0 if self._began is None else self._clock.monotonic() - self._began
            if state.works and took >= _HANGS_SECONDS:
                since = round((self._clock.wall() - took) * 1000)
                state = replace(state, since=since, problem="the disk does not answer")
            return replace(
                state,
                waiting=len(self._backlog),
                aside=self._store.aside,
                damaged=self.archive.damaged,
            )

    def open(self) -> None:
        """Open the store, so that it can be read; what may pass is for later.

        Raises NewerSchemaError and TakenError.
        """
        try:
            self._store.open()
        except (NewerSchemaError, TakenError):
            raise
        except StoreError as problem:
            self._failed(problem)

    def past(self, hours: float) -> Iterator[Records]:
        """Yield what was kept of the last hours, oldest first, as far as it can be read; before `start`."""
        now = round(self._clock.wall() * 1000)
        try:
            yield from self.archive.samples(now - round(hours * HOUR_MS), now)
        except DamagedError as problem:
            try:
                self._store.set_aside(str(problem))
            except StoreError as another:
                self._failed(another)
        except StoreError as problem:
            if self.state.works:
                log.warning("history not read", extra={"reason": str(problem)})

    def start(self) -> None:
        """Start to write."""
        self._thread.start()

    def record(self, record: Record) -> None:
        """Take a sample; where there is no room, the oldest that waits is given up."""
        with self._lock:
            self._backlog.append(record)
            if len(self._backlog) > self._room:
                self._backlog.popleft()
                self._state = replace(self._state, dropped=self._state.dropped + 1)
        self._wake.set()

    def append(self, row: LedgerRow) -> None:
        """Take a row of the ledger; the newest of an id counts."""
        with self._lock:
            self._rows = [*self._rows[-_ROWS_WAITING + 1 :], row]
        self._wake.set()

    def read(self) -> list[LedgerRow]:
        """Return the ledger as it is kept: the newest row of each id, oldest first."""
        try:
            return self.archive.ledger()
        except StoreError as problem:
            log.warning("ledger not read", extra={"reason": str(problem)})
            return []

    def close(self) -> None:
        """Write what waits, and let go of the store; idempotent."""
        self._ending.set()
        self._wake.set()
        if self._thread.ident is None:
            self._store.close()
        elif self._thread.is_alive():
            self._thread.join(_END_SECONDS)
            if self._thread.is_alive():
                log.error("history not closed", extra={"waiting": len(self._backlog)})

    def write(self) -> bool:
        """Write everything that waits; tell whether that worked."""
        with self._lock:
            records, dropped = list(self._backlog), self._state.dropped
            rows, self._rows = self._rows, []
        try:
            with self._under_way():
                if records or rows:
                    self._store.write(records, rows)
                else:
                    self._store.open()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do better
            with self._lock:
                self._rows = [*rows, *self._rows]
            self._failed(error)
            return False
        self._written(records, dropped)
        return True

    def _run(self) -> None:
        while not self._ending.is_set():
            self._wake.wait()
            self._wake.clear()
            if self.write():
                self._tidy()
            else:
                self._ending.wait(self._pause)
                self._wake.set()
        self.write()
        self._store.close()

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        """Note when the store was given something to do: whether it hangs can only be told by others."""
        with self._lock:
            self._began = self._clock.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._began = None

    def _tidy(self) -> None:
        """Delete a piece of what is too old, now and then."""
        now = self._clock.monotonic()
        if now < self._tidy_at:
            return
        try:
            with self._under_way():
                more = self._store.tidy(round(self._clock.wall() * 1000))
        except Exception as error:  # noqa: BLE001 - the next write tells more
            more = False
            log.warning("history not tidied", extra={"reason": str(error)})
        self._tidy_at = now + (0.0 if more else _TIDY_SECONDS)

    def _failed(self, error: Exception) -> None:
        now = round(self._clock.wall() * 1000)
        reason = str(error) if isinstance(error, StoreError) else f"of a defect ({type(error).__name__}: {error})"
        with self._lock:
            begins = self._state.works
            self._state = replace(self._state, since=now if begins else self._state.since, problem=reason)
        self._pause = _FIRST_PAUSE if begins else min(2 * self._pause, _LONGEST_PAUSE)
        if begins:
            log.error("history not written", extra={"reason": reason}, exc_info=not isinstance(error, StoreError))

    def _written(self, records: list[Record], dropped: int) -> None:
        with self._lock:
            # What the backlog gave up while it was being written is not lost.
            given_up = min(self._state.dropped - dropped, len(records))
            for _ in range(len(records) - given_up):
                self._backlog.popleft()
            again = not self._state.works
            self._state = replace(
                self._state,
                until=records[-1].timestamp if records else self._state.until,
                since=None,
                problem="",
                dropped=self._state.dropped - given_up,
            )
        if again:
            log.info("history written again", extra={"samples": len(records)})
