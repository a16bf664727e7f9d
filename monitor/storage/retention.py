"""How long what is kept, and the deleting of what is older, in pieces that hold nobody up."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS
from monitor.storage.block import SAMPLES

_PIECE: Final = 20
"""Rows that are deleted in one go, of some 15 kB each."""
_ROW_MS: Final = {SAMPLES: MINUTE_MS, MINUTE_MS: HOUR_MS, HOUR_MS: DAY_MS}


@dataclass(frozen=True, slots=True)
class Retention:
    """Milliseconds for which single samples, roll-ups of a minute and roll-ups of an hour are kept.

    A row goes when it is that old and as many newer ones as that time holds are there, of whatever target: a wall
    clock that jumps ahead makes nothing go, and what belongs to a target that nobody watches any more goes, too.
    """

    samples: int
    minutes: int
    hours: int

    def delete(self, connection: sqlite3.Connection, now: int) -> bool:
        """Delete a piece of what is too old at `now` (epoch ms); tell whether anything was deleted."""
        for width, kept in ((SAMPLES, self.samples), (MINUTE_MS, self.minutes), (HOUR_MS, self.hours)):
            newer = -(-kept // _ROW_MS[width])
            if width == SAMPLES:
                deleted = connection.execute(
                    "DELETE FROM samples WHERE id IN (SELECT id FROM samples WHERE start < ?1 AND start < "
                    "(SELECT start FROM samples ORDER BY start DESC LIMIT 1 OFFSET ?2) ORDER BY start LIMIT ?3)",
                    (now - kept, newer, _PIECE),
                )
                # What nobody watches any more is left with a minute that never ended.
                connection.execute(
                    "DELETE FROM current WHERE start < ?1 AND start < "
                    "(SELECT start FROM samples ORDER BY start DESC LIMIT 1 OFFSET ?2)",
                    (now - kept, newer),
                )
            else:
                deleted = connection.execute(
                    "DELETE FROM rollups WHERE id IN (SELECT id FROM rollups WHERE width = ?4 AND start < ?1 AND "
                    "start < (SELECT start FROM rollups WHERE width = ?4 ORDER BY start DESC LIMIT 1 OFFSET ?2) "
                    "ORDER BY start LIMIT ?3)",
                    (now - kept, newer, _PIECE, width),
                )
            if deleted.rowcount:
                return True
        return False
