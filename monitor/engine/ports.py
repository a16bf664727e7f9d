"""What the engine needs from outside; the rooms above bring it, tests bring fakes."""

from typing import Protocol

from monitor.core.sample import Reading


class Clock(Protocol):
    """The wall clock stamps; the monotonic clock paces and times everything else."""

    def wall(self) -> float:
        """Return epoch seconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never steps."""
        ...


class Source(Protocol):
    """Sees one thing once per tick, always on the same thread, so it may keep previous readings."""

    @property
    def name(self) -> str:
        """Return the word by which the page names it."""
        ...

    @property
    def watches_target(self) -> bool:
        """Tell whether its answer is the target's answer (uptime) or something beside it."""
        ...

    @property
    def metrics(self) -> frozenset[str]:
        """Return the metrics that are its alone: other sources' values of them never count."""
        ...

    def read(self) -> Reading:
        """Look once. A failure is a Reading with `error`, or a SourceError."""
        ...

    def close(self) -> None:
        """Let go of sockets and handles."""
        ...


class Switchboard(Protocol):
    """Turns the target's optimisations on and off."""

    def switch(self, name: str, *, enabled: bool) -> None:
        """Turn one; raises SourceError with a sentence when the target does not do it."""
        ...
