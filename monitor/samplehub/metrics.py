"""HubCollector: the hub's figures as Prometheus metrics."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from prometheus_client.utils import floatToGoString

from monitor.samplehub import process
from monitor.samplehub.counters import DURATION_BOUNDS, Counters, Totals
from monitor.samplehub.gauges import Gauges
from monitor.samplehub.optimizations import BALANCER, BATCHING, POOLS
from monitor.samplehub.pool import PoolCounts

_LE = (*map(floatToGoString, DURATION_BOUNDS), "+Inf")


class HubCollector(Collector):
    """Reads the counters and gauges once per scrape.

    `started` is the process's start in seconds since the epoch, `cores` what it may use, `batch_capacity` the
    most messages in one envelope.
    """

    def __init__(
        self,
        counters: Counters,
        gauges: Callable[[], Gauges],
        registry: CollectorRegistry,
        *,
        started: float,
        cores: int,
        batch_capacity: int,
        resident: Callable[[], int | None] = process.resident_bytes,
    ) -> None:
        self._counters = counters
        self._gauges = gauges
        self._started = started
        self._cores = cores
        self._batch_capacity = batch_capacity
        self._resident = resident
        registry.register(self)

    def describe(self) -> Iterable[Metric]:
        """Nothing: names are fixed and the registry need not scrape to learn them."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families; a figure that is not known is left out."""
        totals, gauges = self._counters.read(), self._gauges()
        yield from _operations(totals, gauges)
        yield from _envelopes(totals, self._batch_capacity)
        yield from _pool(gauges.pool, gauges.buffers_in_use)
        yield from _workers(gauges)
        yield from self._process()

    def _process(self) -> Iterator[Metric]:
        yield CounterMetricFamily("process_cpu_seconds", "CPU time of the process.", value=process.cpu_seconds())
        resident = self._resident()
        if resident is not None:
            yield GaugeMetricFamily("process_resident_memory_bytes", "Memory resident now.", value=resident)
        yield GaugeMetricFamily(
            "process_start_time_seconds", "Start, seconds since the epoch.", value=self._started
        )
        yield GaugeMetricFamily("hub_cpu_cores", "Cores that the process may use.", value=self._cores)


def _operations(totals: Totals, gauges: Gauges) -> Iterator[Metric]:
    yield CounterMetricFamily("hub_operations_offered", "Requests that arrived.", value=totals.offered)
    yield CounterMetricFamily("hub_operations_shed", "Requests that found the queue full.", value=totals.shed)
    yield CounterMetricFamily(
        "hub_operations", "Tasks that came back, failed ones included.", value=totals.operations
    )
    yield CounterMetricFamily("hub_operation_errors", "Tasks that came back failed.", value=totals.errors)
    duration = HistogramMetricFamily("hub_operation_duration_seconds", "From the intended start to the answer.")
    cumulative, buckets = 0, []
    for le, count in zip(_LE, totals.buckets, strict=True):
        cumulative += count
        buckets.append((le, cumulative))
    duration.add_metric([], buckets, sum_value=totals.duration_seconds)
    yield duration
    yield GaugeMetricFamily("hub_queue_depth", "Tasks waiting for a worker.", value=gauges.queue_depth)
    yield GaugeMetricFamily("hub_active_connections", "Open connections to workers.", value=gauges.connections)


def _envelopes(totals: Totals, capacity: int) -> Iterator[Metric]:
    yield CounterMetricFamily("hub_messages", "Messages sent to workers.", value=totals.messages)
    yield CounterMetricFamily("hub_batches", "Envelopes sent to workers.", value=totals.batches)
    yield GaugeMetricFamily("hub_batch_capacity_messages", "Most messages in one envelope.", value=capacity)
    yield CounterMetricFamily(
        "hub_batch_raw_bytes", "Envelope content before compression.", value=totals.raw_bytes
    )
    yield CounterMetricFamily("hub_batch_sent_bytes", "Envelopes as sent.", value=totals.sent_bytes)


def _pool(counts: PoolCounts, in_use: int) -> Iterator[Metric]:
    requests = CounterMetricFamily("hub_pool_requests", "Buffers asked of the pool.", labels=["result"])
    requests.add_metric(["hit"], counts.hits)
    requests.add_metric(["miss"], counts.misses)
    yield requests
    yield CounterMetricFamily("hub_pool_reused_bytes", "Buffer bytes served again.", value=counts.reused_bytes)
    yield CounterMetricFamily(
        "hub_pool_allocated_bytes",
        "Buffer bytes mapped afresh, by the pool or instead of it.",
        value=counts.allocated_bytes,
    )
    yield GaugeMetricFamily("hub_pool_buffers_in_use", "Pool buffers lent to tasks.", value=in_use)


def _workers(gauges: Gauges) -> Iterator[Metric]:
    yield GaugeMetricFamily("hub_workers", "Worker threads running.", value=gauges.workers)
    cpu = CounterMetricFamily("hub_worker_cpu_seconds", "CPU time by the threads' own clock.", labels=["worker"])
    for slot, seconds in gauges.worker_cpu_seconds:
        cpu.add_metric([str(slot)], seconds)
    yield cpu
    outstanding = GaugeMetricFamily(
        "hub_worker_outstanding", "Messages at the worker, mean of the last second.", labels=["worker"]
    )
    for slot, messages in gauges.outstanding:
        outstanding.add_metric([str(slot)], messages)
    yield outstanding
    enabled = GaugeMetricFamily("hub_optimization_enabled", "1 while the mechanism is on.", labels=["name"])
    enabled.add_metric([BATCHING], gauges.modes.message_batching)
    enabled.add_metric([POOLS], gauges.modes.memory_pools)
    enabled.add_metric([BALANCER], gauges.modes.load_balancer)
    yield enabled
