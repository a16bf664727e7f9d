"""Lists of columns, each kept once: metrics come and go between versions, what was written stays readable."""

import sqlite3
import zlib
from collections.abc import Sequence

import orjson

from monitor.storage.block import Layout


class Layouts:
    """Those of one file, read when they are asked for."""

    def __init__(self) -> None:
        self._known: dict[int, Layout | None] = {}

    def get(self, connection: sqlite3.Connection, number: int) -> Layout | None:
        """Return a layout, None where the file has none of that number that is what was written."""
        if number not in self._known:
            row = connection.execute("SELECT columns, crc FROM layouts WHERE id = ?", (number,)).fetchone()
            whole = row is not None and isinstance(row[0], str) and zlib.crc32(row[0].encode()) == row[1]
            self._known[number] = Layout.of(orjson.loads(row[0])) if whole else None
        return self._known[number]

    def number(self, connection: sqlite3.Connection, columns: Sequence[str]) -> int:
        """Return the number of a list of columns, which is written where it is new."""
        text = orjson.dumps(list(columns)).decode()
        crc = zlib.crc32(text.encode())
        row = connection.execute("SELECT id FROM layouts WHERE columns = ? AND crc = ?", (text, crc)).fetchone()
        if row is None:
            connection.execute(
                "INSERT INTO layouts (columns, crc) VALUES (?, ?) "
                "ON CONFLICT (columns) DO UPDATE SET crc = excluded.crc",
                (text, crc),
            )
            row = connection.execute("SELECT id FROM layouts WHERE columns = ?", (text,)).fetchone()
        return int(row[0])
