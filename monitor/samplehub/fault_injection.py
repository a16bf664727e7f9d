"""Fault injection: the threads behind the two faults that take memory and CPU time."""

import mmap
import threading
import time
import zlib

from monitor.samplehub.faults import Faults

STEP_SECONDS = 0.1
LEAK_LIMIT_BYTES = 512_000_000
SLICE_SECONDS = 0.02
# zlib lets other threads run while it works on a block, so the fault takes the core but not the interpreter.
BLOCK = bytes(65536)


def start(faults: Faults) -> None:
    """Start both threads; they wait until their fault is put and live as long as the process."""
    # Takes and touches memory while the fault is on, and gives all of it back when the fault ends.
    threading.Thread(target=_leak, args=(faults,), name="memory-leak", daemon=True).start()
    # Computes for the given share of each slice of time while the fault is on.
    threading.Thread(target=_burn, args=(faults,), name="cpu-burn", daemon=True).start()


def _leak(faults: Faults) -> None:
    while True:
        faults.wait("memory_leak")
        kept: list[mmap.mmap] = []
        total = 0
        while amount := faults.amount("memory_leak"):
            size = min(int(amount * 1e6 * STEP_SECONDS), LEAK_LIMIT_BYTES - total)
            if size > 0:
                block = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
                for page in range(0, size, mmap.PAGESIZE):
                    block[page] = 1
                kept.append(block)
                total += size
            time.sleep(STEP_SECONDS)
        for block in kept:
            block.close()


def _burn(faults: Faults) -> None:
    while True:
        faults.wait("cpu")
        while amount := faults.amount("cpu"):
            end = time.thread_time() + SLICE_SECONDS * amount / 100.0
            rest = time.monotonic() + SLICE_SECONDS
            while time.thread_time() < end:
                zlib.crc32(BLOCK)
            time.sleep(max(0.0, rest - time.monotonic()))
