"""A disk that remembers in which order it was written and flushed, and what a loss of power may leave of it.

What was flushed is there. Of what was written since, a drive keeps what it likes, 512 bytes at a time, in any
order; a sector that it was writing may hold anything. Names follow their directory: those since its last flush
come and go in the order in which they were made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from random import Random
from typing import Final

import apsw

SECTOR: Final = 512


class Kind(Enum):
    """What can happen to a disk, and `MARK`: what the program says meanwhile."""

    CREATE = auto()
    DELETE = auto()
    WRITE = auto()
    TRUNCATE = auto()
    FLUSH = auto()
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """`file` is a number that a name has until it is deleted; `at` is an offset, a size, or 1 to flush names."""

    kind: Kind
    file: int = 0
    name: str = ""
    at: int = 0
    content: bytes = b""
    mark: object = None


class VolatileDisk(apsw.VFS):
    """Files are read and written as ever; beside that everything is noted from the moment it is made."""

    def __init__(self, folder: Path, name: str) -> None:
        """Note what happens in `folder`, for connections that name it `name`. Nothing there is open yet."""
        self.base = {file.name: file.read_bytes() for file in folder.glob("history.db*")}
        self.events: list[Event] = []
        self.name = name
        self._folder = folder
        self._numbers = {known: number for number, known in enumerate(self.base)}
        self._next = len(self.base)
        super().__init__(name, "")

    def mark(self, what: object) -> None:
        """Note what the program says at this moment."""
        self.events.append(Event(Kind.MARK, mark=what))

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        there = path is not None and Path(path).exists()
        file = _File(self, name, flags)
        if path is not None:
            known = Path(path).name
            if not there:
                self._numbers[known] = self._next
                self.events.append(Event(Kind.CREATE, self._next, known))
                self._next += 1
            file.number = self._numbers[known]
        return file

    def xDelete(self, path: str, flush: bool) -> None:  # noqa: N802
        super().xDelete(path, flush)
        self.events.append(Event(Kind.DELETE, name=Path(path).name, at=int(flush)))


class _File(apsw.VFSFile):
    def __init__(self, disk: VolatileDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self.number = -1
        self._disk = disk
        super().__init__("", name, flags)  # type: ignore[arg-type]

    def xWrite(self, content: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(content, offset)
        self._disk.events.append(Event(Kind.WRITE, self.number, at=offset, content=bytes(content)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._disk.events.append(Event(Kind.TRUNCATE, self.number, at=size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._disk.events.append(Event(Kind.FLUSH, self.number))


@dataclass(slots=True)
class Platter:
    """What is on the disk at some event, and what is under way to it. Goes forward only."""

    files: dict[int, bytearray]
    names: dict[str, int]
    waiting: list[Event] = field(default_factory=list)
    names_waiting: list[Event] = field(default_factory=list)

    @classmethod
    def of(cls, base: dict[str, bytes]) -> "Platter":
        """Begin with files of which everything was flushed."""
        return cls(
            {number: bytearray(content) for number, content in enumerate(base.values())},
            {name: number for number, name in enumerate(base)},
        )

    def take(self, event: Event) -> None:
        """Go one event further."""
        match event.kind:
            case Kind.WRITE | Kind.TRUNCATE:
                self.waiting.append(event)
            case Kind.CREATE:
                self.files[event.file] = bytearray()
                self.names_waiting.append(event)
            case Kind.DELETE:
                self.names_waiting.append(event)
                if event.at:
                    self._flush_names()
            case Kind.FLUSH:
                for one in self.waiting:
                    if one.file == event.file:
                        _apply(self.files[one.file], one)
                self.waiting = [one for one in self.waiting if one.file != event.file]
                # SQLite flushes the directory with the first flush of a file that it made.
                if any(one.kind is Kind.CREATE and one.file == event.file for one in self.names_waiting):
                    self._flush_names()

    def _flush_names(self) -> None:
        for one in self.names_waiting:
            _rename(self.names, one)
        self.names_waiting = []

    def after_power_loss(self, random: Random) -> dict[str, bytes]:
        """Return the files that the next start may find."""
        files = {number: bytearray(content) for number, content in self.files.items()}
        for one in random.choice(_LOSSES)(self.waiting, random):
            _apply(files[one.file], one)
        names = dict(self.names)
        for one in self.names_waiting[: random.randint(0, len(self.names_waiting))]:
            _rename(names, one)
        return {name: bytes(files[number]) for name, number in names.items()}


def _apply(content: bytearray, event: Event) -> None:
    if event.kind is Kind.TRUNCATE:
        del content[event.at :]
        return
    if len(content) < event.at:
        content.extend(bytes(event.at - len(content)))
    content[event.at : event.at + len(event.content)] = event.content


def _rename(names: dict[str, int], event: Event) -> None:
    if event.kind is Kind.CREATE:
        names[event.name] = event.file
    else:
        names.pop(event.name, None)


def _sectors(event: Event) -> Iterator[Event]:
    """Cut a write where sectors end."""
    if event.kind is not Kind.WRITE:
        yield event
        return
    at, end = event.at, event.at + len(event.content)
    while at < end:
        stop = min(end, at - at % SECTOR + SECTOR)
        yield Event(Kind.WRITE, event.file, at=at, content=event.content[at - event.at : stop - event.at])
        at = stop


def _nothing(waiting: list[Event], random: Random) -> Iterator[Event]:
    """Lose the whole cache."""
    del waiting, random
    return iter(())


def _in_order(waiting: list[Event], random: Random) -> Iterator[Event]:
    """Stop in the middle, perhaps of a write."""
    pieces = [piece for event in waiting for piece in _sectors(event)]
    return iter(pieces[: random.randint(0, len(pieces))])


def _reordered(waiting: list[Event], random: Random) -> Iterator[Event]:
    """Keep some writes whatever came before them."""
    share = random.random()
    return (event for event in waiting if random.random() < share)


def _torn(waiting: list[Event], random: Random) -> Iterator[Event]:
    """Keep some sectors; some hold anything."""
    share = random.random()
    for event in waiting:
        for piece in _sectors(event):
            luck = random.random()
            if luck < share:
                yield piece
            elif luck > 0.95 and piece.kind is Kind.WRITE:
                yield Event(Kind.WRITE, piece.file, at=piece.at, content=random.randbytes(len(piece.content)))


_LOSSES: Final = (_nothing, _in_order, _reordered, _torn)
