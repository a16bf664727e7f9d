"""Arrays as bytes: 8-byte numbers by their byte planes and histograms without their zeros, compressed.

Neighbouring samples share sign, exponent and mantissa's head; byte planes put these beside each other.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.histogram import BUCKETS

_LEVEL: Final = 1
"""More costs twice the time for 3 % of the size."""
_SHORT: Final = 1024
_LARGEST: Final = 64 << 20


def pack(sections: Sequence[bytes]) -> bytes:
    """Put byte strings together and compress them, unless they are short."""
    head = struct.pack(f"<B{len(sections)}I", len(sections), *map(len, sections))
    whole = head + b"".join(sections)
    return zlib.compress(whole, _LEVEL if len(whole) > _SHORT else 0)


def unpack(packed: bytes) -> list[bytes]:
    """Return the sections again."""
    whole = zlib.decompressobj().decompress(packed, _LARGEST)
    count = whole[0]
    sizes = struct.unpack_from(f"<{count}I", whole, 1)
    place, sections = 1 + 4 * count, []
    for size in sizes:
        sections.append(whole[place : place + size])
        place += size
    return sections


def planes(numbers: Sequence[NDArray[Any]]) -> bytes:
    """Return arrays of 8-byte numbers as their first bytes, then their second ones, ...; columns one by one."""
    words = np.concatenate([np.ascontiguousarray(array.T).reshape(-1).view(np.uint64) for array in numbers])
    return np.ascontiguousarray(words.astype("<u8").view(np.uint8).reshape(-1, 8).T).tobytes()


def words(packed: bytes) -> NDArray[np.uint64]:
    """Return what `planes` was given, in one row of 8-byte words."""
    octets = np.frombuffer(packed, np.uint8).reshape(8, -1)
    return np.ascontiguousarray(octets.T).reshape(-1).view("<u8").astype(np.uint64, copy=False)


def sparse(counts: NDArray[Any]) -> list[bytes]:
    """Return histograms (n, 65) as three sections: how many buckets are filled, which, and how far."""
    row, bucket = np.nonzero(counts)
    filled = np.bincount(row, minlength=len(counts)).astype(np.uint8)
    return [filled.tobytes(), bucket.astype(np.uint8).tobytes(), counts[row, bucket].astype("<f4").tobytes()]


def dense(sections: Sequence[bytes]) -> NDArray[np.float32]:
    """Return the histograms (n, 65) of three such sections."""
    filled = np.frombuffer(sections[0], np.uint8)
    counts = np.zeros((len(filled), BUCKETS + 1), np.float32)
    counts[np.repeat(np.arange(len(filled)), filled), np.frombuffer(sections[1], np.uint8)] = np.frombuffer(
        sections[2], "<f4"
    )
    return counts
