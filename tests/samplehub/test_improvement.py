"""What the optimisations are worth: measured on the running program, printed by `pytest -s`."""

import math
import statistics
import time
from dataclasses import dataclass
from itertools import pairwise

import pytest

pytestmark = pytest.mark.system

SETTLE_SECONDS = 2
WINDOW_SECONDS = 10
STEP_SECONDS = 3
DURATION = "hub_operation_duration_seconds"


@dataclass(frozen=True)
class Window:
    """Means over one measuring window; `spread` is the variation of the throughput from second to second."""

    throughput: float
    spread: float
    mean_ms: float
    p95_ms: float
    cpu_percent: float
    memory_mb: float
    workers: float

    def line(self, label):
        return (
            f"{label:<12} {self.throughput:6.0f} ops/s (±{self.spread:.1%})  mean {self.mean_ms:6.1f} ms"
            f"  p95 <= {self.p95_ms:4.0f} ms  CPU {self.cpu_percent:4.1f} %  RSS {self.memory_mb:5.1f} MB"
            f"  {self.workers:.0f} workers"
        )


def measure(hub, seconds, settle=SETTLE_SECONDS):
    time.sleep(settle)
    scrapes = [hub.scrape()]
    for _ in range(seconds):
        time.sleep(1.0)
        scrapes.append(hub.scrape())
    first, last = scrapes[0], scrapes[-1]
    changes = {key: last[key] - first.get(key, 0.0) for key in last}
    pairs = list(pairwise(scrapes))
    elapsed = [after["time"] - before["time"] for before, after in pairs]

    def per_second(name):
        return [(after[(name,)] - before[(name,)]) / s for (before, after), s in zip(pairs, elapsed, strict=True)]

    throughput = per_second("hub_operations_total")
    count = changes[(f"{DURATION}_count",)]
    bounds = sorted((float(key[1]), value) for key, value in changes.items() if key[0] == f"{DURATION}_bucket")
    return Window(
        throughput=changes[("hub_operations_total",)] / sum(elapsed),
        spread=statistics.pstdev(throughput) / statistics.mean(throughput),
        mean_ms=1000 * changes[(f"{DURATION}_sum",)] / count,
        p95_ms=1000 * next(bound for bound, below in bounds if below >= 0.95 * count),
        cpu_percent=100 * changes[("process_cpu_seconds_total",)] / sum(elapsed),
        memory_mb=statistics.mean(scrape.get(("process_resident_memory_bytes",), math.nan) for scrape in scrapes)
        / 1e6,
        workers=last[("hub_workers",)],
    )


def test_all_on_is_better_than_all_off_by_what_is_promised(start_hub):
    """At 600/s: throughput +70 %, mean latency -40 %, CPU and memory -20 %, within 25 % of a core and 80 MB."""
    hub = start_hub("--scenario", "off", "--rate", "600")
    off = measure(hub, WINDOW_SECONDS)
    hub.switch("message_batching", enabled=True)
    batching = measure(hub, STEP_SECONDS)
    hub.switch("memory_pools", enabled=True)
    pools = measure(hub, STEP_SECONDS)
    hub.switch("load_balancer", enabled=True)
    on = measure(hub, WINDOW_SECONDS)
    table = {"off": off, "+batching": batching, "+pools": pools, "+balancer": on}
    print("", *(window.line(label) for label, window in table.items()), sep="\n")  # noqa: T201

    assert on.throughput >= 1.7 * off.throughput
    assert on.mean_ms <= 0.6 * off.mean_ms
    assert on.cpu_percent <= 0.8 * off.cpu_percent
    assert on.memory_mb <= 0.8 * off.memory_mb
    assert max(off.cpu_percent, on.cpu_percent) <= 25.0
    assert max(pools.memory_mb, on.memory_mb) < 80.0

    assert batching.throughput > 1.5 * off.throughput, "batching shows in the throughput"
    assert pools.memory_mb < 0.95 * batching.memory_mb, "pools show in the memory"
    assert pools.cpu_percent < batching.cpu_percent, "pools show in the CPU time"
    assert on.workers > 2, "the balancer adds workers"
    assert on.mean_ms < pools.mean_ms, "the balancer shows in the latency"
