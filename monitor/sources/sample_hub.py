"""The bundled sample hub as a child process; known to this room by its command line and its HTTP alone."""

import json
import logging
import os
import subprocess
import sys
from typing import IO

from monitor.core.errors import SourceError

log = logging.getLogger(__name__)

_END_SECONDS = 3.0


class SampleHub:
    """Starts the program and ends it.

    It also ends by itself when this process does, however that happens: it reads a pipe whose writing end this
    process alone holds.
    """

    def __init__(self, scenario: str) -> None:
        """Prepare to play `scenario` (ramp, steady or off)."""
        self._scenario = scenario
        self._process: subprocess.Popen[str] | None = None
        self._lifeline: IO[bytes] | None = None

    def start(self) -> str:
        """Start it and return the URL of its metrics; raises SourceError when it does not come up."""
        reading, writing = os.pipe()
        self._lifeline = os.fdopen(writing, "wb", buffering=0)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        command = [sys.executable, "-m", "monitor.samplehub", "--scenario", self._scenario]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [*command, "--lifeline-fd", str(reading)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                pass_fds=(reading,),
                env=environment,
            )
        finally:
            os.close(reading)
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        line = self._process.stdout.readline()
        try:
            url = str(json.loads(line)["url"])
        except (ValueError, KeyError, TypeError):
            self.close()
            raise SourceError("the sample hub did not start") from None
        log.info("sample hub started", extra={"pid": self._process.pid, "url": url})
        return url

    def close(self) -> None:
        """End it, first by closing the pipe, then by its process id; idempotent."""
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None
        if self._process is None:
            return
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_END_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
