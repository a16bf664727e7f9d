import json
import random
import time

import pytest

from monitor.samplehub.admission import AdmissionQueue
from monitor.samplehub.counters import Counters
from monitor.samplehub.dispatcher import LINGER_SECONDS, WORKER_CAPACITY, Dispatcher
from monitor.samplehub.faults import Faults
from monitor.samplehub.fleet import Fleet
from monitor.samplehub.model import Model
from monitor.samplehub.optimizations import Modes
from monitor.samplehub.pool import BufferPool
from monitor.samplehub.task import Task
from monitor.samplehub.worker import Worker


class Bench:
    """A dispatcher over real workers whose model answers at once."""

    def __init__(self, directory, modes):
        faults = Faults(lambda: 0.0)
        self.answering = lambda messages: Model(faults, random.Random(1), lambda _: None).answer(messages)  # noqa: S311
        self.fleet = Fleet(lambda slot: Worker(slot, str(directory / str(slot)), self))
        self.queue = AdmissionQueue()
        self.pool = BufferPool()
        self.pool.switch(modes.memory_pools)
        self.counters = Counters()
        self.dispatcher = Dispatcher(self.queue, self.fleet, self.pool, self.counters)
        self.dispatcher.switch(modes)
        self.fleet.scale(0.0)

    def answer(self, messages):
        return self.answering(messages)

    def put(self, count, lane=0, intended=0.0):
        for number in range(count):
            buffer = self.pool.lease()
            buffer.write(json.dumps({"id": number, "prompt": "a b"}).encode())
            self.queue.put(Task(number, intended, lane, buffer))

    def receive_until(self, operations, now=1.0):
        end = time.monotonic() + 5.0
        while self.totals.operations < operations:
            assert time.monotonic() < end
            for link in self.dispatcher.wait(0.1):
                self.dispatcher.receive(link, now)

    @property
    def totals(self):
        return self.counters.read()

    def outstanding(self):
        return [member.outstanding for member in self.fleet.running]

    def close(self):
        self.dispatcher.close()
        self.fleet.close()
        self.pool.close()


