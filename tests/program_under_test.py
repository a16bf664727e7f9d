"""The program, started as a user starts it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class Program:
    """One run of `hub-monitor`; ended by its own pid, with all that it wrote."""

    def __init__(
        self,
        arguments: Sequence[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        python: str = sys.executable,
        command: Sequence[str] = ("-m", "monitor"),
    ) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        self._kept = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [python, *command, *arguments],
            cwd=cwd,
            env={
                **clean,
                "PYTHONUNBUFFERED": "1",
                "MONITOR_DATA_DIR": self._kept.name,
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(stream, kept), daemon=True)
            for stream, kept in ((self.process.stdout, self.lines), (self.process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Any, kept: list[str]) -> None:
        kept.extend(line.rstrip("\n") for line in stream)

    @property
    def url(self) -> str:
        """Wait for the banner and return the address in it."""
        match = self.wait_for(lambda: re.search(r"Dashboard: (http://[^/]+)/", "\n".join(self.lines)), 20)
        return match[1].replace("localhost", "127.0.0.1")

    def wait_for(self, look: Callable[[], Any], seconds: float) -> Any:
        """Look again and again until there is something to see."""
        deadline = time.monotonic() + seconds
        while True:
            if seen := look():
                return seen
            if time.monotonic() > deadline:
                raise AssertionError(f"not seen within {seconds} s; stderr: {self.errors[-20:]}")
            time.sleep(0.05)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """GET from the program; status and body, whatever the status."""
        request = urllib.request.Request(self.url + path, headers=dict(headers or {}))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def snapshot(self) -> dict[str, Any] | None:
        """Return the newest frame, None before there is one."""
        try:
            status, body = self.get("/api/v1/snapshot")
        except OSError:
            return None
        return json.loads(body) if status == 200 else None

    def snapshot_where(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
        """Wait for a frame of which `holds` is true."""

        def look() -> dict[str, Any] | None:
            frame = self.snapshot()
            return frame if frame is not None and holds(frame) else None

        return self.wait_for(look, seconds)

    def terminate(self, number: int = signal.SIGTERM, seconds: float = 10) -> int:
        """Send a signal and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)

    def close(self) -> None:
        """End it whatever it is doing."""
        try:
            self.terminate()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        for reader in self._readers:
            reader.join(10)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self._kept.cleanup()
