"""A report drawn by a child process, so that the sampler keeps its interpreter and it can be stopped."""

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

import orjson

from monitor.core.errors import ReportError
from monitor.core.report import Report

_DEADLINE_SECONDS: Final = 30.0


class ChildDrawing:
    """One report, one child."""

    def __init__(self, report: Report, deadline: float = _DEADLINE_SECONDS) -> None:
        """Be ready to draw `report` within `deadline` seconds."""
        self._document = orjson.dumps(report)
        self._deadline = deadline
        # Guards the child and whether it may be: whoever stops it is not the thread that waits for it.
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._reason = ""

    def run(self, progress: Callable[[float], object]) -> bytes:
        """Return the PDF; tells the share (0..1) that is done. Raises ReportError when stopped or too slow."""
        with self._lock:
            if self._reason:
                raise ReportError(self._reason)
            child = self._child = subprocess.Popen(
                [sys.executable, "-m", "monitor.report"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        late = f"it took more than {self._deadline:g} s"
        # Ends a child that takes too long.
        timer = threading.Timer(self._deadline, self._end, (late,))
        timer.daemon = True
        # Reads the progress while the paper is read here; ends with the child.
        listener = threading.Thread(target=_listen, args=(child, progress), name="report-progress", daemon=True)
        timer.start()
        listener.start()
        with child:
            made = self._exchange(child)
            listener.join()
        timer.cancel()
        if child.returncode:
            raise ReportError(self._ended() or "it could not be drawn")
        return made

    def stop(self) -> None:
        """End it, before or while it runs; idempotent."""
        self._end("it was cancelled")

    def _end(self, reason: str) -> None:
        with self._lock:
            self._reason = self._reason or reason
            if self._child is not None:
                self._child.kill()

    def _ended(self) -> str:
        """Return why it was ended, "" where it ended by itself."""
        with self._lock:
            return self._reason

    def _exchange(self, child: subprocess.Popen[bytes]) -> bytes:
        if child.stdin is None or child.stdout is None:
            return b""
        try:
            # The child reads all of it before it writes anything.
            child.stdin.write(self._document)
            child.stdin.close()
        except BrokenPipeError:
            return b""
        return child.stdout.read()


def _listen(child: subprocess.Popen[bytes], progress: Callable[[float], object]) -> None:
    for line in child.stderr or ():
        done, _, of = line.decode(errors="replace").strip().partition(" ")
        if done.isdigit() and of.isdigit() and int(of):
            progress(int(done) / int(of))
