"""Fakes at the engine's ports."""

from collections.abc import Callable, Iterable

from monitor.core.errors import SourceError
from monitor.core.sample import Reading


class ManualClock:
    """A clock that moves when told."""

    def __init__(self, wall: float = 1_700_000_000.0, monotonic: float = 1000.0) -> None:
        self.now = monotonic
        self.epoch = wall

    def wall(self) -> float:
        return self.epoch

    def monotonic(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.epoch += seconds


class ScriptedSource:
    """Answers with what the script says, one entry per read; an exception is raised, a function is called."""

    def __init__(
        self,
        script: Iterable[Reading | Exception | Callable[[], Reading]],
        name: str = "target",
        *,
        watches_target: bool = True,
        metrics: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.watches_target = watches_target
        self.metrics = frozenset(metrics)
        self._script = iter(script)
        self.closed = False

    def read(self) -> Reading:
        step = next(self._script, None)
        if step is None:
            raise SourceError("the script has ended")
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, Reading) else step()

    def close(self) -> None:
        self.closed = True
