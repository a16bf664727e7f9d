"""The one table of metrics. Cards, charts, CSV columns, `/ws` fields and `/metrics` names are derived from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MAX_WORKERS: Final = 8
"""Workers that get a column of their own; a target may have more, their sum is in the process' CPU."""


class Better(StrEnum):
    """Which direction of a change is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Subject(StrEnum):
    """Whose figure it is."""

    TARGET = "target"
    HOST = "host"
    MONITOR = "monitor"


@dataclass(frozen=True, slots=True)
class Metric:
    """One column of the rolling frame.

    `unit` is the display unit. `base_name` and `base_factor` give the Prometheus name and the factor
    from the display unit to the base unit (seconds, bytes, ratios). `whole` tells that it counts things.
    """

    id: str
    title: str
    unit: str
    better: Better
    subject: Subject
    base_name: str
    base_factor: float
    description: str
    whole: bool = False

    @property
    def of_target(self) -> bool:
        """Tell whether the target is what is measured, not the machine or the monitor beside it."""
        return self.subject is Subject.TARGET


_UP, _DOWN, _NONE = Better.HIGHER, Better.LOWER, Better.NEITHER
_TARGET, _HOST, _MONITOR = Subject.TARGET, Subject.HOST, Subject.MONITOR

# fmt: off
METRICS: Final[tuple[Metric, ...]] = (
    # id, title, unit, better, subject, base name, base factor,
    #     description
    Metric("throughput_ops_sec", "Throughput", "ops/s", _UP, _TARGET, "operations_per_second", 1.0,
           "Operations completed per second"),
    Metric("latency_ms", "Latency", "ms", _DOWN, _TARGET, "latency_mean_seconds", 1e-3,
           "Mean time of the operations that completed in the last second"),
    Metric("latency_p50_ms", "Latency p50", "ms", _DOWN, _TARGET, "latency_p50_seconds", 1e-3,
           "Half of the operations of the last second were faster"),
    Metric("latency_p95_ms", "Latency p95", "ms", _DOWN, _TARGET, "latency_p95_seconds", 1e-3,
           "95 of 100 operations of the last second were faster"),
    Metric("latency_p99_ms", "Latency p99", "ms", _DOWN, _TARGET, "latency_p99_seconds", 1e-3,
           "99 of 100 operations of the last second were faster"),
    Metric("memory_mb", "Memory", "MB", _DOWN, _TARGET, "memory_bytes", 1e6,
           "Resident memory of the target; 1 MB = 10^6 bytes"),
    Metric("cpu_utilization", "CPU", "%", _DOWN, _TARGET, "cpu_utilization_ratio", 1e-2,
           "CPU time per second divided by the cores the target may use"),
    Metric("active_connections", "Connections", "", _NONE, _TARGET, "active_connections", 1.0,
           "Connections open at the target", whole=True),
    Metric("error_rate", "Error rate", "%", _DOWN, _TARGET, "error_ratio", 1e-2,
           "Failed operations of all operations completed in the last second"),
    Metric("failed_ops_sec", "Errors", "ops/s", _DOWN, _TARGET, "failed_operations_per_second", 1.0,
           "Operations that failed, per second"),
    Metric("answered", "Answered", "%", _UP, _TARGET, "up", 1e-2,
           "Whether the target answered when it was asked: all or nothing"),
    Metric("optimization_score", "Optimisation", "/ 100", _UP, _TARGET, "optimization_score_ratio", 1e-2,
           "How well the mechanisms work now: the mean of their gauges"),
    Metric("batch_efficiency", "Batch efficiency", "%", _UP, _TARGET, "batch_fill_ratio", 1e-2,
           "Messages sent of the messages that the batches sent could have held"),
    Metric("compression_ratio", "Compression ratio", ": 1", _UP, _TARGET, "batch_compression_ratio", 1.0,
           "Bytes before compression divided by bytes sent"),
    Metric("messages_per_batch", "Messages per batch", "", _UP, _TARGET, "messages_per_batch", 1.0,
           "Messages sent divided by batches sent"),
    Metric("pool_hit_rate", "Pool hit rate", "%", _UP, _TARGET, "pool_hit_ratio", 1e-2,
           "Requests for a buffer that were served from the pool"),
    Metric("pool_saved_mb", "Allocation avoided", "MB/s", _UP, _TARGET, "pool_reused_bytes_per_second", 1e6,
           "Bytes handed out again instead of allocated, per second"),
    Metric("pool_allocated_mb", "Allocated", "MB/s", _DOWN, _TARGET, "pool_allocated_bytes_per_second", 1e6,
           "Bytes of buffers newly allocated, per second"),
    Metric("pool_in_use", "Buffers in use", "", _NONE, _TARGET, "pool_buffers_in_use", 1.0,
           "Buffers of the pool that are lent out", whole=True),
    Metric("worker_count", "Workers", "", _NONE, _TARGET, "workers", 1.0,
           "Workers that run", whole=True),
    Metric("worker_imbalance", "Imbalance", "%", _DOWN, _TARGET, "worker_imbalance_ratio", 1e-2,
           "1 minus Jain's fairness index of the workers' CPU time in the last second"),
    *(
        Metric(f"worker_cpu_{n}", f"Worker {n} CPU", "%", _NONE, _TARGET, f"worker_{n}_cpu_ratio", 1e-2,
               f"CPU time per second of worker {n}, of one core")
        for n in range(1, MAX_WORKERS + 1)
    ),
    Metric("offered_ops_sec", "Offered load", "ops/s", _NONE, _TARGET, "offered_operations_per_second", 1.0,
           "Operations that clients asked for, per second"),
    Metric("shed_ops_sec", "Shed load", "ops/s", _DOWN, _TARGET, "shed_operations_per_second", 1.0,
           "Operations that were turned away unserved, per second"),
    Metric("queue_depth", "Queue depth", "", _DOWN, _TARGET, "queue_depth", 1.0,
           "Operations that wait to be served", whole=True),
    Metric("threads", "Threads", "", _NONE, _TARGET, "threads", 1.0,
           "Threads of the target's process tree", whole=True),
    Metric("open_files", "Open files", "", _NONE, _TARGET, "open_file_descriptors", 1.0,
           "File descriptors open in the target's process tree", whole=True),
    Metric("host_cpu", "Host CPU", "%", _NONE, _HOST, "host_cpu_utilization_ratio", 1e-2,
           "CPU of the monitor's machine in use, all cores"),
    Metric("host_memory", "Host memory", "%", _NONE, _HOST, "host_memory_utilization_ratio", 1e-2,
           "Memory of the monitor's machine in use"),
    Metric("monitor_cpu", "Monitor CPU", "%", _DOWN, _MONITOR, "monitor_cpu_utilization_ratio", 1e-2,
           "CPU time per second of the monitor itself, of one core"),
    Metric("monitor_memory_mb", "Monitor memory", "MB", _DOWN, _MONITOR, "monitor_memory_bytes", 1e6,
           "Resident memory of the monitor itself"),
    Metric("tick_lateness_ms", "Tick lateness", "ms", _DOWN, _MONITOR, "tick_lateness_seconds", 1e-3,
           "How long after its scheduled moment the sample was begun"),
)
# fmt: on

METRIC: Final[Mapping[str, Metric]] = MappingProxyType({metric.id: metric for metric in METRICS})
"""The same rows by id."""

COLUMNS: Final[tuple[str, ...]] = tuple(METRIC)
"""Column order of the rolling frame."""

COLUMN: Final[Mapping[str, int]] = MappingProxyType({name: index for index, name in enumerate(COLUMNS)})
"""Position of each metric in a row."""

PERCENTILES: Final[Mapping[str, float]] = MappingProxyType(
    {"latency_p50_ms": 0.50, "latency_p95_ms": 0.95, "latency_p99_ms": 0.99}
)
"""The metrics that are quantiles of the latency. Over longer spans they come from merged histograms."""

HEADLINE: Final[tuple[str, ...]] = (
    "throughput_ops_sec",
    "latency_ms",
    "memory_mb",
    "cpu_utilization",
    "active_connections",
    "error_rate",
    "optimization_score",
)
"""The seven figures of the cards, and of each point of a `/ws` frame's history."""
