"""Optimizations: the three mechanisms that can be switched while the hub runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass

BATCHING = "message_batching"
POOLS = "memory_pools"
BALANCER = "load_balancer"

DESCRIPTIONS = {
    BATCHING: "several messages per compressed envelope over a kept connection, one model call per envelope",
    POOLS: "reused buffers instead of a fresh 256 KB mapping per task in flight",
    BALANCER: "least outstanding, 2 to 8 workers, instead of static assignment to 2",
}


@dataclass(frozen=True, slots=True)
class Modes:
    """Which mechanisms are on, at one instant."""

    message_batching: bool = False
    memory_pools: bool = False
    load_balancer: bool = False


class Optimizations:
    """The switches. A choice made by hand stands: the scenario no longer touches that switch."""

    def __init__(self, *, enabled: bool = False) -> None:
        # Guards the two fields below against switches that come at the same time from HTTP and from the scenario.
        self._lock = threading.Lock()
        self._enabled = dict.fromkeys(DESCRIPTIONS, enabled)
        self._by_hand: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of the ramp."""
        return tuple(self._enabled)

    def enabled(self, name: str) -> bool:
        """Whether the mechanism is on; KeyError for an unknown name."""
        return self._enabled[name]

    def by_hand(self, name: str) -> bool:
        """Whether somebody has chosen its state."""
        return name in self._by_hand

    def modes(self) -> Modes:
        """All switches at one instant."""
        with self._lock:
            return Modes(**self._enabled)

    def choose(self, name: str, *, enabled: bool) -> None:
        """Switch by hand; KeyError for an unknown name."""
        with self._lock:
            if name not in self._enabled:
                raise KeyError(name)
            self._enabled[name] = enabled
            self._by_hand |= {name}

    def schedule(self, name: str, *, enabled: bool) -> bool:
        """Switch by the scenario, unless somebody has chosen; whether it was switched."""
        with self._lock:
            if name in self._by_hand:
                return False
            self._enabled[name] = enabled
            return True
