"""AdmissionQueue: accepted tasks that wait for a worker."""

from collections import deque

from monitor.samplehub.task import Task

CAPACITY = 32


class AdmissionQueue:
    """First in, first out, with a lane per statically assigned worker; the bound holds for both together."""

    def __init__(self, capacity: int = CAPACITY, lanes: int = 2) -> None:
        self._capacity = capacity
        self._lanes: tuple[deque[Task], ...] = tuple(deque() for _ in range(lanes))

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    @property
    def full(self) -> bool:
        """Whether the next request has to be shed."""
        return len(self) >= self._capacity

    def put(self, task: Task) -> None:
        """Append a task to its lane; the caller has asked `full` before."""
        self._lanes[task.lane].append(task)

    def depth(self, lane: int | None) -> int:
        """Tasks waiting in one lane, or in all of them for None."""
        return len(self) if lane is None else len(self._lanes[lane])

    def oldest(self, lane: int | None) -> float | None:
        """Intended start of the task that has waited longest, None when nothing waits."""
        heads = [queue[0].intended for queue in self._chosen(lane) if queue]
        return min(heads) if heads else None

    def take(self, limit: int, lane: int | None) -> list[Task]:
        """Remove and return up to `limit` tasks, oldest first, from one lane or from all of them."""
        chosen = self._chosen(lane)
        taken: list[Task] = []
        while len(taken) < limit:
            waiting = [queue for queue in chosen if queue]
            if not waiting:
                break
            taken.append(min(waiting, key=lambda queue: queue[0].intended).popleft())
        return taken

    def _chosen(self, lane: int | None) -> tuple[deque[Task], ...]:
        return self._lanes if lane is None else (self._lanes[lane],)
