"""The sqlite3 module's connection, as far as `monitor/storage` uses it, over apsw's SQLite and a disk of ours."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import apsw


class Connection:
    """Statements go through as they are; errors come back as those of sqlite3."""

    def __init__(self, file: str, vfs: str, instead: Mapping[str, str]) -> None:
        """Open `file:..?mode=..` through the disk called `vfs`; run some statements `instead` of others."""
        self._instead = instead
        with _translated():
            flags = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
            self._inner = apsw.Connection(file, flags=flags, vfs=vfs)

    @property
    def in_transaction(self) -> bool:
        return self._inner.in_transaction

    def execute(self, sql: str, values: Sequence[Any] = ()) -> "Cursor":
        """Run one statement."""
        with _translated():
            return Cursor(self._inner.execute(self._instead.get(sql, sql), tuple(values)), self._inner)

    def executemany(self, sql: str, several: Iterable[Sequence[Any]]) -> None:
        """Run it with each of several values."""
        for values in several:
            self.execute(sql, values)

    def executescript(self, sql: str) -> None:
        """Run several statements."""
        with _translated():
            self._inner.execute(sql).fetchall()

    def rollback(self) -> None:
        self.execute("ROLLBACK")

    def set_progress_handler(self, handler: Callable[[], bool] | None, steps: int) -> None:
        """Have it asked now and then whether to stop."""
        self._inner.set_progress_handler(handler, steps or 1)

    def close(self) -> None:
        """Close it as the last connection does: the log is emptied into the file."""
        with _translated():
            self._inner.close()


class Cursor:
    """What a statement found."""

    def __init__(self, inner: apsw.Cursor, connection: apsw.Connection) -> None:
        self._inner = inner
        self.rowcount = connection.changes()
        self.lastrowid = connection.last_insert_rowid()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> tuple[Any, ...]:
        with _translated():
            return next(self._inner)

    def fetchone(self) -> tuple[Any, ...] | None:
        with _translated():
            return self._inner.fetchone()

    def fetchall(self) -> list[tuple[Any, ...]]:
        with _translated():
            return self._inner.fetchall()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        translated = sqlite3.OperationalError(str(error))
        translated.sqlite_errorcode = error.extendedresult
        raise translated from error
