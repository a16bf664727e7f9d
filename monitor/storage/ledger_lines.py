"""The ledger as it was kept before `history.db`: a file of JSON lines, taken over once."""

import logging
import sqlite3
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson

from monitor.core.entry import Kind
from monitor.core.ledger import LedgerRow

log = logging.getLogger(__name__)

_FILE: Final = "ledger.jsonl"
_IMPORTED: Final = "ledger.jsonl.imported"
_LARGEST_BYTES: Final = 16 << 20


class LedgerLines:
    """That file, where there is one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._read = False

    def take_over(self, connection: sqlite3.Connection) -> None:
        """Put its rows into the database; what is there already is newer. Part of the caller's transaction."""
        try:
            rows = self._rows()
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("ledger not read", extra={"file": _FILE, "reason": error.strerror})
            return
        self._read = True
        for row in rows:
            document = orjson.dumps(row.document())
            connection.execute(
                "INSERT OR IGNORE INTO entries (kind, id, at, crc, document) VALUES (?, ?, ?, ?, ?)",
                (Kind.LEDGER, row.id, row.since, zlib.crc32(document), document),
            )

    def retire(self) -> None:
        """Rename it when its rows are in the database."""
        if self._read:
            with suppress(OSError):
                names = (_IMPORTED, *(f"{_IMPORTED}-{number}" for number in range(2, 1000)))
                name = next(name for name in names if not self._file.with_name(name).exists())
                self._file.rename(self._file.with_name(name))
                log.info("ledger taken over", extra={"file": name})

    def _rows(self) -> list[LedgerRow]:
        """Return the newest row of each id. A line that was cut off by a crash is passed over."""
        rows: dict[str, LedgerRow] = {}
        with self._file.open("rb") as file:
            file.seek(max(0, self._file.stat().st_size - _LARGEST_BYTES))
            for line in file.read().splitlines():
                with suppress(ValueError, KeyError, TypeError):
                    row = LedgerRow.read(orjson.loads(line))
                    rows[row.id] = row
        return list(rows.values())
