"""What is known of baselines, markers and the comparison under way, at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.baseline import Baseline
from monitor.core.impact import ImpactState
from monitor.core.ledger import LedgerRow
from monitor.core.marker import Marker
from monitor.core.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Recording:
    """A baseline that is being recorded: what comes after `start` up to `end`, epoch ms.

    `replaces` tells that it takes the place of older ones of its name.
    """

    name: str
    note: str
    start: int
    end: int
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """The baseline that is recorded by itself, of a young target: seconds `start`..`end` of its life."""

    name: str
    note: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ExperimentNotes:
    """What the next start goes on with: the id of the active baseline, None where there is none, and markers."""

    active: str | None = None
    markers: tuple[Marker, ...] = ()


@dataclass(frozen=True, slots=True)
class ExperimentState:
    """What a snapshot says of it; `settled` is the last comparison that was decided before the one under way.

    `fingerprint` is of the monitor that runs, as a baseline has that of the one that recorded it. `suggestions`
    are the changes that nobody noted, oldest first, as of the last search.
    """

    baselines: tuple[Baseline, ...] = ()
    markers: tuple[Marker, ...] = ()
    impact: ImpactState | None = None
    settled: LedgerRow | None = None
    recording: Recording | None = None
    ledger: tuple[LedgerRow, ...] = ()
    problem: str = ""
    fingerprint: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def compared(self) -> tuple[LedgerRow, ...]:
        """Return the ledger and the comparison under way as it stands, oldest first."""
        if self.impact is None or not self.impact.seconds:
            return self.ledger
        # What it was before, where it was under way before, gives way.
        now = LedgerRow.of(self.impact)
        return (*(row for row in self.ledger if row.id != now.id), now)
