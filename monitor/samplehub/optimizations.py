"""Optimizations: the three mechanisms that can be switched while the hub runs."""

import threading
from dataclasses import dataclass, replace

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
        # Serialises switches that come at the same time from HTTP and from the scenario; both values are
        # replaced, never changed, so that readers need no lock.
        self._lock = threading.Lock()
        self._modes = Modes(enabled, enabled, enabled)
        self._by_hand: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of the ramp."""
        return tuple(DESCRIPTIONS)

    def enabled(self, name: str) -> bool:
        """Whether the mechanism is on."""
        return bool(getattr(self._modes, name))

    def by_hand(self, name: str) -> bool:
        """Whether somebody has chosen its state."""
        return name in self._by_hand

    @property
    def modes(self) -> Modes:
        """All switches at one instant; the same object until one is switched."""
        return self._modes

    def choose(self, name: str, *, enabled: bool) -> None:
        """Switch by hand."""
        with self._lock:
            self._modes = replace(self._modes, **{name: enabled})
            self._by_hand |= {name}

    def schedule(self, name: str, *, enabled: bool) -> bool:
        """Switch by the scenario, unless somebody has chosen; whether it was switched."""
        with self._lock:
            if name in self._by_hand:
                return False
            self._modes = replace(self._modes, **{name: enabled})
            return True
