"""Fakes at the engine's ports."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import orjson

from monitor.core.baseline import Baseline
from monitor.core.channel import Channel
from monitor.core.entry import Entry, Kind
from monitor.core.errors import ReportError, SourceError, StoreError
from monitor.core.experiment import ExperimentNotes
from monitor.core.ledger import LedgerRow
from monitor.core.message import Message
from monitor.core.proof_note import ProofNote
from monitor.core.record import Record, Records
from monitor.core.report import Report
from monitor.core.rollup import Rollups
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


class BaselineShelf:
    """Keeps baselines in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Baseline] = {}

    def load(self) -> list[Baseline]:
        return list(self.kept.values())

    def save(self, baseline: Baseline) -> None:
        self.kept[baseline.id] = baseline

    def delete(self, identity: str) -> None:
        self.kept.pop(identity, None)


class Notebook:
    """Keeps entries in memory."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def rows(self) -> list[LedgerRow]:
        """The rows of the ledger, in the order in which they came."""
        return [LedgerRow.read(entry.document or {}) for entry in self.entries if entry.kind is Kind.LEDGER]

    def keep(self, entries: Sequence[Entry]) -> int:
        self.entries += entries
        return len(self.entries)

    def settled(self, ticket: int, timeout: float) -> bool:
        return True

    def read(self, kind: Kind) -> list[Entry]:
        newest = {entry.id: entry for entry in self.entries if entry.kind is kind}
        return [entry for entry in newest.values() if entry.document is not None]


class Slip:
    """Keeps notes in memory."""

    def __init__(self) -> None:
        self.notes = ExperimentNotes()

    def read(self) -> ExperimentNotes:
        return self.notes

    def write(self, notes: ExperimentNotes) -> None:
        self.notes = notes


class ProofSlip:
    """Keeps in memory what is owed to a target."""

    def __init__(self) -> None:
        self.note: ProofNote | None = None

    def read(self) -> ProofNote | None:
        return self.note

    def write(self, note: ProofNote | None) -> None:
        self.note = note


class HistoryShelf:
    """Keeps history in memory, as store and as archive; `fault` is raised by what would touch a disk."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.kept: dict[tuple[Kind, str], Entry] = {}
        self.writes: list[int] = []
        self.fault: Exception | None = None
        self.open_now = False
        self.aside = ""
        self.damaged = 0

    def open(self) -> None:
        self._touch()
        self.open_now = True

    def set_aside(self, reason: str) -> None:
        self._touch()
        self.aside = f"set aside: {reason}"

    def write(self, records: Sequence[Record], entries: Sequence[Entry]) -> None:
        self.open()
        self.records += records
        self.kept |= {(entry.kind, entry.id): entry for entry in entries}
        self.writes.append(len(records))

    def tidy(self, now: int) -> bool:
        return False

    def close(self) -> None:
        self.open_now = False

    def samples(self, start: int, end: int) -> Iterator[Records]:
        self._touch()
        for record in self.records:
            if start <= record.timestamp <= end:
                yield Records.of([record])

    def rollups(self, width: int, start: int, end: int) -> Rollups:
        self._touch()
        return Rollups.of(Records.of(self.records), width).between(start, end)

    def first(self, width: int) -> int | None:
        self._touch()
        return min((record.timestamp // max(1, width) * max(1, width) for record in self.records), default=None)

    def rolled(self, width: int, start: int, end: int) -> tuple[Rollups, int]:
        until = max((record.timestamp // 60_000 * 60_000 for record in self.records), default=0)
        return self.rollups(width, start, min(end, until)), until

    def entries(self, kind: Kind) -> list[Entry]:
        self._touch()
        return [entry for entry in self.kept.values() if entry.kind is kind and entry.document is not None]

    def _touch(self) -> None:
        if self.fault is not None:
            raise self.fault


FULL = StoreError("the disk is full")


class Sketch:
    """A drawing that waits until it is let go or stopped."""

    def __init__(self, report: Report | None = None) -> None:
        self.report = report
        self.go = threading.Event()
        self.stopped = False

    def run(self, progress: Callable[[float], object]) -> bytes:
        progress(0.5)
        assert self.go.wait(10)
        if self.stopped:
            raise ReportError("it was cancelled")
        return b"%PDF-sketch"

    def stop(self) -> None:
        self.stopped = True
        self.go.set()


class Cabinet:
    """Keeps entries in memory; `fault` makes it a disk that takes nothing."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Kind, str], Entry] = {}
        self.fault = False
        self.waits: list[float] = []

    def keep(self, entries: Sequence[Entry]) -> int:
        for entry in entries:
            if self.fault:
                break
            if entry.document is None:
                self.kept.pop((entry.kind, entry.id), None)
            else:
                document = orjson.loads(orjson.dumps(entry.document))
                self.kept[entry.kind, entry.id] = replace(entry, document=document)
        return 1

    def settled(self, ticket: int, timeout: float) -> bool:
        self.waits.append(timeout)
        return not self.fault

    def read(self, kind: Kind) -> list[Entry]:
        return sorted((one for one in self.kept.values() if one.kind is kind), key=lambda one: one.at)


class Mailbox:
    """A sender that notes what it takes; `problem` is raised instead, `before` is called first."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.tries: list[Message] = []
        self.channels: list[Channel] = []
        self.problem: Exception | None = None
        self.before: Callable[[Message], object] = lambda message: None

    def send(self, channel: Channel, message: Message, seconds: float) -> None:
        self.tries.append(message)
        self.channels.append(channel)
        self.before(message)
        if self.problem is not None:
            raise self.problem
        self.taken.append(message)

    @property
    def told(self) -> list[str]:
        """Return the ids of the alerts that were told of, in order."""
        return [notice.alert.id for message in self.taken for notice in message.notices]
