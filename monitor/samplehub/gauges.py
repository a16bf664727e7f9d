"""Gauges: what can be seen of the hub at one instant."""

from dataclasses import dataclass

from monitor.samplehub.optimizations import Modes
from monitor.samplehub.pool import PoolCounts


@dataclass(frozen=True, slots=True)
class Gauges:
    """Worker figures are (slot number, value).

    `outstanding` is the mean number of messages over the last full second, of running workers only;
    `worker_cpu_seconds` is a running total of each slot that has had a worker.
    """

    queue_depth: int
    connections: int
    workers: int
    buffers_in_use: int
    pool: PoolCounts
    outstanding: tuple[tuple[int, float], ...]
    worker_cpu_seconds: tuple[tuple[int, float], ...]
    modes: Modes
