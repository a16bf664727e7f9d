"""Time that runs faster, the same in every process that is told of it."""

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class FastClock:
    """The machine's clocks, `factor` times as fast since monotonic second `origin`, epoch second `epoch`.

    It is a Clock of the engine: samples are stamped with `wall`, in fast time. `monotonic` is the machine's own,
    because the Sampler waits by it: it is given an interval that is as many times shorter. What else lives in fast
    time goes by `now`.
    """

    factor: float
    origin: float
    epoch: float

    @classmethod
    def begin(cls, factor: float) -> Self:
        """Let time run faster from this moment on."""
        return cls(factor, time.monotonic(), time.time())

    def wall(self) -> float:
        """Return fast epoch seconds."""
        return self.epoch + self.factor * (time.monotonic() - self.origin)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def now(self) -> float:
        """Return fast seconds of a clock that never steps."""
        return self.factor * time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for so many fast seconds."""
        time.sleep(seconds / self.factor)
