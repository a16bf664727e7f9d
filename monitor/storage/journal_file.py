"""The ledger as a file of JSON lines."""

import logging
from pathlib import Path
from typing import Final

import orjson

from monitor.core.errors import StoreError
from monitor.core.ledger import LedgerRow

log = logging.getLogger(__name__)

_LARGEST_BYTES: Final = 16 << 20


class JournalFile:
    """Appends only. A line that was cut off by a crash is passed over."""

    def __init__(self, file: Path) -> None:
        """Keep the ledger in `file`, which is made with its folder when the first row comes."""
        self._file = file

    def append(self, row: LedgerRow) -> None:
        """Add a line."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as file:
                # Behind what a crash may have left of a line.
                file.write((b"" if _ends_whole(self._file) else b"\n") + orjson.dumps(row.document()) + b"\n")
        except OSError as error:
            raise StoreError(f"the ledger could not be written: {error.strerror or error}") from None

    def read(self) -> list[LedgerRow]:
        """Return the newest row of each id, in the order in which they began."""
        rows: dict[str, LedgerRow] = {}
        try:
            if self._file.exists():
                with self._file.open("rb") as file:
                    file.seek(max(0, self._file.stat().st_size - _LARGEST_BYTES))
                    lines = file.read().splitlines()
                for line in lines:
                    row = _row(line)
                    if row is not None:
                        rows[row.id] = row
        except OSError as error:
            log.warning("ledger not read", extra={"reason": error.strerror})
        return sorted(rows.values(), key=lambda row: row.since)


def _row(line: bytes) -> LedgerRow | None:
    try:
        return LedgerRow.read(orjson.loads(line))
    except (ValueError, KeyError, TypeError):
        return None


def _ends_whole(file: Path) -> bool:
    size = file.stat().st_size
    if not size:
        return True
    with file.open("rb") as tail:
        tail.seek(size - 1)
        return tail.read(1) == b"\n"
