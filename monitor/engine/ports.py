"""What the engine needs from outside; the rooms above bring it, tests bring fakes."""

from typing import Protocol

from monitor.core.baseline import Baseline
from monitor.core.experiment import ExperimentNotes
from monitor.core.ledger import LedgerRow
from monitor.core.proof_note import ProofNote
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


class BaselineStore(Protocol):
    """Keeps baselines beyond the life of the process. Each method may take its time."""

    def load(self) -> list[Baseline]:
        """Return what was kept, oldest first; what cannot be read is set aside and reported, never deleted."""
        ...

    def save(self, baseline: Baseline) -> None:
        """Keep it, whole or not at all, in place of the one with its id; raises StoreError."""
        ...

    def delete(self, identity: str) -> None:
        """Forget it; raises StoreError."""
        ...


class Journal(Protocol):
    """Keeps the ledger. Each method may take its time."""

    def append(self, row: LedgerRow) -> None:
        """Add a row; the newest of an id counts. Raises StoreError."""
        ...

    def read(self) -> list[LedgerRow]:
        """Return the newest row of each id, oldest first."""
        ...


class NoteStore(Protocol):
    """Keeps what the next start goes on with. Each method may take its time."""

    def read(self) -> ExperimentNotes:
        """Return what was written last; nothing noted where there is none or it cannot be read."""
        ...

    def write(self, notes: ExperimentNotes) -> None:
        """Keep it, whole or not at all; raises StoreError."""
        ...


class ProofNotes(Protocol):
    """Keeps what is owed to the target after a proof. Each method may take its time."""

    def read(self) -> ProofNote | None:
        """Return what was written last; None where nothing is owed or it cannot be read."""
        ...

    def write(self, note: ProofNote | None) -> None:
        """Keep it, whole or not at all; None where nothing is owed any more. Raises StoreError."""
        ...
