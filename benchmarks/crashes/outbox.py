"""kill -9 of what tells of alerts, between "changed", "sent" and "deleted"; one file over all of them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Final

from benchmarks.crashes.samples import BEGIN
from benchmarks.server import ROOT

_LATEST_SECONDS: Final = 0.4
_AFTER_SECONDS: Final = 0.02
_REFUSED: Final = 0.15
_WAIT_SECONDS: Final = 2.0


@dataclass(slots=True)
class Told:
    """What became of it: `alerts` on the disk, `messages` taken, `repeated` of them taken more than once."""

    runs: int = 0
    alerts: int = 0
    messages: int = 0
    repeated: int = 0
    problems: list[str] = field(default_factory=list)


class _Sink(ThreadingHTTPServer):
    """Takes messages, refuses some, and calls `arrived` when one has come and when it was answered."""

    daemon_threads = True

    def __init__(self, random: Random) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.random = random
        self.arrived = threading.Semaphore(0)
        self.keys: list[str] = []
        self.alerts: dict[str, set[str]] = defaultdict(set)
        self.truncated = 0


class _Handler(BaseHTTPRequestHandler):
    server: _Sink

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        refused = self.server.random.random() < _REFUSED
        if not refused:
            self.server.keys.append(key)
            self.server.truncated += body["truncatedAlerts"]
            for alert in body["alerts"]:
                self.server.alerts[alert["annotations"]["alert_id"]].add(key)
        self.server.arrived.release()
        time.sleep(self.server.random.uniform(0.0, _AFTER_SECONDS))
        self.send_response(503 if refused else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.arrived.release()

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""


def tell(runs: int, seed: int) -> Told:
    """Raise alerts and kill, `runs` times, then let it tell all; look for each alert that was on the disk."""
    random, result = Random(seed), Told()
    acknowledged: list[int] = []
    with tempfile.TemporaryDirectory() as kept, _sink(Random(seed)) as sink, _teller() as teller:
        assert teller.stdin is not None
        assert teller.stdout is not None
        first = 0
        for run in range(runs + 1):
            last = run == runs
            order = {
                "folder": f"{kept}/data",
                "first": first,
                "port": sink.server_port,
                "raise": not last,
            }
            teller.stdin.write(json.dumps(order) + "\n")
            teller.stdin.flush()
            lines = iter(teller.stdout.readline, "")
            pid = int(next(lines).split()[1])
            if not last:
                _wait(sink, random)
                os.kill(pid, signal.SIGKILL)
            for line in lines:
                word, number = line.split()
                if word == "end":
                    break
                acknowledged.append(int(number))
            if int(number) != (0 if last else -signal.SIGKILL):
                result.problems.append(f"run {run}: it ended by itself, {number}")
            # One more may have reached the disk before it was said.
            first = max(acknowledged, default=-1) + 2
        teller.stdin.close()
        teller.wait(10)
        result.runs, result.alerts = runs, len(acknowledged)
        _judge(sink, acknowledged, result)
    return result


def _wait(sink: _Sink, random: Random) -> None:
    """Wait for a random instant: of the start, or around a message that comes and is answered."""
    while sink.arrived.acquire(blocking=False):
        pass
    if random.random() < 0.3:
        time.sleep(random.uniform(0.0, _LATEST_SECONDS))
        return
    for _ in range(random.choice((1, 1, 2, 2, 3))):
        sink.arrived.acquire(timeout=_WAIT_SECONDS)
    time.sleep(random.choice((0.0, random.uniform(0.0, _AFTER_SECONDS))))


def _judge(sink: _Sink, acknowledged: list[int], result: Told) -> None:
    names = [f"high-latency-{BEGIN + number}" for number in acknowledged]
    lost = [name for name in names if name not in sink.alerts]
    counts = Counter(sink.keys)
    result.messages = len(counts)
    result.repeated = sum(count - 1 for count in counts.values())
    if lost:
        result.problems.append(f"{len(lost)} alerts were never told of: {', '.join(lost[:5])}")
    twice = [name for name, keys in sink.alerts.items() if len(keys) > 1]
    if twice:
        result.problems.append(f"{len(twice)} alerts came with two keys: {', '.join(twice[:5])}")
    if result.repeated > result.runs:
        result.problems.append(f"{result.repeated} messages came again after {result.runs} kills")
    if sink.truncated:
        result.problems.append(f"{sink.truncated} alerts were only counted")


@contextmanager
def _sink(random: Random) -> Iterator[_Sink]:
    with _Sink(random) as sink:
        # Answers until the end of the block.
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield sink
        sink.shutdown()
        thread.join()


def _teller() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crashes.teller"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
