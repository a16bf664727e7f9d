"""The ledger of this run and of those before."""

import logging
from typing import Final

from monitor.core.entry import Entry, Kind
from monitor.core.ledger import LedgerRow
from monitor.core.verdict import DECIDED
from monitor.engine.ports import Entries

log = logging.getLogger(__name__)

ROWS_KEPT: Final = 500
_FOLLOW_MS: Final = 60_000


class Ledger:
    """The newest rows, in memory and among the entries. Under its owner's lock, but for `read`, which is slow."""

    def __init__(self, entries: Entries) -> None:
        """Begin without a row."""
        self._entries = entries
        self._rows: dict[str, LedgerRow] = {}
        self._followed = ""
        self._written_at = 0
        self._decided = False
        self.settled: LedgerRow | None = None
        """The last comparison of this run that was decided."""

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        """Return them, oldest first."""
        return tuple(self._rows.values())

    def read(self) -> None:
        """Take in what earlier runs left."""
        rows = [_row(entry) for entry in self._entries.read(Kind.LEDGER)[-ROWS_KEPT:]]
        self._rows = {row.id: row for row in rows if row is not None}

    def follow(self, row: LedgerRow, now: int) -> None:
        """Take a comparison under way at `now` (epoch ms): written once a minute, and when it is first decided.

        It is no row of this run's yet; but who is killed in the middle of it loses a minute of it at the most.
        """
        decided = row.verdict in DECIDED
        if row.id != self._followed:
            self._followed, self._written_at, self._decided = row.id, now, False
        if now - self._written_at >= _FOLLOW_MS or (decided and not self._decided):
            self._written_at, self._decided = now, decided or self._decided
            self._keep(row)

    def add(self, row: LedgerRow) -> None:
        """Take a row in place of the one with its id."""
        self._rows.pop(row.id, None)
        self._rows[row.id] = row
        if len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]
        if row.verdict in DECIDED:
            self.settled = row
        self._keep(row)

    def _keep(self, row: LedgerRow) -> None:
        self._entries.keep([Entry(Kind.LEDGER, row.id, row.since, row.document())])


def _row(entry: Entry) -> LedgerRow | None:
    """Return an entry's row, None where another version of the program wrote it otherwise."""
    try:
        return LedgerRow.read(entry.document or {})
    except (KeyError, TypeError, ValueError) as problem:
        log.warning("entry left out", extra={"kind": entry.kind.value, "id": entry.id, "reason": repr(problem)})
        return None
