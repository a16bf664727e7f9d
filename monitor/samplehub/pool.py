"""Buffer and BufferPool: the working memory of tasks in flight."""

import mmap
from dataclasses import dataclass

BUFFER_BYTES = 256 * 1024
CAPACITY = 64


class Buffer:
    """An anonymous private mapping of 256 KB; closing it gives the memory back to the operating system at
    once.

    A fresh mapping that is `touched` has all its pages resident, as memory that is cleared in full before use
    has. An untouched one grows with what is written to it.
    """

    __slots__ = ("_map", "pooled", "used")

    def __init__(self, *, touched: bool, pooled: bool) -> None:
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        populate = getattr(mmap, "MAP_POPULATE", 0) if touched else 0
        self._map = mmap.mmap(-1, BUFFER_BYTES, flags=flags | populate)
        if touched and not populate:
            for page in range(0, BUFFER_BYTES, mmap.PAGESIZE):
                self._map[page] = 0
        elif not touched and hasattr(mmap, "MADV_NOHUGEPAGE"):
            # One huge page for neighbouring buffers would make all of them resident.
            self._map.madvise(mmap.MADV_NOHUGEPAGE)
        self.pooled = pooled
        self.used = 0

    def write(self, data: bytes) -> None:
        """Replace the content; longer data than the buffer holds is a ValueError."""
        if len(data) > BUFFER_BYTES:
            raise ValueError(f"{len(data)} bytes do not fit into a buffer of {BUFFER_BYTES}")
        self._map[: len(data)] = data
        self.used = max(self.used, len(data))

    def read(self, length: int) -> bytes:
        """The first `length` bytes."""
        return self._map[:length]

    def wipe(self) -> None:
        """Clear what was written, and only that, so that no task sees another's bytes."""
        self._map[: self.used] = bytes(self.used)
        self.used = 0

    def close(self) -> None:
        """Unmap."""
        self._map.close()


@dataclass(slots=True)
class PoolCounts:
    """Running totals of a pool; hits and misses count requests made to the pool, so none while it is off."""

    hits: int = 0
    misses: int = 0
    reused_bytes: int = 0
    allocated_bytes: int = 0


class BufferPool:
    """Lends buffers: reused ones while `enabled`, otherwise a fresh touched mapping for each task.

    A reused buffer is wiped to the mark of what its last task wrote; a fresh mapping is resident in full. The
    pool keeps at most `capacity` buffers; what is beyond it is unmapped on return. Not thread-safe: the hub's
    loop alone uses it.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._idle: list[Buffer] = []
        self._enabled = False
        self.in_use = 0
        self.counts = PoolCounts()

    @property
    def enabled(self) -> bool:
        """Whether the next lease is served from the pool."""
        return self._enabled

    def switch(self, enabled: bool) -> None:
        """Turn reuse on or off; off unmaps the idle buffers, those in use follow on their return."""
        self._enabled = enabled
        if not enabled:
            self.close()

    def lease(self) -> Buffer:
        """A clean buffer for one task; give it back with `release`."""
        if not self._enabled:
            self.counts.allocated_bytes += BUFFER_BYTES
            return Buffer(touched=True, pooled=False)
        self.in_use += 1
        if self._idle:
            self.counts.hits += 1
            self.counts.reused_bytes += BUFFER_BYTES
            return self._idle.pop()
        self.counts.misses += 1
        self.counts.allocated_bytes += BUFFER_BYTES
        return Buffer(touched=False, pooled=True)

    def release(self, buffer: Buffer) -> None:
        """Take a buffer back: kept when it belongs to the pool and there is room, else unmapped."""
        if not buffer.pooled:
            buffer.close()
            return
        self.in_use -= 1
        if self._enabled and len(self._idle) + self.in_use < self._capacity:
            buffer.wipe()
            self._idle.append(buffer)
        else:
            buffer.close()

    def close(self) -> None:
        """Unmap the idle buffers."""
        while self._idle:
            self._idle.pop().close()
