"""A session as a source: what was read then is read again, at whatever pace it is asked."""

import gzip
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from monitor.core.errors import InvalidInputError, SettingsError, SourceError
from monitor.core.metric import COLUMNS
from monitor.core.sample import Reading
from monitor.core.session import LINE_BYTES, MOST_SAMPLES, Header, SessionSample, read_header, read_sample

LAST_WORDS: Final = "the session ends here"


@dataclass(frozen=True, slots=True)
class Session:
    """A file that was read once from end to end: `samples` lines from `start` to `end` (epoch ms)."""

    file: Path
    header: Header
    samples: int
    start: int
    end: int
    asked: bool

    @classmethod
    def check(cls, file: Path) -> Self:
        """Read all of it; raises SettingsError that names the line and its rule."""
        header = _header(file)
        samples, asked = 0, False
        start = end = 0
        for sample in _samples(file, header):
            start = sample.timestamp if samples == 0 else start
            end = sample.timestamp
            asked = asked or sample.asked
            samples += 1
        if not samples:
            raise SettingsError(f"{file}: line 2: there is no whole sample in it")
        return cls(file, header, samples, start, end, asked)

    @classmethod
    def again(cls, file: Path, samples: int, start: int, end: int, *, asked: bool) -> Self:
        """Take a file that was checked before, of which this is what was found."""
        return cls(file, _header(file), samples, start, end, asked)

    def play(self) -> Iterator[SessionSample]:
        """Yield the samples again; raises SettingsError where the file is not any more what it was."""
        return _samples(self.file, self.header)


class SessionClock:
    """Its wall clock stands at the sample that was read last; the monotonic clock is the machine's."""

    def __init__(self, timestamp: int) -> None:
        """Begin at `timestamp` (epoch ms)."""
        self._timestamp = timestamp

    def show(self, timestamp: int) -> None:
        """Stand at `timestamp` (epoch ms) from now on."""
        self._timestamp = timestamp

    def wall(self) -> float:
        """Return epoch seconds of the session."""
        return self._timestamp / 1000.0

    def monotonic(self) -> float:
        """Return the machine's seconds."""
        return time.monotonic()


class ReplaySource:
    """Gives one sample per reading, and moves the clock to it; it owns every metric."""

    name = "session"
    metrics = frozenset(COLUMNS)

    def __init__(
        self, session: Session, clock: SessionClock, last_words: str = LAST_WORDS, remark: str = ""
    ) -> None:
        """Play `session` from its first sample; each remarks `remark`, the last one `last_words`."""
        self.watches_target = session.asked
        self._clock = clock
        self._last_words = last_words
        self._remark = remark
        self._samples = session.play()
        self._next = next(self._samples, None)

    def read(self) -> Reading:
        """Return the next sample's reading, which is the final one when there is none after it."""
        sample = self._next
        if sample is None:
            raise SourceError(self._last_words)
        # Whoever is played cannot be switched any more.
        reading = replace(sample.reading, switchable=frozenset())
        try:
            self._next = next(self._samples, None)
            words = "" if self._next is not None else self._last_words
        except SettingsError as problem:
            self._next, words = None, str(problem)
        self._clock.show(sample.timestamp)
        if words:
            return replace(reading, remark=words, final=True)
        return replace(reading, remark="; ".join(filter(None, (self._remark, reading.remark))))

    def close(self) -> None:
        """Read no further."""
        self._next = None


def _header(file: Path) -> Header:
    first = next(_lines(file), None)
    if first is None:
        raise SettingsError(f"{file}: line 1: {_nothing(file)}")
    try:
        return read_header(first[1])
    except InvalidInputError as problem:
        raise SettingsError(f"{file}: line 1: {problem}") from None


def _nothing(file: Path) -> str:
    """Say what a file is that has no whole line."""
    if file.stat().st_size == 0:
        return "the file is empty"
    return "has no end: the file is not a session, or was cut off before its first sample"


def _samples(file: Path, header: Header) -> Iterator[SessionSample]:
    for number, line in _lines(file):
        if number == 1:
            continue
        if number > MOST_SAMPLES + 1:
            raise SettingsError(f"{file}: line {number}: there are more than {MOST_SAMPLES} samples")
        try:
            yield read_sample(line, header)
        except InvalidInputError as problem:
            raise SettingsError(f"{file}: line {number}: {problem}") from None


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines with their numbers; what a sudden end has torn is left out."""
    number = 0
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            while line := stream.readline(LINE_BYTES + 1):
                number += 1
                if len(line) > LINE_BYTES:
                    raise SettingsError(f"{file}: line {number}: is longer than {LINE_BYTES} bytes")
                if not line.endswith(b"\n"):
                    return
                yield number, line
    except EOFError:
        return
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SettingsError(f"{file}: line {number + 1}: is not gzip: {error}") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror or error}") from None
