"""What is kept of a sample: its row, its latencies, and what the target said of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import BUCKETS, Floats, Histogram
from monitor.core.metric import COLUMNS
from monitor.core.window import Integers

UNKNOWN: Final = -1
"""Of `answered`: the target was not asked."""


@dataclass(frozen=True, slots=True)
class Record:
    """One sample: `timestamp` epoch ms, `values` (len(COLUMNS),) as in the rolling frame, NaN = unknown.

    `answered`, `latency`, `started_at` and `switches` are those of the `Sample`.
    """

    timestamp: int
    values: Floats
    answered: bool | None = None
    latency: Histogram | None = None
    started_at: float | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Records:
    """Consecutive records as arrays, in the order in which they were made.

    `timestamp` (n,) epoch ms; `values` (n, len(COLUMNS)); `answered` (n,) 1, 0, or -1 for unknown; `started_at`
    (n,) epoch seconds, NaN = unknown; `measured` (n,) tells which have a latency histogram: `latency` (n, 65),
    what overflowed last, and `total` (n,) seconds, NaN = unknown. `switches` has n entries.
    """

    timestamp: Integers
    values: Floats
    answered: NDArray[np.int8]
    started_at: Floats
    measured: NDArray[np.bool_]
    latency: NDArray[np.float32]
    total: Floats
    switches: tuple[Mapping[str, bool], ...]

    def __len__(self) -> int:
        return len(self.timestamp)

    @classmethod
    def of(cls, records: Sequence[Record]) -> Self:
        """Put single records together."""
        n = len(records)
        latency = np.zeros((n, BUCKETS + 1), np.float32)
        total = np.zeros(n)
        for row, record in enumerate(records):
            if record.latency is not None:
                latency[row, :BUCKETS] = record.latency.counts
                latency[row, BUCKETS] = record.latency.overflow
                total[row] = record.latency.total
        return cls(
            timestamp=np.array([record.timestamp for record in records], np.int64),
            values=np.array([record.values for record in records]).reshape(n, len(COLUMNS)),
            answered=np.array(
                [UNKNOWN if record.answered is None else record.answered for record in records], np.int8
            ),
            started_at=np.array(
                [np.nan if record.started_at is None else record.started_at for record in records], np.float64
            ),
            measured=np.array([record.latency is not None for record in records], np.bool_),
            latency=latency,
            total=total,
            switches=tuple(dict(record.switches) for record in records),
        )

    @classmethod
    def joined(cls, parts: "Sequence[Records]") -> "Records":
        """Return the records of all parts, of which there is one at the least."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.timestamp for part in parts]),
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.answered for part in parts]),
            np.concatenate([part.started_at for part in parts]),
            np.concatenate([part.measured for part in parts]),
            np.concatenate([part.latency for part in parts]),
            np.concatenate([part.total for part in parts]),
            tuple(switches for part in parts for switches in part.switches),
        )

    def where(self, chosen: NDArray[np.bool_]) -> "Records":
        """Return those where a mask (n,) is true."""
        return Records(
            self.timestamp[chosen],
            self.values[chosen],
            self.answered[chosen],
            self.started_at[chosen],
            self.measured[chosen],
            self.latency[chosen],
            self.total[chosen],
            tuple(compress(self.switches, chosen.tolist())),
        )
