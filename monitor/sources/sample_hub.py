"""The bundled sample hub as a child process; known to this room by its command line and its HTTP alone."""

import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import urlsplit

from monitor.core.errors import SourceError

log = logging.getLogger(__name__)

_END_SECONDS: Final = 3.0
_PAUSE_SECONDS: Final = 1.0
_ANY_PORT: Final = 0


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the program; it ends with the pipe of which this process alone holds the writing end."""

    process: "subprocess.Popen[str]"
    lifeline: IO[bytes]
    url: str

    def close(self) -> None:
        """End it, first by closing the pipe, then by its process id."""
        self.lifeline.close()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_END_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()


class SampleHub:
    """Starts the program, starts it again where it was should it end by itself, and ends it."""

    def __init__(self, scenario: str) -> None:
        """Prepare to play `scenario` (ramp, steady or off)."""
        self._scenario = scenario
        self._run: _Run | None = None
        self._closing = threading.Event()
        # Waits for the program's end. A daemon: the program ends with this process in any case.
        self._watch = threading.Thread(target=self._keep, name="sample-hub", daemon=True)

    def start(self) -> str:
        """Start it and return the URL of its metrics; raises SourceError when it does not come up."""
        self._run = self._launch(_ANY_PORT)
        self._watch.start()
        return self._run.url

    def close(self) -> None:
        """End it; idempotent."""
        self._closing.set()
        if self._run is not None:
            self._run.close()
        if self._watch.is_alive():
            self._watch.join(_END_SECONDS)

    def _keep(self) -> None:
        while self._run is not None:
            code = self._run.process.wait()
            if self._closing.is_set():
                return
            log.warning("sample hub ended", extra={"pid": self._run.process.pid, "code": code})
            port = urlsplit(self._run.url).port or _ANY_PORT
            self._run.close()
            while not self._closing.wait(_PAUSE_SECONDS):
                try:
                    self._run = self._launch(port)
                    break
                except (SourceError, OSError) as error:
                    log.warning("sample hub not started", extra={"reason": str(error)})

    def _launch(self, port: int) -> _Run:
        reading, writing = os.pipe()
        lifeline = os.fdopen(writing, "wb", buffering=0)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        command = [sys.executable, "-m", "monitor.samplehub", "--scenario", self._scenario, "--port", str(port)]
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [*command, "--lifeline-fd", str(reading)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                pass_fds=(reading,),
                env=environment,
                # Ctrl-C reaches the terminal's whole process group: it would end before what watches it.
                start_new_session=True,
            )
        finally:
            os.close(reading)
        assert process.stdout is not None  # noqa: S101 - asked for above
        line = process.stdout.readline()
        try:
            run = _Run(process, lifeline, str(json.loads(line)["url"]))
        except (ValueError, KeyError, TypeError):
            _Run(process, lifeline, "").close()
            raise SourceError("the sample hub did not start") from None
        log.info("sample hub started", extra={"pid": process.pid, "url": run.url})
        return run
