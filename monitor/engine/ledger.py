"""The ledger of this run and of those before."""

from collections.abc import Callable
from typing import Final

from monitor.core.ledger import LedgerRow
from monitor.core.verdict import DECIDED
from monitor.engine.ports import Journal

ROWS_KEPT: Final = 500
_FOLLOW_MS: Final = 60_000


class Ledger:
    """The newest rows, in memory and in a journal. Under its owner's lock, but for `read`, which is slow."""

    def __init__(self, journal: Journal, keep: Callable[[Callable[[], None]], None]) -> None:
        """Have `keep` do what writes to the journal."""
        self._journal = journal
        self._keep = keep
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
        self._rows = {row.id: row for row in self._journal.read()[-ROWS_KEPT:]}

    def follow(self, row: LedgerRow, now: int) -> None:
        """Take a comparison under way at `now` (epoch ms): written once a minute, and when it is first decided.

        It is no row of this run's yet; but who is killed in the middle of it loses a minute of it at the most.
        """
        decided = row.verdict in DECIDED
        if row.id != self._followed:
            self._followed, self._written_at, self._decided = row.id, now, False
        if now - self._written_at >= _FOLLOW_MS or (decided and not self._decided):
            self._written_at, self._decided = now, decided or self._decided
            self._keep(lambda: self._journal.append(row))

    def add(self, row: LedgerRow) -> None:
        """Take a row in place of the one with its id."""
        self._rows.pop(row.id, None)
        self._rows[row.id] = row
        if len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]
        if row.verdict in DECIDED:
            self.settled = row
        self._keep(lambda: self._journal.append(row))
