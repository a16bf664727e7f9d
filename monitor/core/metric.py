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


class Group(StrEnum):
    """Whose figure it is; panels and documents are sorted by it."""

    SERVICE = "service"
    LATENCY = "latency"
    LOAD = "load"
    BATCHING = "batching"
    POOLS = "pools"
    BALANCER = "balancer"
    PROCESS = "process"
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
    group: Group
    base_name: str
    base_factor: float
    description: str
    whole: bool = False


_UP, _DOWN, _NONE = Better.HIGHER, Better.LOWER, Better.NEITHER

# fmt: off
METRICS: Final[tuple[Metric, ...]] = (
    # id, title, unit, better, group, base name, base factor,
    #     description
    Metric("throughput_ops_sec", "Throughput", "ops/s", _UP, Group.SERVICE, "operations_per_second", 1.0,
           "Operations completed per second"),
    Metric("latency_ms", "Latency", "ms", _DOWN, Group.LATENCY, "latency_mean_seconds", 1e-3,
           "Mean time of the operations that completed in the last second"),
    Metric("latency_p50_ms", "Latency p50", "ms", _DOWN, Group.LATENCY, "latency_p50_seconds", 1e-3,
           "Half of the operations of the last second were faster"),
    Metric("latency_p95_ms", "Latency p95", "ms", _DOWN, Group.LATENCY, "latency_p95_seconds", 1e-3,
           "95 of 100 operations of the last second were faster"),
    Metric("latency_p99_ms", "Latency p99", "ms", _DOWN, Group.LATENCY, "latency_p99_seconds", 1e-3,
           "99 of 100 operations of the last second were faster"),
    Metric("memory_mb", "Memory", "MB", _DOWN, Group.SERVICE, "memory_bytes", 1e6,
           "Resident memory of the target; 1 MB = 10^6 bytes"),
    Metric("cpu_utilization", "CPU", "%", _DOWN, Group.SERVICE, "cpu_utilization_ratio", 1e-2,
           "CPU time per second divided by the cores the target may use"),
    Metric("active_connections", "Connections", "", _NONE, Group.SERVICE, "active_connections", 1.0,
           "Connections open at the target", whole=True),
    Metric("error_rate", "Error rate", "%", _DOWN, Group.SERVICE, "error_ratio", 1e-2,
           "Failed operations of all operations completed in the last second"),
    Metric("optimization_score", "Optimisation", "/ 100", _UP, Group.SERVICE, "optimization_score_ratio", 1e-2,
           "How well the mechanisms work now: the mean of their gauges"),
    Metric("batch_efficiency", "Batch efficiency", "%", _UP, Group.BATCHING, "batch_fill_ratio", 1e-2,
           "Messages sent of the messages that the batches sent could have held"),
    Metric("compression_ratio", "Compression ratio", ": 1", _UP, Group.BATCHING, "batch_compression_ratio", 1.0,
           "Bytes before compression divided by bytes sent"),
    Metric("messages_per_batch", "Messages per batch", "", _UP, Group.BATCHING, "messages_per_batch", 1.0,
           "Messages sent divided by batches sent"),
    Metric("pool_hit_rate", "Pool hit rate", "%", _UP, Group.POOLS, "pool_hit_ratio", 1e-2,
           "Requests for a buffer that were served from the pool"),
    Metric("pool_saved_mb", "Allocation avoided", "MB/s", _UP, Group.POOLS, "pool_reused_bytes_per_second", 1e6,
           "Bytes handed out again instead of allocated, per second"),
    Metric("pool_allocated_mb", "Allocated", "MB/s", _DOWN, Group.POOLS, "pool_allocated_bytes_per_second", 1e6,
           "Bytes of buffers newly allocated, per second"),
    Metric("pool_in_use", "Buffers in use", "", _NONE, Group.POOLS, "pool_buffers_in_use", 1.0,
           "Buffers of the pool that are lent out", whole=True),
    Metric("worker_count", "Workers", "", _NONE, Group.BALANCER, "workers", 1.0,
           "Workers that run", whole=True),
    Metric("worker_imbalance", "Imbalance", "%", _DOWN, Group.BALANCER, "worker_imbalance_ratio", 1e-2,
           "1 minus Jain's fairness index of the workers' CPU time in the last second"),
    *(
        Metric(f"worker_cpu_{n}", f"Worker {n} CPU", "%", _NONE, Group.BALANCER, f"worker_{n}_cpu_ratio", 1e-2,
               f"CPU time per second of worker {n}, of one core")
        for n in range(1, MAX_WORKERS + 1)
    ),
    Metric("offered_ops_sec", "Offered load", "ops/s", _NONE, Group.LOAD, "offered_operations_per_second", 1.0,
           "Operations that clients asked for, per second"),
    Metric("shed_ops_sec", "Shed load", "ops/s", _DOWN, Group.LOAD, "shed_operations_per_second", 1.0,
           "Operations that were turned away unserved, per second"),
    Metric("queue_depth", "Queue depth", "", _DOWN, Group.LOAD, "queue_depth", 1.0,
           "Operations that wait to be served", whole=True),
    Metric("threads", "Threads", "", _NONE, Group.PROCESS, "threads", 1.0,
           "Threads of the target's process tree", whole=True),
    Metric("open_files", "Open files", "", _NONE, Group.PROCESS, "open_file_descriptors", 1.0,
           "File descriptors open in the target's process tree", whole=True),
    Metric("host_cpu", "Host CPU", "%", _NONE, Group.HOST, "host_cpu_utilization_ratio", 1e-2,
           "CPU of the monitor's machine in use, all cores"),
    Metric("host_memory", "Host memory", "%", _NONE, Group.HOST, "host_memory_utilization_ratio", 1e-2,
           "Memory of the monitor's machine in use"),
    Metric("monitor_cpu", "Monitor CPU", "%", _DOWN, Group.MONITOR, "monitor_cpu_utilization_ratio", 1e-2,
           "CPU time per second of the monitor itself, of one core"),
    Metric("monitor_memory_mb", "Monitor memory", "MB", _DOWN, Group.MONITOR, "monitor_memory_bytes", 1e6,
           "Resident memory of the monitor itself"),
    Metric("tick_lateness_ms", "Tick lateness", "ms", _DOWN, Group.MONITOR, "tick_lateness_seconds", 1e-3,
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
