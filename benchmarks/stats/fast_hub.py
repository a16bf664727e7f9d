"""`python -m benchmarks.stats.fast_hub FACTOR ORIGIN EPOCH SEED PIPE`: the sample hub in fast time, all on.

The sample hub's own parts, as its program ties them together, with a clock, a pause and a wait that run faster.
Whatever it waits for and times is in fast seconds: arrivals, model calls, batches, latencies, scaling. What the
processor does cannot be hurried: CPU seconds are real ones, so the hub works like one on a machine that is as many
times slower.
"""

import json
import random
import selectors
import signal
import sys
import tempfile
import threading
from itertools import count
from pathlib import Path

from prometheus_client.registry import CollectorRegistry

from benchmarks.stats.fast_clock import FastClock
from monitor.samplehub import fault_injection, lifeline, process
from monitor.samplehub.api import Api
from monitor.samplehub.arrivals import Arrivals
from monitor.samplehub.counters import Counters
from monitor.samplehub.dispatcher import WORKER_CAPACITY, Dispatcher
from monitor.samplehub.faults import Faults
from monitor.samplehub.fleet import Fleet
from monitor.samplehub.hub import Hub
from monitor.samplehub.link import Link
from monitor.samplehub.metrics import HubCollector
from monitor.samplehub.model import Model
from monitor.samplehub.optimizations import Optimizations
from monitor.samplehub.scenario import STEADY, Scenario
from monitor.samplehub.server import Server
from monitor.samplehub.worker import Worker

RATE = 600.0


class _FastDispatcher(Dispatcher):
    """Waits in fast seconds, by select: epoll's whole milliseconds are too coarse for them."""

    def __init__(self, factor: float, **parts: object) -> None:
        super().__init__(**parts)  # type: ignore[arg-type]
        self._factor = factor
        self._selector = selectors.SelectSelector()

    def wait(self, timeout: float) -> list[Link]:
        return super().wait(timeout / self._factor)


class _FastHub(Hub):
    """The hub with a dispatcher that waits in fast seconds."""

    def __init__(self, factor: float, *, fleet: Fleet, counters: Counters, **parts: object) -> None:
        super().__init__(fleet=fleet, counters=counters, **parts)  # type: ignore[arg-type]
        self._dispatcher.close()
        self._dispatcher = _FastDispatcher(
            factor, queue=self._queue, fleet=fleet, pool=self._pool, counters=counters
        )


def main(clock: FastClock, seed: int, pipe: int) -> None:
    """Run until SIGTERM or the pipe's end; prints its address as a JSON line when it listens."""
    started = clock.wall()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    lifeline.watch(pipe, stop.set)
    process.confine_to_one_core()
    counters, faults, registry = Counters(), Faults(clock.now), CollectorRegistry()
    optimizations = Optimizations(enabled=True)
    scenario = Scenario(STEADY, optimizations, first=0.0, gap=0.0)
    api = Api(registry=registry, optimizations=optimizations, faults=faults, scenario=scenario, log=_log)
    server = Server("127.0.0.1", 0, api)
    with tempfile.TemporaryDirectory(prefix="samplehub-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        serial = count()

        def spawn(slot: int) -> Worker:
            model = Model(faults, _random(seed + slot), sleep=clock.sleep)
            return Worker(slot, str(Path(folder) / f"{slot}-{next(serial)}"), model)

        fleet = Fleet(spawn)
        hub = _FastHub(
            clock.factor,
            arrivals=Arrivals(RATE, _random(seed), clock.now()),
            fleet=fleet,
            counters=counters,
            optimizations=optimizations,
            scenario=scenario,
            rng=_random(seed),
            clock=clock.now,
            log=_log,
        )
        HubCollector(
            counters,
            hub.gauges,
            registry,
            started=started,
            cores=process.usable_cores(),
            batch_capacity=WORKER_CAPACITY,
        )
        fault_injection.start(faults)
        server.start()
        print(json.dumps({"url": f"{server.url}/metrics"}), flush=True)
        hub.run(stop.is_set)
        fleet.close()


def _random(seed: int) -> random.Random:
    return random.Random(seed)


def _log(_event: str) -> None:
    """Its changes of state are in its metrics."""


if __name__ == "__main__":
    _factor, _origin, _epoch = map(float, sys.argv[1:4])
    main(FastClock(_factor, _origin, _epoch), int(sys.argv[4]), int(sys.argv[5]))
