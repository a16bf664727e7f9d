"""Hub: the loop that admits requests, hands them to workers and completes them."""

import json
import random
from collections.abc import Callable
from dataclasses import replace

from monitor.samplehub.admission import AdmissionQueue
from monitor.samplehub.arrivals import Arrivals
from monitor.samplehub.counters import Counters
from monitor.samplehub.dispatcher import Dispatcher
from monitor.samplehub.fleet import Fleet
from monitor.samplehub.gauges import Gauges
from monitor.samplehub.optimizations import Modes, Optimizations
from monitor.samplehub.pool import BufferPool
from monitor.samplehub.scaling import MIN_WORKERS, Scaler
from monitor.samplehub.scenario import Scenario
from monitor.samplehub.task import Task

# Requests are admitted on this grid: a wake-up for each of 600 a second would cost more than the requests
# themselves.
TICK_SECONDS = 0.01
PERIOD_SECONDS = 1.0
PROMPTS = 64
WORDS = (
    "summarise the incident report for region north and list open actions with owners then compare response "
    "times of last week against the week before explain which customers were affected translate the notice "
    "draft a short answer keep numbers exact cite sources mark anything uncertain"
)


class Hub:
    """Ties arrivals, queue, pool, fleet and dispatcher together; `clock` is in monotonic seconds."""

    def __init__(
        self,
        *,
        arrivals: Arrivals,
        fleet: Fleet,
        counters: Counters,
        optimizations: Optimizations,
        scenario: Scenario,
        rng: random.Random,
        clock: Callable[[], float],
        log: Callable[[str], None],
    ) -> None:
        self._arrivals = arrivals
        self._fleet = fleet
        self._counters = counters
        self._optimizations = optimizations
        self._scenario = scenario
        self._clock = clock
        self._log = log
        self._queue = AdmissionQueue()
        self._pool = BufferPool()
        self._dispatcher = Dispatcher(self._queue, fleet, self._pool, counters)
        self._scaler = Scaler()
        # Encoded once, as a client's request arrives encoded.
        self._prompts = [_prompt(rng) for _ in range(PROMPTS)]
        self._next_id = 0
        self._modes = Modes()

    def run(self, stopping: Callable[[], bool]) -> None:
        """Serve until `stopping` says so, then end the workers."""
        started = next_tick = last_period = self._clock()
        self._fleet.scale(started)
        try:
            while not stopping():
                links = self._dispatcher.wait(max(0.0, next_tick - self._clock()))
                now = self._clock()
                for link in links:
                    self._dispatcher.receive(link, now)
                if now >= next_tick:
                    next_tick = max(next_tick + TICK_SECONDS, now)
                    self._scenario_step(now - started)
                    if self._optimizations.modes is not self._modes:
                        self._switch(self._optimizations.modes)
                    self._admit(now)
                    if now - last_period >= PERIOD_SECONDS:
                        self._end_period(now, now - last_period)
                        last_period = now
                self._dispatcher.dispatch(now)
        finally:
            self._dispatcher.close()
            for task in self._queue.take(len(self._queue), None):
                self._pool.release(task.buffer)
            self._pool.close()

    def gauges(self) -> Gauges:
        """The state now, for any thread: it reads single values, which may be a moment apart."""
        running = self._fleet.running
        return Gauges(
            queue_depth=len(self._queue),
            connections=self._dispatcher.connections,
            workers=len(running),
            buffers_in_use=self._pool.in_use,
            pool=replace(self._pool.counts),
            outstanding=tuple((m.slot, m.mean_outstanding) for m in running if m.mean_outstanding is not None),
            worker_cpu_seconds=tuple((m.slot, cpu) for m in running if (cpu := m.cpu_seconds) is not None),
            modes=self._modes,
        )

    def _scenario_step(self, elapsed: float) -> None:
        for name in self._scenario.step(elapsed):
            self._log(f"scenario turned {name} on")

    def _switch(self, modes: Modes) -> None:
        """Let a changed switch take effect."""
        if modes.memory_pools != self._pool.enabled:
            self._pool.switch(modes.memory_pools)
        if not modes.load_balancer:
            self._fleet.wanted = MIN_WORKERS
        self._dispatcher.switch(modes)
        self._modes = modes

    def _admit(self, now: float) -> None:
        due = self._arrivals.due(now)
        shed = 0
        for intended, tenant in due:
            if self._queue.full:
                shed += 1
                continue
            self._next_id += 1
            prompt = self._prompts[self._next_id % PROMPTS]
            buffer = self._pool.lease()
            buffer.write(b'{"id": %d, "tenant": %d, "prompt": %b}' % (self._next_id, tenant, prompt))
            self._queue.put(Task(self._next_id, intended, tenant % 2, buffer))
        if due:
            self._counters.admitted(len(due), shed)

    def _end_period(self, now: float, seconds: float) -> None:
        busy = self._fleet.roll(now, seconds)
        wanted = self._scaler.decide(self._fleet.wanted, busy) if self._modes.load_balancer else MIN_WORKERS
        if wanted != self._fleet.wanted:
            self._log(f"load balancer scales to {wanted} workers")
        self._fleet.wanted = wanted
        self._dispatcher.release_kept()
        self._fleet.scale(now)


def _prompt(rng: random.Random) -> bytes:
    words = rng.choices(WORDS.split(), k=rng.randint(20, 40))
    return json.dumps(" ".join(words)).encode()
