"""A hundred clients in one process beside the server and this one."""

import json
import subprocess
import sys
from typing import Any, Self

from benchmarks.server import ROOT

CLIENTS = 100


class Crowd:
    """Runs `python -m benchmarks.<program> <url> ...`, which obeys single lines on its standard input.

    `reset` forgets what was measured, `reconnect` has everybody leave and come back, the end of the input ends it;
    each line and the end are answered by a line of JSON.
    """

    def __init__(self, program: str, *arguments: str) -> None:
        """Connect all of them."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{program}", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @classmethod
    def viewers(cls, url: str, view: str = "metrics", count: int = CLIENTS) -> Self:
        """Connect to `/ws`."""
        return cls("viewers", url, view, str(count))

    @classmethod
    def pollers(cls, url: str, count: int = CLIENTS) -> Self:
        """Poll as pages without a socket do."""
        return cls("pollers", url, str(count))

    def reset(self) -> None:
        """Forget what has been measured."""
        self._tell("reset")

    def reconnect(self) -> None:
        """Have everybody leave and come back."""
        self._tell("reconnect")

    def finish(self) -> dict[str, Any]:
        """Send everybody away and return what was measured since the last reset."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        report = self._read()
        self._process.wait(20)
        return report

    def __enter__(self) -> Self:
        self._read()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process.stdout.close()

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the clients ended with code {self._process.wait(20)}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def order() -> str:
    """Return the next order from standard input, in the clients' process; empty at the end."""
    return sys.stdin.readline().strip()


def answer(value: object) -> None:
    """Answer an order, in the clients' process."""
    print(json.dumps(value), flush=True)
