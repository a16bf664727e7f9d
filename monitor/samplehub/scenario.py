"""Scenario: what the hub switches by itself, and when."""

from monitor.samplehub.optimizations import Optimizations

RAMP = "ramp"
STEADY = "steady"
OFF = "off"
NAMES = (RAMP, STEADY, OFF)


class Scenario:
    """`ramp` turns the optimisations on one after another, `steady` begins with all of them on, `off` with
    none.

    In the ramp nothing is on for `first` seconds, then the next one is turned on every `gap` seconds; one
    that was chosen by hand meanwhile is left as chosen, the others keep their times.
    """

    def __init__(self, name: str, optimizations: Optimizations, *, first: float, gap: float) -> None:
        self.name = name
        self._optimizations = optimizations
        names = optimizations.names if name == RAMP else ()
        self._plan = [(first + gap * index, optimization) for index, optimization in enumerate(names)]
        self.elapsed = 0.0

    def step(self, elapsed: float) -> list[str]:
        """Switch what is due `elapsed` seconds after the start; the names that were turned on now."""
        self.elapsed = elapsed
        switched = []
        while self._plan and self._plan[0][0] <= elapsed:
            _, name = self._plan.pop(0)
            if self._optimizations.schedule(name, enabled=True):
                switched.append(name)
        return switched

    def upcoming(self) -> list[tuple[str, float]]:
        """What the ramp will still turn on, as (name, seconds until then)."""
        return [
            (name, max(0.0, at - self.elapsed))
            for at, name in tuple(self._plan)
            if not self._optimizations.by_hand(name)
        ]
