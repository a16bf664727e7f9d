"""What a target says itself of its changes: another process, a switch that was turned."""

from collections.abc import Iterator, Mapping
from typing import Final

from monitor.core.marker import Origin
from monitor.core.sample import Sample

_RESTART_SECONDS: Final = 1.0


class TargetChanges:
    """Compares each sample with the one before; the first sight of anything is no change."""

    def __init__(self) -> None:
        self.started_at: float | None = None
        """The start of the target's process, epoch seconds, as it said last."""
        self._switches: Mapping[str, bool] = {}

    def resume(self, started_at: float | None, switches: Mapping[str, bool] | None) -> None:
        """Know what the target said in an earlier run, None where it said nothing."""
        self.started_at = self.started_at if started_at is None else started_at
        self._switches = switches or self._switches

    def take(self, sample: Sample, turned: Origin) -> Iterator[tuple[str, Origin]]:
        """Yield what changed and by what; `turned` says who turns switches now."""
        before, started = self.started_at, sample.started_at
        if started is not None:
            self.started_at = started
            if before is not None and abs(started - before) > _RESTART_SECONDS:
                yield "target restarted", Origin.RESTART
        if sample.switches:
            was, self._switches = self._switches, sample.switches
            flipped = [name for name, on in sample.switches.items() if was.get(name, on) != on]
            if flipped:
                yield ", ".join(f"{name} {'on' if sample.switches[name] else 'off'}" for name in flipped), turned
