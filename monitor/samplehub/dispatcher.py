"""Dispatcher: which waiting tasks go to which worker, and what comes back."""

import selectors
import sys
from collections.abc import Sequence
from typing import Any

from monitor.samplehub.admission import AdmissionQueue
from monitor.samplehub.counters import Counters
from monitor.samplehub.envelope import EnvelopeError
from monitor.samplehub.fleet import Fleet, Member
from monitor.samplehub.link import Link
from monitor.samplehub.optimizations import Modes
from monitor.samplehub.pool import BufferPool
from monitor.samplehub.task import Task

# The most messages that a worker holds: in one envelope when batching, in as many connections otherwise.
WORKER_CAPACITY = 16
# A batch that is not full leaves when its oldest message has waited this long.
LINGER_SECONDS = 0.008


class Dispatcher:
    """Sends waiting tasks to workers and completes them as answers arrive. The hub's loop alone calls it."""

    def __init__(self, queue: AdmissionQueue, fleet: Fleet, pool: BufferPool, counters: Counters) -> None:
        self._queue = queue
        self._fleet = fleet
        self._pool = pool
        self._counters = counters
        self._selector = selectors.DefaultSelector()
        self._modes = Modes()

    @property
    def connections(self) -> int:
        """Open connections to workers."""
        return len(self._selector.get_map())

    def wait(self, timeout: float) -> list[Link]:
        """The links with something to read, after at most `timeout` seconds."""
        return [key.fileobj for key, _ in self._selector.select(timeout) if isinstance(key.fileobj, Link)]

    def switch(self, modes: Modes) -> None:
        """Follow new modes from now on; envelopes on their way end as they began."""
        self._modes = modes
        self.release_kept()

    def dispatch(self, now: float) -> None:
        """Send whatever may leave now (monotonic seconds)."""
        modes = self._modes
        if modes.load_balancer:
            limit = 1 if modes.message_batching else WORKER_CAPACITY
            while self._ready(None, now) and (member := self._fleet.least_outstanding(limit)) is not None:
                if not self._send(member, None, now):
                    return
            return
        for lane in (0, 1):
            member = self._fleet.members[lane]
            while self._ready(lane, now) and self._send(member, lane, now):
                pass

    def receive(self, link: Link, now: float) -> None:
        """Take the answers that arrived on a link; tasks on a connection that broke count as failed."""
        try:
            answers = link.receive()
        except (OSError, EnvelopeError) as error:
            print(f"samplehub: worker {link.slot}: {error}", file=sys.stderr)  # noqa: T201
            answers = None
        member = self._fleet.member(link.slot)
        if answers is None:
            self._complete([(task, None) for task in link.tasks.values()], member, now)
            link.tasks.clear()
            self._drop(link, member)
            return
        self._complete([(link.tasks.pop(answer["id"]), answer) for answer in answers], member, now)
        if not link.tasks and not (link.kept and self._keeps(member)):
            self._drop(link, member)

    def release_kept(self) -> None:
        """Close the kept connections that are idle and no longer wanted."""
        for member in self._fleet.running:
            if member.kept is not None and not member.outstanding and not self._keeps(member):
                self._drop(member.kept, member)

    def close(self) -> None:
        """Close all connections; what was on them is given up."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, Link):
                for task in key.fileobj.tasks.values():
                    self._pool.release(task.buffer)
                key.fileobj.close()
        self._selector.close()

    def _keeps(self, member: Member) -> bool:
        """Whether its kept connection stays: not when batching is off, nor while it drains."""
        return self._modes.message_batching and member.slot <= self._fleet.wanted

    def _ready(self, lane: int | None, now: float) -> bool:
        waiting = self._queue.depth(lane)
        if not self._modes.message_batching or not waiting:
            return waiting > 0
        oldest = self._queue.oldest(lane)
        return waiting >= WORKER_CAPACITY or (oldest is not None and now - oldest >= LINGER_SECONDS)

    def _send(self, member: Member, lane: int | None, now: float) -> bool:
        """Send one envelope to the member; False when it has no room."""
        worker = member.worker
        if worker is None:
            return False
        if self._modes.message_batching:
            if member.outstanding:
                return False
            if member.kept is None:
                member.kept = self._open(member.slot, worker.path, kept=True)
            link, tasks = member.kept, self._queue.take(WORKER_CAPACITY, lane)
        else:
            if member.outstanding >= WORKER_CAPACITY or member.kept is not None:
                return False
            link, tasks = self._open(member.slot, worker.path, kept=False), self._queue.take(1, lane)
        raw, sent = link.send(tasks)
        member.load(len(tasks), now)
        self._counters.sent(len(tasks), raw, sent)
        return True

    def _open(self, slot: int, path: str, *, kept: bool) -> Link:
        link = Link(slot, path, kept=kept)
        self._selector.register(link, selectors.EVENT_READ)
        return link

    def _drop(self, link: Link, member: Member) -> None:
        self._selector.unregister(link)
        link.close()
        if member.kept is link:
            member.kept = None

    def _complete(self, pairs: Sequence[tuple[Task, dict[str, Any] | None]], member: Member, now: float) -> None:
        errors, durations = 0, []
        for task, answer in pairs:
            if answer is None or not answer["ok"]:
                errors += 1
            else:
                task.buffer.write(answer["answer"].encode())
            durations.append(now - task.intended)
            self._pool.release(task.buffer)
        if durations:
            member.load(-len(durations), now)
            self._counters.completed(durations, errors)
