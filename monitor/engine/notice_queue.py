"""What waits to be told by one channel: the newest notice of each alert, and how many alerts are only counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.core.alert import Alert
from monitor.core.notice import Notice
from monitor.core.rule import Severity

GATHER_SECONDS: Final = 0.5
"""What comes at once goes together; and a notice is with the store before it is taken from there again."""
MOST_WAITING: Final = 1000
"""Where more alerts would wait, the least severe of them are only counted."""


@dataclass(slots=True)
class Waiting:
    """An alert that is to be told of: its newest notice and when that came, all their keys, and since when.

    Moments are monotonic seconds.
    """

    notice: Notice
    keys: list[str]
    since: float
    newest: float

    @property
    def rank(self) -> int:
        """Return the rank of its severity."""
        return self.notice.alert.rule.severity.rank


class NoticeQueue:
    """Under its owner's lock. Moments are monotonic seconds, `least` is the rank of the least severity meant."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting: dict[str, Waiting] = {}
        self._lowest = Severity.INFO.rank
        self._rest: Counter[str] = Counter()
        self._counted: set[str] = set()
        self._rest_at: float | None = None

    def __len__(self) -> int:
        """Return how many alerts wait that are not only counted."""
        return len(self._waiting)

    def __contains__(self, alert: str) -> bool:
        """Tell whether something of the alert of this id waits."""
        return alert in self._waiting

    @property
    def rest(self) -> dict[str, int]:
        """Return how many alerts of each rule are only counted, by the rule's name."""
        return dict(self._rest)

    @property
    def rest_at(self) -> float | None:
        """Return when these counts are to be kept, None where they have been."""
        return self._rest_at

    def restore(self, rest: Mapping[str, int]) -> None:
        """Take back the counts that were kept."""
        self._rest = Counter(rest)

    def add(self, notice: Notice, since: float) -> None:
        """Let it wait, however many there are."""
        self._lowest = min(self._lowest, notice.alert.rule.severity.rank)
        waiting = self._waiting.get(notice.alert.id)
        if waiting is None:
            self._waiting[notice.alert.id] = Waiting(notice, [notice.key], since, since)
        else:
            waiting.notice, waiting.newest = notice, since
            waiting.keys.append(notice.key)

    def offer(self, notice: Notice, now: float) -> list[str] | None:
        """Let it wait where there is room.

        Returns the keys of what is only counted from now on in its favour; None where it is only counted itself.
        """
        gone: list[str] = []
        if notice.alert.id not in self._waiting and len(self._waiting) >= MOST_WAITING:
            least = self._least_severe()
            if least.rank >= notice.alert.rule.severity.rank:
                self._count(notice.alert, now)
                return None
            del self._waiting[least.notice.alert.id]
            self._count(least.notice.alert, now)
            gone = least.keys
        self.add(notice, now)
        return gone

    def changed_rest(self, now: float) -> dict[str, int] | None:
        """Return the counts where they are to be kept, now and then: they change with each of many alerts."""
        if self._rest_at is None or now < self._rest_at:
            return None
        self._rest_at = None
        return self.rest

    def forget_rest(self) -> None:
        """Begin to count anew."""
        self._rest.clear()
        self._counted.clear()
        self._rest_at = None

    def due_at(self, least: int) -> float | None:
        """Return from when on there is something to tell, None where nothing waits."""
        newest = [waiting.newest for waiting in self._waiting.values() if waiting.rank >= least]
        return min(newest) + GATHER_SECONDS if newest else None

    def pop_due(self, now: float, least: int, most: int) -> list[Waiting]:
        """Take out what is due, the first `most` of it in the order in which it came."""
        due = [
            one
            for one, waiting in self._waiting.items()
            if now >= waiting.newest + GATHER_SECONDS and waiting.rank >= least
        ]
        return [self._waiting.pop(one) for one in due[:most]]

    def pop_older(self, now: float, seconds: float) -> list[Waiting]:
        """Take out what has waited for so long."""
        old = [one for one, waiting in self._waiting.items() if now - waiting.since >= seconds]
        return [self._waiting.pop(one) for one in old]

    def clear(self) -> list[Waiting]:
        """Take out everything, the counts too."""
        gone = list(self._waiting.values())
        self._waiting = {}
        self.forget_rest()
        return gone

    def _least_severe(self) -> Waiting:
        """Return one of the least severe that wait, the oldest of them; there is one."""
        for _ in range(2):
            for waiting in self._waiting.values():
                if waiting.rank <= self._lowest:
                    return waiting
            # What is known of it was of an earlier time.
            self._lowest = min(waiting.rank for waiting in self._waiting.values())
        raise LookupError

    def _count(self, alert: Alert, now: float) -> None:
        if alert.id not in self._counted:
            self._counted.add(alert.id)
            self._rest[alert.rule.name] += 1
            self._rest_at = self._rest_at or now + GATHER_SECONDS