@pytest.fixture
def bench(socket_directory):
    made = []

    def make(**modes):
        made.append(Bench(socket_directory, Modes(**modes)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_without_batching_each_message_has_its_connection(bench):
    """Five tasks are five envelopes on five connections, which are gone when the answers are here."""
    hub = bench()
    hub.put(5)
    hub.dispatcher.dispatch(now=0.0)
    assert hub.dispatcher.connections == 5
    hub.receive_until(5)
    assert hub.dispatcher.connections == 0
    assert (hub.totals.messages, hub.totals.batches, hub.totals.errors) == (5, 5, 0)


def test_batching_sends_one_envelope_over_a_kept_connection(bench):
    """Sixteen tasks are one envelope; the connection serves the next one too."""
    hub = bench(message_batching=True)
    for rounds in (1, 2):
        hub.put(WORKER_CAPACITY)
        hub.dispatcher.dispatch(now=0.0)
        hub.receive_until(rounds * WORKER_CAPACITY)
        assert hub.dispatcher.connections == 1
    assert (hub.totals.messages, hub.totals.batches) == (2 * WORKER_CAPACITY, 2)


def test_a_batch_that_is_not_full_lingers(bench):
    """It leaves when its oldest message has waited long enough, not before."""
    hub = bench(message_batching=True)
    hub.put(3)
    hub.dispatcher.dispatch(now=LINGER_SECONDS / 2)
    assert hub.totals.batches == 0
    hub.dispatcher.dispatch(now=LINGER_SECONDS)
    assert (hub.totals.messages, hub.totals.batches) == (3, 1)
    hub.receive_until(3)


def test_static_assignment_leaves_the_other_worker_idle(bench):
    """All tasks of one lane go to its worker, up to what it may hold; the rest waits."""
    hub = bench()
    hub.put(WORKER_CAPACITY + 4, lane=1)
    hub.dispatcher.dispatch(now=0.0)
    assert hub.outstanding() == [0, WORKER_CAPACITY]
    assert len(hub.queue) == 4


def test_least_outstanding_spreads_one_lane_evenly(bench):
    """With the balancer the lane does not matter."""
    hub = bench(load_balancer=True)
    hub.put(10, lane=1)
    hub.dispatcher.dispatch(now=0.0)
    assert hub.outstanding() == [5, 5]


def test_more_workers_take_work_at_once(bench):
    """After scaling to five, ten tasks are two for each."""
    hub = bench(load_balancer=True)
    hub.fleet.wanted = 5
    hub.fleet.scale(0.0)
    hub.put(10)
    hub.dispatcher.dispatch(now=0.0)
    assert hub.outstanding() == [2] * 5


def test_workers_beyond_the_wanted_drain_and_end(bench):
    """A retired worker keeps its CPU time on record, and its place can be taken again."""
    hub = bench(load_balancer=True, message_batching=True)
    hub.fleet.wanted = 3
    hub.fleet.scale(0.0)
    for _ in range(3):
        hub.put(WORKER_CAPACITY)
        hub.dispatcher.dispatch(now=0.0)
    hub.receive_until(3 * WORKER_CAPACITY)
    hub.fleet.wanted = 2
    hub.dispatcher.release_kept()
    hub.fleet.scale(1.0)
    assert [member.slot for member in hub.fleet.running] == [1, 2]
    past = hub.fleet.member(3).cpu_seconds
    assert past > 0.0
    hub.fleet.wanted = 3
    hub.fleet.scale(2.0)
    assert hub.fleet.member(3).cpu_seconds >= past
    assert len(hub.fleet.running) == 3


def test_switching_while_envelopes_are_on_their_way_loses_none(bench):
    """What was sent in one mode comes back in the other; new work follows the new mode."""
    hub = bench()
    hub.put(6)
    hub.dispatcher.dispatch(now=0.0)
    hub.dispatcher.switch(Modes(message_batching=True))
    hub.put(WORKER_CAPACITY)
    hub.dispatcher.dispatch(now=0.0)
    assert hub.totals.messages == 6, "the worker still holds single messages"
    hub.receive_until(6)
    hub.dispatcher.dispatch(now=0.0)
    hub.dispatcher.switch(Modes())
    hub.put(2)
    hub.dispatcher.dispatch(now=0.0)
    assert hub.totals.messages == 6 + WORKER_CAPACITY, "the kept connection has to end first"
    hub.receive_until(6 + WORKER_CAPACITY)
    assert hub.dispatcher.connections == 0
    hub.dispatcher.dispatch(now=0.0)
    hub.receive_until(8 + WORKER_CAPACITY)
    assert (hub.totals.batches, hub.totals.errors) == (6 + 1 + 2, 0)


def test_latency_counts_from_the_intended_start(bench):
    """A task meant for second 0 that is answered at second 3 took three seconds."""
    hub = bench()
    hub.put(1, intended=0.0)
    hub.dispatcher.dispatch(now=2.5)
    hub.receive_until(1, now=3.0)
    assert hub.totals.duration_seconds == 3.0


def test_a_failed_answer_is_an_operation_and_an_error(bench):
    """Failing tasks count in both, and their memory comes back."""
    hub = bench(memory_pools=True)
    hub.answering = lambda messages: [json.dumps({"id": each["id"], "ok": False}).encode() for each in messages]
    hub.put(2)
    hub.dispatcher.dispatch(now=0.0)
    hub.receive_until(2)
    assert (hub.totals.operations, hub.totals.errors, hub.pool.in_use) == (2, 2, 0)


def test_tasks_on_a_connection_that_broke_count_as_failed(bench):
    """A worker that drops its connection costs the tasks on it, and the next envelope gets a new connection."""
    hub = bench(message_batching=True, memory_pools=True)
    answering = hub.answering

    def drop(messages):
        raise OSError

    hub.answering = drop
    hub.put(WORKER_CAPACITY)
    hub.dispatcher.dispatch(now=0.0)
    hub.receive_until(WORKER_CAPACITY)
    assert (hub.totals.errors, hub.pool.in_use, hub.outstanding()) == (WORKER_CAPACITY, 0, [0, 0])
    hub.answering = answering
    hub.put(WORKER_CAPACITY)
    hub.dispatcher.dispatch(now=0.0)
    hub.receive_until(2 * WORKER_CAPACITY)
    assert hub.totals.errors == WORKER_CAPACITY
