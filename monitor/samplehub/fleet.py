"""Fleet: the workers in service, and what the hub knows about each."""

from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.samplehub.link import Link
from monitor.samplehub.scaling import MAX_WORKERS, MIN_WORKERS
from monitor.samplehub.worker import Worker

JOIN_SECONDS = 0.5


class Member:
    """A place for a worker, numbered from 1, with its load as the hub sees it (monotonic seconds)."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.worker: Worker | None = None
        self.kept: Link | None = None
        self.outstanding = 0
        self.idle_since = 0.0
        self.mean_outstanding: float | None = None
        self._past_cpu_seconds = 0.0
        self._starts = 0
        self._changed = 0.0
        self._message_seconds = 0.0
        self._busy_seconds = 0.0

    def start(self, worker: Worker, now: float) -> None:
        """Put a worker into service here."""
        self.worker = worker
        self._starts += 1
        self._changed = self.idle_since = now
        worker.start()

    def stop(self) -> None:
        """End the worker; it has nothing outstanding and no kept connection, so that it ends at once."""
        if self.worker is not None:
            self.worker.retire()
            self.worker.join(JOIN_SECONDS)
            self._past_cpu_seconds += self.worker.cpu_seconds
            Path(self.worker.path).unlink(missing_ok=True)
        self.worker = None
        self.mean_outstanding = None

    @property
    def cpu_seconds(self) -> float | None:
        """CPU time of all workers that served here, None while there was none."""
        if not self._starts:
            return None
        return self._past_cpu_seconds + (self.worker.cpu_seconds if self.worker is not None else 0.0)

    def load(self, change: int, now: float) -> None:
        """Count messages that were sent to the worker (positive) or came back (negative)."""
        self._integrate(now)
        self.outstanding += change
        if not self.outstanding:
            self.idle_since = now

    def roll(self, now: float, seconds: float) -> float:
        """Close a measuring period of `seconds`: set the mean outstanding, return the busy share."""
        self._integrate(now)
        busy, self.mean_outstanding = self._busy_seconds / seconds, self._message_seconds / seconds
        self._message_seconds = self._busy_seconds = 0.0
        return busy

    def _integrate(self, now: float) -> None:
        elapsed = now - self._changed
        self._changed = now
        if self.outstanding:
            self._busy_seconds += elapsed
            self._message_seconds += elapsed * self.outstanding


class Fleet:
    """Eight places, of which the first `wanted` take work; a place beyond that drains and its worker ends.

    The hub's loop alone changes it. `spawn(slot)` makes a worker that has not started yet.
    """

    def __init__(self, spawn: Callable[[int], Worker]) -> None:
        self._spawn = spawn
        self.members = tuple(Member(slot) for slot in range(1, MAX_WORKERS + 1))
        self.wanted = MIN_WORKERS

    @property
    def running(self) -> list[Member]:
        """Places with a worker, those that drain included."""
        return [member for member in self.members if member.worker is not None]

    def member(self, slot: int) -> Member:
        """The place with this number."""
        return self.members[slot - 1]

    def scale(self, now: float) -> None:
        """Start the workers that are missing; end those beyond `wanted` that are idle."""
        for member in self.members[: self.wanted]:
            if member.worker is None:
                member.start(self._spawn(member.slot), now)
        for member in self.members[self.wanted :]:
            if member.worker is not None and not member.outstanding and member.kept is None:
                member.stop()

    def least_outstanding(self, limit: int) -> Member | None:
        """The member with the fewest messages, on a tie the longest idle; None when all have `limit`."""
        free = [member for member in self.members[: self.wanted] if member.outstanding < limit]
        return min(free, key=lambda member: (member.outstanding, member.idle_since), default=None)

    def roll(self, now: float, seconds: float) -> float:
        """Close a measuring period for all; returns the mean number of busy workers."""
        return sum(member.roll(now, seconds) for member in self.running)

    def close(self) -> None:
        """Ask all workers to end, without waiting for a model call that is under way."""
        for member in self.running:
            if member.worker is not None:
                member.worker.retire()

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)
