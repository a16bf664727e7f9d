"""The reading side of `history.db`: connections of its own that can only read, none of them open for long."""

import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import orjson

from monitor.core.entry import Entry, Kind
from monitor.core.errors import AbsentError, DamagedError
from monitor.core.record import Records
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.storage.block import SAMPLES, is_whole, to_records, to_rollups
from monitor.storage.database import FILE, described, open_reader
from monitor.storage.layouts import Layouts

log = logging.getLogger(__name__)

_ENTRY: Final = -1
_FILE: Final = -2
_PIECE: Final = 60
"""Blocks that are read through one connection."""
_ROW_MS: Final = {MINUTE_MS: HOUR_MS, HOUR_MS: DAY_MS}


class Archive:
    """What is kept of one target. Any number of threads read at once. Raises StoreError where that fails.

    AbsentError: there is no file yet. One that was read before and is gone is a fault.
    """

    def __init__(self, folder: Path, target: str) -> None:
        """Read what is in `folder`."""
        self._folder = folder
        self._target = target
        self._damaged: set[tuple[int, int]] = set()
        self._seen = False

    @property
    def damaged(self) -> int:
        """Return how many blocks were found that are not what was written, and are left out.

        Where SQLite finds it, that is one block for the file.
        """
        return len(self._damaged)

    def samples(self, start: int, end: int) -> Iterator[Records]:
        """Yield what was sampled in start <= timestamp <= end (epoch ms), a minute at a time, as it came."""
        with self._reading() as (connection, target):
            chosen = connection.execute(
                "SELECT id FROM samples WHERE target = ? AND start BETWEEN ? AND ? ORDER BY id",
                (target, start - MINUTE_MS, end),
            )
            blocks = [number for (number,) in chosen]
            current = self._current(connection, target)
        for place in range(0, len(blocks), _PIECE):
            with self._reading() as (connection, target):
                found = self._blocks(connection, target, blocks[place : place + _PIECE])
            for records in found:
                yield from _inside(records, start, end)
        for records in current:
            yield from _inside(records, start, end)

    def rollups(self, width: int, start: int, end: int) -> Rollups:
        """Return the spans of `width` ms (a minute or an hour) that begin in start <= .. < end (epoch ms)."""
        with self._reading() as (connection, target):
            return self._rollups(connection, target, width, start, end)

    def rolled(self, width: int, start: int, end: int) -> tuple[Rollups, int]:
        """Return the roll-ups and, of the same moment, up to when (epoch ms) samples are in them, 0 without any.

        Of what is later none is returned: after the wall clock was set back, there may be some.
        """
        with self._reading() as (connection, target):
            sql = "SELECT start FROM rollups WHERE target = ? AND width = ? ORDER BY start DESC LIMIT 1"
            row = connection.execute(sql, (target, MINUTE_MS)).fetchone()
            if row is None:
                return Rollups.none(), 0
            begin = _number(row[0])
            newest = self._rollups(connection, target, MINUTE_MS, begin, begin + HOUR_MS)
            until = int(newest.start[-1]) + MINUTE_MS if len(newest) else begin
            (open_since,) = connection.execute(
                "SELECT min(start) FROM current WHERE target = ?", (target,)
            ).fetchone()
            if open_since is not None:
                until = min(until, _number(open_since) // MINUTE_MS * MINUTE_MS)
            return self._rollups(connection, target, width, start, min(end, until)), until

    def first(self, width: int) -> int | None:
        """Return when (epoch ms) the oldest samples (width 0) or roll-ups begin, None without any."""
        if width == SAMPLES:
            row = self._one("SELECT start FROM samples WHERE target = ? ORDER BY start LIMIT 1")
            return (
                self._one("SELECT start FROM current WHERE target = ? ORDER BY id LIMIT 1") if row is None else row
            )
        row = self._one("SELECT start FROM rollups WHERE target = ? AND width = ? ORDER BY start LIMIT 1", width)
        oldest = Rollups.none() if row is None else self.rollups(width, row, row + _ROW_MS[width])
        return int(oldest.start[0]) if len(oldest) else None

    def entries(self, kind: Kind) -> list[Entry]:
        """Return those of a kind, whatever the target, in the order of their moments."""
        with self._reading() as (connection, _):
            sql = "SELECT rowid, id, at, crc, document FROM entries WHERE kind = ? ORDER BY at, rowid"
            rows = connection.execute(sql, (kind,)).fetchall()
        found = []
        for number, identity, at, crc, document in rows:
            if isinstance(document, bytes) and zlib.crc32(document) == crc:
                found.append(Entry(kind, identity, at, orjson.loads(document)))
            else:
                self._report(_ENTRY, number)
        return found

    def _one(self, sql: str, *values: int) -> int | None:
        """Return the only figure of a query about the target, None where there is no row."""
        with self._reading() as (connection, target):
            row = connection.execute(sql, (target, *values)).fetchone()
        return None if row is None else _number(row[0])

    @contextmanager
    def _reading(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Open a connection, find the target's number, and close it; what is read meanwhile is of one moment."""
        try:
            with described(), closing(self._open()) as connection:
                connection.execute("BEGIN")
                row = connection.execute("SELECT id FROM targets WHERE name = ?", (self._target,)).fetchone()
                self._seen = True
                yield connection, -1 if row is None else _number(row[0])
        except DamagedError:
            self._report(_FILE, 0)
            raise

    def _open(self) -> sqlite3.Connection:
        try:
            return open_reader(self._folder)
        except sqlite3.OperationalError:
            if self._seen or (self._folder / FILE).exists():
                raise
            raise AbsentError("history.db cannot be opened: there is none yet") from None

    def _rollups(self, connection: sqlite3.Connection, target: int, width: int, start: int, end: int) -> Rollups:
        layouts = Layouts()
        rows = connection.execute(
            "SELECT id, layout, start, crc, payload FROM rollups WHERE target = ? AND width = ? "
            "AND start > ? AND start < ? ORDER BY start",
            (target, width, start - _ROW_MS[width], end),
        )
        parts = []
        for number, layout_number, begin, crc, payload in rows:
            layout = layouts.get(connection, layout_number)
            if layout is None or not is_whole(target, layout_number, width, begin, crc, payload):
                self._report(width, number)
            else:
                parts.append(to_rollups(payload, layout))
        return Rollups.joined(parts).between(start, end)

    def _blocks(self, connection: sqlite3.Connection, target: int, numbers: list[int]) -> list[Records]:
        layouts, found = Layouts(), []
        sql = "SELECT id, layout, start, crc, payload FROM samples WHERE id = ?"
        for wanted in numbers:
            # What is missing has become too old meanwhile.
            for row in connection.execute(sql, (wanted,)):
                found += self._records(connection, layouts, target, row)
        return found

    def _current(self, connection: sqlite3.Connection, target: int) -> list[Records]:
        layouts = Layouts()
        rows = connection.execute(
            "SELECT -id, layout, start, crc, payload FROM current WHERE target = ? ORDER BY id", (target,)
        )
        return [records for row in rows for records in self._records(connection, layouts, target, row)]

    def _records(
        self, connection: sqlite3.Connection, layouts: Layouts, target: int, row: tuple[int, int, int, int, bytes]
    ) -> list[Records]:
        """Return the block of a row, nothing where it is not what was written."""
        number, layout_number, start, crc, payload = row
        layout = layouts.get(connection, layout_number)
        if layout is None or not is_whole(target, layout_number, SAMPLES, start, crc, payload):
            self._report(SAMPLES, number)
            return []
        return [to_records(payload, layout)]

    def _report(self, kind: int, number: int) -> None:
        if (kind, number) not in self._damaged:
            self._damaged.add((kind, number))
            log.error("damaged block left out", extra={"block": number, "kind": kind})


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise DamagedError("history.db is damaged: a number is none")
    return value


def _inside(records: Records, start: int, end: int) -> Iterator[Records]:
    inside = (records.timestamp >= start) & (records.timestamp <= end)
    if inside.all():
        yield records
    elif inside.any():
        yield records.where(inside)
