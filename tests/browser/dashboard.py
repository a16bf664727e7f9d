"""The real application behind a real server, its samples taken when the test says so."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from monitor.bootstrap import Application
from monitor.config import load
from monitor.core.sample import Sample
from monitor.core.snapshot import Ticks

HOST = "127.0.0.1"
SECOND = 1000

Values = Mapping[str, float]


def wave(number: int) -> dict[str, float]:
    """Make the values of sample `number`: each metric a different saw, so that no two charts look alike."""
    return {
        "throughput_ops_sec": 600.0 + number % 7,
        "latency_ms": 20.0 + number % 5,
        "latency_p50_ms": 18.0 + number % 5,
        "latency_p95_ms": 40.0 + number % 6,
        "latency_p99_ms": 60.0 + number % 9,
        "memory_mb": 80.0 + number % 4,
        "cpu_utilization": 30.0 + number % 8,
        "active_connections": 42.0 + number % 3,
        "error_rate": 0.3 + (number % 5) / 100,
        "offered_ops_sec": 605.0,
        "batch_efficiency": 91.0,
        "compression_ratio": 3.8,
        "messages_per_batch": 28.6,
        "pool_hit_rate": 97.0,
        "pool_saved_mb": 18.0,
        "pool_allocated_mb": 1.0,
        "pool_in_use": 64.0,
        "worker_count": 2.0,
        "worker_imbalance": 3.0,
        "worker_cpu_1": 12.0,
        "worker_cpu_2": 11.0,
    }


@dataclass
class Asked:
    """One HTTP request: when (monotonic seconds) and which path."""

    at: float
    path: str


@dataclass
class Dashboard:
    """Starts and stops the application on one port, as often as the test likes; each start is a new epoch.

    Its samples are one second apart by their own clock and come as fast as `tick` is called. That clock is
    `skew` seconds off: nothing may compare the server's clock with the browser's.
    """

    kept: Path
    target: str = "sample-hub"
    max_connections: int = 100
    read_only: str = ""
    file: Path | None = None
    skew: float = 0.0
    port: int = field(default_factory=lambda: free_port())  # noqa: PLW0108 - defined below
    refuse: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self._application: Application | None = None
        self._streams: list[socket.socket] = []
        self._epoch_ms = round((time.time() + self.skew) * SECOND)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/dashboard/"

    @property
    def monitor(self) -> Any:
        assert self._application is not None
        return self._application.monitors[self.target]

    @property
    def delivery(self) -> Any:
        assert self._application is not None
        return self._application._delivery

    @property
    def seq(self) -> int:
        return 0 if self.monitor.snapshot is None else self.monitor.snapshot.seq

    @property
    def epoch(self) -> str:
        return self.monitor.epoch

    def start(self, history: int = 0) -> "Dashboard":
        """Serve; `history` samples have been taken before."""
        settings = load(
            {
                "port": str(self.port),
                "max_connections": str(self.max_connections),
                "data_dir": str(self.kept),
            },
            {},
            self.file,
        )
        self._application = Application(settings, target=self.target, sources=[], read_only=self.read_only)
        self.tick(history)
        self._server = make_server(
            HOST, self.port, self._recording(self._application.server.wsgi_app), threaded=True
        )
        # Serves the page while the test drives the browser.
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End as a server does that is told to: streams first, then the listening socket."""
        if self._server is None or self._thread is None or self._application is None:
            return
        self._application.close()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()
        self._server = None

    def tick(
        self,
        count: int = 1,
        values: Callable[[int], Values] = wave,
        *,
        seconds: float = 1.0,
        answered: bool | None = True,
        errors: Mapping[str, str] | None = None,
        switches: Mapping[str, bool] | None = None,
    ) -> int:
        """Take `count` samples, `seconds` apart; return the last one's seq."""
        for _ in range(count):
            self.number += 1
            self._epoch_ms += round(seconds * SECOND)
            self.monitor.observe(
                Sample(
                    target=self.target,
                    timestamp=self._epoch_ms,
                    at=time.monotonic(),
                    lateness=0.001,
                    values=values(self.number),
                    answered=answered,
                    errors=errors or {},
                    switches=switches or {},
                    switchable=frozenset(switches or {}),
                ),
                Ticks(self.number, 0, 0),
            )
        return self.seq

    @contextmanager
    def living(self, **settings: Any) -> Iterator[None]:
        """Take a sample each second by itself, as a running hub does."""
        done = threading.Event()

        def live() -> None:
            while not done.wait(1.0):
                self.tick(**settings)

        # Takes the samples while the test is busy with the page.
        thread = threading.Thread(target=live, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def cut(self) -> None:
        """Break every open stream, as a network does."""
        for sock in self._streams:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._streams.clear()

    def requests(self, part: str, since: float = 0.0) -> int:
        """Count the requests whose path contains `part`."""
        return sum(1 for asked in list(self.asked) if part in asked.path and asked.at >= since)

    def _recording(self, inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        def outer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            self.asked.append(Asked(time.monotonic(), path))
            if path in self.refuse:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return [b""]
            if path == "/ws":
                self._streams.append(environ["werkzeug.socket"])
            return inner(environ, start_response)

        return outer


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])
