"""The rolling frame: one row per sample, 24 h of them, readable as pandas while it grows.

Rows live in append-only blocks of one hour. A row is written before the count that covers it, and block list and
count are one tuple that is swapped by one reference, so a reader on any thread sees whole rows only. A full block
never changes; the oldest block is dropped whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN, COLUMNS

if TYPE_CHECKING:
    import pandas as pd

BLOCK_ROWS: Final = 3600
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Consecutive samples: `seq` (n,), `timestamp` (n,) epoch ms, `values` (n, len(COLUMNS)), NaN = unknown."""

    seq: Integers
    timestamp: Integers
    values: Floats

    def __len__(self) -> int:
        return len(self.seq)

    def column(self, metric: str) -> Floats:
        """Return one metric's values (n,)."""
        return self.values[:, COLUMN[metric]]

    def __getitem__(self, chosen: slice | Integers | NDArray[np.bool_]) -> "Rows":
        """Return the rows of a slice (a view), at some positions, or where a mask is true (both copies)."""
        return Rows(self.seq[chosen], self.timestamp[chosen], self.values[chosen])

    def regular(self, interval_ms: int) -> Floats:
        """Return the values of each tick (n, ...) from the first row's to the last's, NaN where none was made."""
        if not len(self):
            return self.values
        places = np.rint((self.timestamp - self.timestamp[0]) / interval_ms).astype(np.int64)
        places = np.maximum.accumulate(np.maximum(places, 0))
        values = np.full((int(places[-1]) + 1, self.values.shape[1]), np.nan)
        values[places] = self.values
        return values

    def tail(self, rows: int) -> "Rows":
        """Return the newest rows of these."""
        return self[max(0, len(self) - rows) :]

    @classmethod
    def joined(cls, parts: "Sequence[Rows]") -> "Rows":
        """Return the rows of all parts: the one part itself, or a copy of several, or none."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, len(COLUMNS))))
        return cls(
            np.concatenate([part.seq for part in parts]),
            np.concatenate([part.timestamp for part in parts]),
            np.concatenate([part.values for part in parts]),
        )

    def plus(self, seq: int, timestamp: int, values: Floats) -> "Rows":
        """Return a copy with one newer row; values: (len(COLUMNS),)."""
        return Rows(
            np.append(self.seq, seq), np.append(self.timestamp, timestamp), np.vstack([self.values, values])
        )

    def frame(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame over UTC time, sharing the values' memory."""
        import pandas as pd  # noqa: PLC0415 - 35 MB and 0.3 s of a start, for whoever works with frames

        index = pd.DatetimeIndex(self.timestamp.view("datetime64[ms]"), name="timestamp").tz_localize("UTC")
        return pd.DataFrame(self.values, index=index, columns=list(COLUMNS), copy=False)


def _empty_block() -> Rows:
    """Return room for one hour of rows, to be filled from the front; a written row never changes."""
    return Rows(
        np.zeros(BLOCK_ROWS, np.int64),
        np.zeros(BLOCK_ROWS, np.int64),
        np.full((BLOCK_ROWS, len(COLUMNS)), np.nan),
    )


class Window:
    """The newest `capacity` rows and up to one hour more. One thread appends, any number read without a lock."""

    def __init__(self, capacity: int) -> None:
        """Keep at least `capacity` rows (>= 1)."""
        self.capacity = capacity
        self._state: tuple[tuple[Rows, ...], int] = ((_empty_block(),), 0)

    def __len__(self) -> int:
        blocks, used = self._state
        return min(self.capacity, (len(blocks) - 1) * BLOCK_ROWS + used)

    def append(self, seq: int, timestamp: int, values: Floats) -> None:
        """Add the newest row in O(1). values: (len(COLUMNS),), NaN where nothing was measured."""
        blocks, used = self._state
        if used == BLOCK_ROWS:
            keep = -(-self.capacity // BLOCK_ROWS)
            blocks, used = (*blocks[-keep:], _empty_block()), 0
        rows = blocks[-1]
        rows.seq[used] = seq
        rows.timestamp[used] = timestamp
        rows.values[used] = values
        self._state = (blocks, used + 1)

    def extend(self, rows: Rows) -> None:
        """Add many newest rows at once; those beyond the capacity are passed over."""
        rows = rows.tail(self.capacity)
        keep = -(-self.capacity // BLOCK_ROWS)
        while len(rows):
            blocks, used = self._state
            if used == BLOCK_ROWS:
                blocks, used = (*blocks[-keep:], _empty_block()), 0
            block, room = blocks[-1], BLOCK_ROWS - used
            taken = rows[:room]
            block.seq[used : used + len(taken)] = taken.seq
            block.timestamp[used : used + len(taken)] = taken.timestamp
            block.values[used : used + len(taken)] = taken.values
            self._state = (blocks, used + len(taken))
            rows = rows[room:]

    def last(self, count: int) -> Rows:
        """Return the newest `count` rows or as many as there are.

        Inside one block this is a view; across blocks the rows asked for are copied once.
        """
        blocks, used = self._state
        wanted = min(count, self.capacity)
        parts: list[Rows] = []
        for block in reversed(blocks):
            take = min(wanted, used)
            parts.append(block[used - take : used])
            wanted -= take
            if not wanted:
                break
            used = BLOCK_ROWS
        parts.reverse()
        return Rows.joined(parts)

    @property
    def begins(self) -> int | None:
        """Return the earliest moment (epoch ms), None without rows: the wall clock may have been set back."""
        blocks, used = self._state
        skip = max(0, (len(blocks) - 1) * BLOCK_ROWS + used - self.capacity)
        oldest, row = divmod(skip, BLOCK_ROWS)
        kept = [*(block.timestamp for block in blocks[:-1]), blocks[-1].timestamp[:used]][oldest:]
        kept[0] = kept[0][row:]
        return min((int(block.min()) for block in kept if len(block)), default=None)

    def parts(self, start: int, end: int) -> list[Rows]:
        """Return the rows with start <= timestamp <= end (epoch ms) as views, one per block, oldest first.

        The wall clock may step, so rows are chosen one by one, not by bisection.
        """
        blocks, used = self._state
        skip = max(0, (len(blocks) - 1) * BLOCK_ROWS + used - self.capacity)
        parts: list[Rows] = []
        for number, block in enumerate(blocks):
            stop = used if number == len(blocks) - 1 else BLOCK_ROWS
            rows = block[skip if number == 0 else 0 : stop]
            inside = (rows.timestamp >= start) & (rows.timestamp <= end)
            if not inside.any():
                continue
            if inside.all():
                parts.append(rows)
            else:
                chosen = np.flatnonzero(inside)
                first, last = int(chosen[0]), int(chosen[-1]) + 1
                parts.append(rows[first:last] if len(chosen) == last - first else rows[chosen])
        return parts
