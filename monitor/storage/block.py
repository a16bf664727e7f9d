"""Samples and roll-ups as the payloads of `history.db`, and the sum that tells whether one is what was written."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Self

import numpy as np
import orjson
from numpy.typing import NDArray

from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.record import Records
from monitor.core.rollup import Rollups
from monitor.storage.packing import dense, pack, planes, sparse, unpack, words

SAMPLES: Final = 0
"""The width in the place of samples."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a payload: how many, and where those that are metrics now stand, there and here."""

    count: int
    there: tuple[int, ...]
    here: tuple[int, ...]

    @classmethod
    def of(cls, columns: Sequence[str]) -> Self:
        """Find this version's metrics among another one's columns."""
        known = [(there, COLUMN[name]) for there, name in enumerate(columns) if name in COLUMN]
        return cls(len(columns), tuple(there for there, _ in known), tuple(here for _, here in known))

    def rows(self, values: Floats, *, missing: float = np.nan) -> Floats:
        """Return (n, len(COLUMNS)) of (n, count)."""
        if self.here == self.there == tuple(range(len(COLUMNS))) and self.count == len(COLUMNS):
            return values
        rows = np.full((len(values), len(COLUMNS)), missing)
        rows[:, self.here] = values[:, self.there]
        return rows


def checksum(target: int, layout: int, width: int, start: int, payload: bytes) -> int:
    """Return the CRC32 of a payload and of where it belongs."""
    return zlib.crc32(payload, zlib.crc32(b"%d %d %d %d" % (target, layout, width, start)))


def is_whole(target: int, layout: object, width: int, start: object, crc: object, payload: object) -> bool:
    """Tell whether a row is what was written; where a file is damaged its values may be anything."""
    return (
        isinstance(layout, int)
        and isinstance(start, int)
        and isinstance(payload, bytes)
        and checksum(target, layout, width, start, payload) == crc
    )


def from_records(records: Records) -> bytes:
    """Return samples as a payload."""
    numbers = [records.timestamp, records.started_at, records.total, records.values]
    runs = [[len(list(run)), switches] for switches, run in groupby(records.switches)]
    flags = np.stack([records.answered.view(np.uint8), records.measured.view(np.uint8)])
    return pack([planes(numbers), flags.tobytes(), *sparse(records.latency), orjson.dumps(runs)])


def to_records(payload: bytes, layout: Layout) -> Records:
    """Return what `from_records` was given."""
    numbers, flags, filled, buckets, counts, runs = unpack(payload)
    answered, measured = np.frombuffer(flags, np.uint8).reshape(2, -1)
    n = len(answered)
    columns = words(numbers)
    started_at, total = columns[n : 3 * n].view(np.float64).reshape(2, n)
    switches: list[Mapping[str, bool]] = []
    for length, same in orjson.loads(runs):
        switches += [same] * length
    return Records(
        timestamp=columns[:n].view(np.int64),
        values=layout.rows(_matrix(columns[3 * n :], n, layout.count)),
        answered=answered.view(np.int8),
        started_at=started_at,
        measured=measured.astype(np.bool_),
        latency=dense((filled, buckets, counts)),
        total=total,
        switches=tuple(switches),
    )


def from_rollups(rollups: Rollups) -> bytes:
    """Return roll-ups as a payload."""
    numbers = [rollups.start, rollups.total, rollups.low, rollups.high, rollups.mean, rollups.count]
    return pack([planes(numbers), *sparse(rollups.latency)])


def to_rollups(payload: bytes, layout: Layout) -> Rollups:
    """Return what `from_rollups` was given."""
    numbers, *histograms = unpack(payload)
    columns = words(numbers)
    n = len(columns) // (2 + 4 * layout.count)
    size = n * layout.count
    low, high, mean = (
        layout.rows(_matrix(columns[2 * n + part * size : 2 * n + (part + 1) * size], n, layout.count))
        for part in range(3)
    )
    count = columns[2 * n + 3 * size :].view(np.int64).astype(np.float64)
    return Rollups(
        start=columns[:n].view(np.int64),
        low=low,
        high=high,
        mean=mean,
        count=layout.rows(count.reshape(layout.count, n).T, missing=0.0).astype(np.int64),
        latency=dense(histograms).astype(np.float64),
        total=columns[n : 2 * n].view(np.float64),
    )


def _matrix(columns: NDArray[np.uint64], rows: int, count: int) -> Floats:
    matrix: Floats = columns.view(np.float64).reshape(count, rows).T
    return matrix
