"""What the engine needs from outside; the rooms above bring it, tests bring fakes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from monitor.core.baseline import Baseline
from monitor.core.channel import Channel
from monitor.core.entry import Entry, Kind
from monitor.core.experiment import ExperimentNotes
from monitor.core.message import Message
from monitor.core.proof_note import ProofNote
from monitor.core.record import Record, Records
from monitor.core.rollup import Rollups
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


class Entries(Protocol):
    """Keeps what has a name beside the samples; on any thread."""

    def keep(self, entries: Sequence[Entry]) -> int:
        """Have all of them kept at once, or none, some time soon; returns what `settled` takes."""
        ...

    def settled(self, ticket: int, timeout: float) -> bool:
        """Wait until what was handed over is on the disk; False after `timeout` s, or where the disk fails."""
        ...

    def read(self, kind: Kind) -> list[Entry]:
        """Return those of a kind by their moments, none where they cannot be read; may take its time."""
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


class HistoryStore(Protocol):
    """Keeps every sample. One thread at a time uses it; each method may take its time and raises StoreError."""

    @property
    def aside(self) -> str:
        """Return the name under which something was set aside that could not be used, or ""."""
        ...

    def open(self) -> None:
        """Be ready; nothing where that is so already. NewerSchemaError, TakenError: it is not for us."""
        ...

    def set_aside(self, reason: str) -> None:
        """Keep what is there under another name, because it is damaged, and begin anew."""
        ...

    def write(self, records: Sequence[Record], entries: Sequence[Entry]) -> None:
        """Keep all or nothing of them; when this returns, a loss of power does not take them away."""
        ...

    def tidy(self, now: int) -> bool:
        """Delete some of what is too old at `now` (epoch ms), within 50 ms; tell whether there is more."""
        ...

    def close(self) -> None:
        """Let go of it; idempotent."""
        ...


class HistoryArchive(Protocol):
    """Reads what a HistoryStore has kept of one target, on any thread; raises StoreError."""

    @property
    def damaged(self) -> int:
        """Return how many pieces were found that are not what was written; they are left out."""
        ...

    def samples(self, start: int, end: int) -> Iterator[Records]:
        """Yield the samples of start..end (epoch ms, both included) a minute at a time, as they were written."""
        ...

    def rollups(self, width: int, start: int, end: int) -> Rollups:
        """Return the roll-ups of `width` ms (a minute or an hour) that begin in start <= .. < end."""
        ...

    def first(self, width: int) -> int | None:
        """Return where the oldest samples (width 0) or roll-ups begin, epoch ms; None without any."""
        ...

    def rolled(self, width: int, start: int, end: int) -> tuple[Rollups, int]:
        """Return the roll-ups and, of the same moment, up to when (epoch ms) samples are in them, 0 if none."""
        ...

    def entries(self, kind: Kind) -> list[Entry]:
        """Return the newest entry of each id of a kind, by their moments."""
        ...


class Drawing(Protocol):
    """One report on its way to paper."""

    def run(self, progress: Callable[[float], object]) -> bytes:
        """Return the PDF; tells the share (0..1) that is done. Raises ReportError, also when stopped."""
        ...

    def stop(self) -> None:
        """End it, before or while it runs; from any thread, idempotent."""
        ...


class Sender(Protocol):
    """Reaches people in one way; on any thread, several at once."""

    def send(self, channel: Channel, message: Message, seconds: float) -> None:
        """Have the message taken within `seconds`, or raise SendError; what it says holds nothing secret."""
        ...
