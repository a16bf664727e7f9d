"""The ledger as a file of JSON lines."""

import logging
from pathlib import Path
from typing import Final

import orjson

from monitor.core.errors import StoreError
from monitor.core.ledger import LedgerRow
from monitor.storage.whole_file import write_whole

log = logging.getLogger(__name__)

_LARGEST_BYTES: Final = 16 << 20
_SPARE_BYTES: Final = 1 << 20
"""What may be added before the lines that count no longer are left out."""


class JournalFile:
    """Appends; now and then it is written anew without older rows of the same ids.

    A line that was cut off by a crash is passed over, and what cannot be read is left as it is.
    """

    def __init__(self, file: Path, spare: int = _SPARE_BYTES) -> None:
        """Keep the ledger in `file`, which is made with its folder when the first row comes.

        It is cleared up when `spare` bytes have been added.
        """
        self._file = file
        self._spare = spare
        self._added = 0

    def append(self, row: LedgerRow) -> None:
        """Add a line."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as file:
                # Behind what a crash may have left of a line.
                line = (b"" if _ends_whole(self._file) else b"\n") + orjson.dumps(row.document()) + b"\n"
                file.write(line)
            self._added += len(line)
            if self._added > self._spare:
                self._clear_up()
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

    def _clear_up(self) -> None:
        """Leave out the lines of which a newer one has the id."""
        kept: dict[object, bytes] = {}
        for number, line in enumerate(self._file.read_bytes().splitlines()):
            row = _row(line)
            identity = number if row is None else row.id
            # The newest in its own place: what is read is cut off at the front.
            kept.pop(identity, None)
            kept[identity] = line
        write_whole(self._file, b"".join(line + b"\n" for line in kept.values()))
        self._added = 0


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
