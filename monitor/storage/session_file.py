"""Writes a session down, line by line, as the samples come."""

import gzip
import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, cast

from monitor.core.errors import SettingsError
from monitor.core.sample import Sample
from monitor.core.session import MOST_SAMPLES, Header, header_line, sample_line
from monitor.core.snapshot import Ticks

log = logging.getLogger(__name__)

_FLUSH_SAMPLES: Final = 10
"""Of a compressed file: each flush costs it some of its compression."""


class SessionFile:
    """An observer of the sampler, on whose thread it writes. A sudden end tears its last line at the most."""

    def __init__(self, file: Path, header: Header, most: int = MOST_SAMPLES) -> None:
        """Begin `file`, which must not exist, gzip where its name ends so; end after `most` samples.

        Raises SettingsError.
        """
        self._compressed = file.suffix == ".gz"
        try:
            self._stream = _begin(file)
        except OSError as error:
            raise _not_made(file, error) from None
        try:
            self._stream.write(header_line(header))
            self._stream.flush()
        except OSError as error:
            with suppress(OSError):
                self._stream.close()
            file.unlink(missing_ok=True)
            raise _not_made(file, error) from None
        self._metrics = header.metrics
        self._most = most
        self._taken = 0
        self._answered = False
        self.samples = 0
        """How many the disk has."""
        self.silence = ""
        """Why the target did not answer, as long as it never has."""
        self.problem = ""
        """Why it ended before its time."""
        self.ended = threading.Event()
        """Set when nothing more is written."""

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        """Write a sample's line; a disk that does not take it ends the file."""
        del ticks
        if self.ended.is_set():
            return
        self._answered = self._answered or bool(sample.answered)
        silent = sample.answered is False and not self._answered
        self.silence = ("; ".join(sample.failures) or "no answer") if silent else ""
        try:
            self._stream.write(sample_line(sample, self._metrics))
            self._taken += 1
            if not self._compressed or self._taken % _FLUSH_SAMPLES == 1:
                self._stream.flush()
                self.samples = self._taken
        except OSError as error:
            self.problem = error.strerror or str(error)
            self.ended.set()
        if self._taken >= self._most:
            self.ended.set()

    def close(self) -> None:
        """End the file; idempotent."""
        self.ended.set()
        try:
            self._stream.close()
        except OSError as error:
            self.problem = self.problem or error.strerror or str(error)
        if not self.problem:
            self.samples = self._taken


def _not_made(file: Path, error: OSError) -> SettingsError:
    return SettingsError(f"{file}: cannot be made: {error.strerror or error}")


def _begin(file: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(file, "xb")) if file.suffix == ".gz" else file.open("xb")
