"""The writing side of `history.db`. The lock on the folder has it be the only one."""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import orjson

from monitor.core.entry import Entry, Kind
from monitor.core.errors import DamagedError, StoreError
from monitor.core.metric import COLUMNS
from monitor.core.record import Record, Records
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.storage.block import (
    SAMPLES,
    Layout,
    checksum,
    from_records,
    from_rollups,
    is_whole,
    to_records,
    to_rollups,
)
from monitor.storage.database import FILE, described, open_writer, set_aside
from monitor.storage.directory_lock import DirectoryLock
from monitor.storage.layouts import Layouts
from monitor.storage.ledger_lines import LedgerLines
from monitor.storage.retention import Retention

_ROLLED: Final = ((MINUTE_MS, HOUR_MS), (HOUR_MS, DAY_MS))
"""Widths of roll-ups, each with the span of time that shares a row."""
_STANDING: Final = (Kind.RULE, Kind.CHANNEL, Kind.ALERT)
"""What the running program goes by: a file that is begun anew gets it, too."""


class HistoryFile:
    """Keeps one target's records, and everybody's entries. One thread at a time uses it."""

    def __init__(self, folder: Path, target: str, retention: Retention, address: str = "") -> None:
        """Keep them in `folder`, made and locked when it is opened, for the instance at `address`."""
        self._folder = folder
        self._lock = DirectoryLock(folder, address)
        self._target = target
        self._retention = retention
        self._connection: sqlite3.Connection | None = None
        self._layouts = Layouts()
        self._key = self._layout = 0
        self._current: list[Records] = []
        # Of the same rows the id, which another row may come to have, and the checksum, which tells them apart.
        self._ids: list[tuple[int | None, int]] = []
        self._doubtful = False
        # Of the standing kinds: kind and id -> moment, checksum, document, as they are in the file.
        self._standing: dict[tuple[str, str], tuple[int, int, bytes]] = {}
        self.aside = ""
        """The name under which a file was set aside that could not be used."""

    def open(self) -> None:
        """Be ready to write; nothing where that is so already.

        Raises TakenError, NewerSchemaError, and StoreError for what may pass.
        """
        if self._connection is not None:
            return
        self._lock.acquire()
        connection, aside = open_writer(self._folder)
        self.aside = aside or self.aside
        lines = LedgerLines(self._folder)
        try:
            with described():
                self._connection = connection
                with self._transaction(connection):
                    self._begin(connection)
                    lines.take_over(connection)
        except StoreError as problem:
            self._give_up(problem)
            raise
        lines.retire()

    def write(self, records: Sequence[Record], entries: Sequence[Entry]) -> None:
        """Keep all or nothing of them; they are on the disk when this returns. Raises StoreError in words."""
        if self._connection is not None and not ((self._folder / FILE).exists() and self._lock.held):
            self._give_up(StoreError("history.db is gone"))
        self.open()
        connection = self._opened()
        try:
            with described():
                if self._doubtful:
                    records = self._unwritten(records)
                with self._transaction(connection):
                    current, ids = self._take(connection, records)
                    for entry in entries:
                        _keep(connection, entry)
                self._current, self._ids = current, ids
                for entry in entries:
                    self._note(entry)
                self._doubtful = False
        except StoreError as problem:
            self._give_up(problem)
            raise

    def tidy(self, now: int) -> bool:
        """Delete one piece of what is older than its keeping at `now` (epoch ms); tell whether there is more."""
        self.open()
        connection = self._opened()
        try:
            with described(), self._transaction(connection):
                return self._retention.delete(connection, now)
        except StoreError as problem:
            self._give_up(problem)
            raise

    def set_aside(self, reason: str) -> None:
        """Rename the file, which turned out to be damaged, and begin a new one."""
        self._give_up(DamagedError(reason))
        self.open()

    def close(self) -> None:
        """Empty the log into the file and let go of file and folder; idempotent."""
        self._disconnect()
        self._lock.release()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError("history.db is not open")
        return self._connection

    def _give_up(self, problem: StoreError) -> None:
        """Begin anew the next time: after a fault nobody knows what a connection believes."""
        self._disconnect()
        self._doubtful = True
        if isinstance(problem, DamagedError):
            with suppress(FileNotFoundError):
                self.aside = set_aside(self._folder, str(problem))

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[None]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            raise

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Find the target's number and what its last minute holds so far."""
        connection.execute("INSERT OR IGNORE INTO targets (name) VALUES (?)", (self._target,))
        (self._key,) = connection.execute("SELECT id FROM targets WHERE name = ?", (self._target,)).fetchone()
        self._layouts = Layouts()
        self._layout = self._layouts.number(connection, COLUMNS)
        rows = connection.execute(
            "SELECT id, layout, start, crc, payload FROM current WHERE target = ? ORDER BY id", (self._key,)
        ).fetchall()
        self._ids = [(number, crc) for number, _, _, crc, _ in rows]
        self._current = [
            to_records(payload, layout)
            for _, number, start, crc, payload in rows
            if (layout := self._readable(connection, number, SAMPLES, start, crc, payload)) is not None
        ]
        self._stand(connection)

    def _stand(self, connection: sqlite3.Connection) -> None:
        """Write what stands where the file does not have it, and take in what it has."""
        connection.executemany(
            "INSERT OR IGNORE INTO entries (kind, id, at, crc, document) VALUES (?, ?, ?, ?, ?)",
            [(*named, *content) for named, content in self._standing.items()],
        )
        rows = connection.execute(
            "SELECT kind, id, at, crc, document FROM entries WHERE kind IN (?, ?, ?)", _STANDING
        )
        self._standing = {(kind, identity): (at, crc, document) for kind, identity, at, crc, document in rows}

    def _note(self, entry: Entry) -> None:
        if entry.document is None:
            self._standing.pop((entry.kind, entry.id), None)
        elif entry.kind in _STANDING:
            self._standing[entry.kind, entry.id] = _content(entry.at, entry.document)

    def _readable(
        self, connection: sqlite3.Connection, number: int, width: int, start: int, crc: int, payload: bytes
    ) -> Layout | None:
        """Return the payload's layout, None where it is not what was written."""
        whole = is_whole(self._key, number, width, start, crc, payload)
        return self._layouts.get(connection, number) if whole else None

    def _unwritten(self, records: Sequence[Record]) -> Sequence[Record]:
        """Leave out what a commit kept after all though it was reported as failed: nobody knew until now."""
        if self._current:
            last = int(self._current[-1].timestamp[-1])
            for place, record in enumerate(records):
                if record.timestamp == last:
                    return records[place + 1 :]
        return records

    def _take(
        self, connection: sqlite3.Connection, records: Sequence[Record]
    ) -> tuple[list[Records], list[tuple[int | None, int]]]:
        """Write records, each minute that has ended as a block; return those of the minute under way, and ids."""
        current, ids = self._current, self._ids
        waiting: list[Record] = []
        ended = False
        for record in records:
            before = waiting[-1].timestamp if waiting else int(current[-1].timestamp[-1]) if current else None
            if before is not None and before // MINUTE_MS != record.timestamp // MINUTE_MS:
                self._seal(connection, Records.joined([*current, *([Records.of(waiting)] if waiting else [])]))
                current, waiting, ended = [], [], True
            waiting.append(record)
        if ended:
            connection.executemany("DELETE FROM current WHERE id = ? AND crc = ?", ids)
            ids = []
        added = [Records.of([record]) for record in waiting]
        for single in added:
            start, payload = int(single.timestamp[0]), from_records(single)
            crc = checksum(self._key, self._layout, SAMPLES, start, payload)
            row = connection.execute(
                "INSERT INTO current (target, layout, start, crc, payload) VALUES (?, ?, ?, ?, ?)",
                (self._key, self._layout, start, crc, payload),
            )
            ids = [*ids, (row.lastrowid, crc)]
        return [*current, *added], ids

    def _seal(self, connection: sqlite3.Connection, minute: Records) -> None:
        """Write a minute's records as one block, and what they add to the roll-ups."""
        start, payload = int(minute.timestamp.min()), from_records(minute)
        crc = checksum(self._key, self._layout, SAMPLES, start, payload)
        connection.execute(
            "INSERT INTO samples (target, layout, start, crc, payload) VALUES (?, ?, ?, ?, ?)",
            (self._key, self._layout, start, crc, payload),
        )
        rolled = Rollups.of(minute, MINUTE_MS)
        for width, span in _ROLLED:
            self._roll(connection, rolled, width, start - start % span)

    def _roll(self, connection: sqlite3.Connection, added: Rollups, width: int, start: int) -> None:
        """Merge a minute into the row of `width` that begins at `start`."""
        row = connection.execute(
            "SELECT layout, crc, payload FROM rollups WHERE target = ? AND width = ? AND start = ?",
            (self._key, width, start),
        ).fetchone()
        parts = [added]
        if row is not None:
            number, crc, payload = row
            layout = self._readable(connection, number, width, start, crc, payload)
            parts = [added] if layout is None else [to_rollups(payload, layout), added]
        payload = from_rollups(Rollups.combined(parts, width))
        crc = checksum(self._key, self._layout, width, start, payload)
        connection.execute(
            "INSERT INTO rollups (target, layout, width, start, crc, payload) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (target, width, start) DO UPDATE SET "
            "layout = excluded.layout, crc = excluded.crc, payload = excluded.payload",
            (self._key, self._layout, width, start, crc, payload),
        )


def _keep(connection: sqlite3.Connection, entry: Entry) -> None:
    if entry.document is None:
        connection.execute("DELETE FROM entries WHERE kind = ? AND id = ?", (entry.kind, entry.id))
        return
    connection.execute(
        "INSERT OR REPLACE INTO entries (kind, id, at, crc, document) VALUES (?, ?, ?, ?, ?)",
        (entry.kind, entry.id, *_content(entry.at, entry.document)),
    )


def _content(at: int, document: Mapping[str, Any]) -> tuple[int, int, bytes]:
    """Return an entry's moment, checksum and document as they are kept."""
    written = orjson.dumps(document)
    return at, zlib.crc32(written), written
