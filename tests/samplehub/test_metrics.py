import math

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitor.samplehub.counters import DURATION_BOUNDS, Counters
from monitor.samplehub.gauges import Gauges
from monitor.samplehub.metrics import HubCollector
from monitor.samplehub.optimizations import Modes
from monitor.samplehub.pool import PoolCounts

CONTRACT = {
    "hub_operations_total",
    "hub_operations_offered_total",
    "hub_operations_shed_total",
    "hub_queue_depth",
    "hub_cpu_cores",
    "hub_operation_errors_total",
    "hub_operation_duration_seconds_bucket",
    "hub_operation_duration_seconds_sum",
    "hub_operation_duration_seconds_count",
    "hub_active_connections",
    "hub_messages_total",
    "hub_batches_total",
    "hub_batch_capacity_messages",
    "hub_batch_raw_bytes_total",
    "hub_batch_sent_bytes_total",
    "hub_pool_requests_total",
    "hub_pool_reused_bytes_total",
    "hub_pool_allocated_bytes_total",
    "hub_pool_buffers_in_use",
    "hub_workers",
    "hub_worker_cpu_seconds_total",
    "hub_worker_outstanding",
    "hub_optimization_enabled",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
}


def scrape(counters=None, *, resident=lambda: 30_000_000):
    registry = CollectorRegistry()
    gauges = Gauges(
        queue_depth=3,
        connections=4,
        workers=2,
        buffers_in_use=5,
        pool=PoolCounts(hits=7, misses=1, reused_bytes=70, allocated_bytes=10),
        outstanding=((1, 2.5), (2, 0.5)),
        worker_cpu_seconds=((1, 1.5), (2, 0.25), (3, 0.125)),
        modes=Modes(memory_pools=True),
    )
    HubCollector(
        counters or Counters(),
        lambda: gauges,
        registry,
        started=1e9,
        cores=1,
        batch_capacity=16,
        resident=resident,
    )
    text = generate_latest(registry).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_name_that_is_promised_is_there():
    """Exactly the names that a hub exposes, no more and no less."""
    assert {name for name, *_ in scrape()} == CONTRACT


def test_labels_tell_workers_results_and_mechanisms_apart():
    """Workers by number, pool requests by result, mechanisms by name."""
    samples = scrape()
    assert samples["hub_worker_cpu_seconds_total", "3"] == 0.125
    assert ("hub_worker_outstanding", "3") not in samples
    assert samples["hub_worker_outstanding", "1"] == 2.5
    assert samples["hub_pool_requests_total", "hit"] == 7
    assert samples["hub_pool_requests_total", "miss"] == 1
    assert samples["hub_optimization_enabled", "memory_pools"] == 1
    assert samples["hub_optimization_enabled", "load_balancer"] == 0


def test_the_histogram_has_the_64_shared_bounds():
    """The bounds are read back exactly as 10 ** (-4 + k * 6 / 63), then +Inf."""
    bounds = sorted(float(key[1]) for key in scrape() if key[0] == "hub_operation_duration_seconds_bucket")
    assert bounds == [10 ** (-4 + k * 6 / 63) for k in range(64)] + [math.inf]


def test_durations_fall_into_their_buckets():
    """A bound belongs to its own bucket, buckets are cumulative, and their end is the count of operations."""
    counters = Counters()
    counters.completed([DURATION_BOUNDS[10], DURATION_BOUNDS[20], 1e6], errors=1)
    samples = scrape(counters)
    bucket = [
        samples["hub_operation_duration_seconds_bucket", repr(DURATION_BOUNDS[k])] for k in (9, 10, 19, 20, 63)
    ]
    assert bucket == [0, 1, 1, 2, 2]
    assert samples["hub_operation_duration_seconds_bucket", "+Inf"] == 3
    assert samples[("hub_operation_duration_seconds_count",)] == samples[("hub_operations_total",)] == 3
    assert samples[("hub_operation_duration_seconds_sum",)] == pytest.approx(1e6, rel=1e-6)
    assert samples[("hub_operation_errors_total",)] == 1


def test_shed_requests_are_neither_operations_nor_errors():
    """What did not fit is offered and shed, and nothing else."""
    counters = Counters()
    counters.admitted(offered=10, shed=4)
    samples = scrape(counters)
    assert samples[("hub_operations_offered_total",)] == 10
    assert samples[("hub_operations_shed_total",)] == 4
    assert samples[("hub_operations_total",)] == samples[("hub_operation_errors_total",)] == 0


def test_unknown_memory_is_left_out():
    """Where the system does not tell, the metric is absent, not zero."""
    assert ("process_resident_memory_bytes",) not in scrape(resident=lambda: None)
