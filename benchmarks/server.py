"""The server under measurement, installed in .venv and started the ways that users start it."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import psutil

from monitor.config import LISTENER_VARIABLE

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
_START_SECONDS = 60.0


class Server:
    """One run. Leaving the `with` block ends it by its own pid; its log is shown when it did not start."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        url: str | None = None,
        environment: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Run `command`; `url` is known already where it prints no banner."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        self._kept = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the process
        self._address = url
        self.started = time.time()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**clean, "MONITOR_DATA_DIR": self._kept.name, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if url is None else subprocess.DEVNULL,
            stderr=self._log,
            text=True,
            pass_fds=pass_fds,
            start_new_session=True,
        )

    @classmethod
    def program(cls, *arguments: str) -> Self:
        """Start `hub-monitor` on a free port."""
        return cls([str(PYTHON.parent / "hub-monitor"), "--port", "0", *arguments])

    @classmethod
    def make(cls) -> Self:
        """Start `make run` on a free port, as in a checkout whose environment is complete."""
        return cls(["make", "--old-file=.venv/.installed", "run", "ARGS=--port 0 --scenario steady"])

    @classmethod
    def full_day(cls) -> Self:
        """Start the application with 24 h in its frame, under the server's own configuration."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port, descriptor = listener.getsockname()[1], listener.fileno()
            settings = {"PORT": str(port), "SCENARIO": "steady"}
            environment = {f"MONITOR_{name}": value for name, value in settings.items()}
            return cls(
                [str(PYTHON), "-m", "gunicorn", "-c", "gunicorn.conf.py", "benchmarks.full_day:wsgi()"],
                url=f"http://127.0.0.1:{port}",
                environment={**environment, LISTENER_VARIABLE: str(descriptor)},
                pass_fds=[descriptor],
            )

    @property
    def url(self) -> str:
        """Return its address; the first time this waits for the banner."""
        if self._address is None:
            assert self.process.stdout is not None
            for line in self.process.stdout:
                if found := re.search(r"Dashboard: http://[^/]*:(\d+)/", line):
                    self._address = f"http://127.0.0.1:{found[1]}"
                    break
            else:
                raise RuntimeError(f"the server did not start: {self._tail()}")
        return self._address

    def ready(self) -> Self:
        """Wait until it has a sample."""
        deadline = time.monotonic() + _START_SECONDS
        while self._status("/readyz") != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {self._tail()}")
            time.sleep(0.2)
        return self

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """GET JSON."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.loads(answer.read())

    @property
    def pids(self) -> list[int]:
        """Return master and worker, the sample hub and `make` left out."""
        own = psutil.Process(self.process.pid)
        return [one.pid for one in (own, *own.children(recursive=True)) if "gunicorn" in one.cmdline()]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it: `make` passes the signal on to nobody, so what it started is told directly."""
        try:
            pids = self.pids
            for pid in pids[:1] or [self.process.pid]:
                os.kill(pid, signal.SIGTERM)
            self.process.wait(15)
        except (psutil.NoSuchProcess, ProcessLookupError):
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            for pid in [*pids, self.process.pid]:
                if psutil.pid_exists(pid):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait(15)
        self._kept.cleanup()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()

    def _status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def _tail(self) -> str:
        self._log.seek(0)
        return " / ".join(self._log.read().splitlines()[-5:])
