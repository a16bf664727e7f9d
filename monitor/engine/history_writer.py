"""The one writer: hands every sample and every entry to the store, and waits for it in memory."""

import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from monitor.core.durability import Durability
from monitor.core.entry import Entry, Kind
from monitor.core.errors import AbsentError, DamagedError, NewerSchemaError, StoreError, TakenError
from monitor.core.record import Record, Records
from monitor.core.rollup import HOUR_MS
from monitor.engine.ports import Clock, HistoryArchive, HistoryStore

log = logging.getLogger(__name__)

BACKLOG_SECONDS: Final = 1800
LEAST_BACKLOG: Final = 1000
ENTRIES_WAITING: Final = 30_000
"""More than all rules of all channels make in a tick."""
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
        # Guards all that follows up to why entries were not read; nothing is written while it is held.
        self._lock = threading.Lock()
        # Of the same lock: wakes who waits for what he handed over.
        self._progress = threading.Condition(self._lock)
        self._backlog: deque[Record] = deque()
        self._entries: dict[tuple[Kind, str], Entry] = {}
        self._crowded = False
        self._handed = self._settled = 0
        self._state = Durability()
        self._began: float | None = None
        self._unread = ""
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

    def keep(self, entries: Sequence[Entry]) -> int:
        """Take entries, all of which are kept at once; returns what `settled` takes."""
        with self._lock:
            for entry in entries:
                self._entries.pop((entry.kind, entry.id), None)
                self._entries[entry.kind, entry.id] = entry
            self._make_room()
            self._handed += 1
            ticket = self._handed
        self._wake.set()
        return ticket

    def _make_room(self) -> None:
        """Give up the oldest of what is told from memory anyway where too much waits, and nothing else."""
        surplus = len(self._entries) - ENTRIES_WAITING
        if surplus > 0:
            gone = list(islice((key for key, entry in self._entries.items() if _spare(entry)), surplus))
            for key in gone:
                del self._entries[key]
            if gone and not self._crowded:
                log.error("too much waits for the disk: what people are to be told is in memory alone")
            self._crowded = self._crowded or bool(gone)

    def settled(self, ticket: int, timeout: float) -> bool:
        """Wait until what was handed over is on the disk; False after `timeout` s, or where the disk fails."""
        with self._progress:
            self._progress.wait_for(lambda: self._settled >= ticket or not self._state.works, timeout)
            return self._settled >= ticket

    def read(self, kind: Kind) -> list[Entry]:
        """Return the entries of a kind as they are kept, none where they cannot be read."""
        try:
            found = self.archive.entries(kind)
        except StoreError as problem:
            self._not_read(kind, problem)
            return []
        with self._lock:
            self._unread = ""
        return found

    def _not_read(self, kind: Kind, problem: StoreError) -> None:
        """Say a reason once, whatever the kind, and not that there are none yet where none can be."""
        reason = str(problem)
        with self._lock:
            known = reason == self._unread or (isinstance(problem, AbsentError) and not self._state.works)
            self._unread = reason
        if not known:
            log.warning("entries not read", extra={"kind": kind.value, "reason": reason})

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
            entries, self._entries, handed = self._entries, {}, self._handed
        try:
            with self._under_way():
                if records or entries:
                    self._store.write(records, list(entries.values()))
                else:
                    self._store.open()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do better
            with self._lock:
                self._entries = entries | self._entries
            self._failed(error)
            return False
        self._written(records, dropped, handed)
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
            self._progress.notify_all()
        self._pause = _FIRST_PAUSE if begins else min(2 * self._pause, _LONGEST_PAUSE)
        if begins:
            log.error("history not written", extra={"reason": reason}, exc_info=not isinstance(error, StoreError))

    def _written(self, records: list[Record], dropped: int, handed: int) -> None:
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
            self._settled = handed
            self._crowded = False
            self._progress.notify_all()
        if again:
            log.info("history written again", extra={"samples": len(records)})


def _spare(entry: Entry) -> bool:
    """Tell whether a restart without it tells people twice or not, but forgets nothing that anybody said."""
    return entry.kind in {Kind.NOTICE, Kind.MESSAGE} or (entry.kind is Kind.ALERT and entry.document is None)
