"""Files of a whole day, 20 metrics: how long they take, what they cost, and what the others notice."""

import threading
import time
from typing import Self

import psutil

from benchmarks.crowd import CLIENTS, Crowd
from benchmarks.downloads import Downloads
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import Server
from benchmarks.spread import Spread
from monitor.core.metric import COLUMNS

_METRICS = COLUMNS[:20]
_SETTLE_SECONDS = 3.0
_LOOK_SECONDS = 0.02
_CHILD = "monitor.web.exports.parquet_writer"


class _Peak:
    """The largest resident memory of the server and the child that encodes for it, within the `with` block."""

    def __init__(self, pids: list[int]) -> None:
        self._processes = [psutil.Process(pid) for pid in pids]
        self._stop = threading.Event()
        # Looks again and again while the main thread waits.
        self._thread = threading.Thread(target=self._run)
        self.before = self._now()
        self.most = self.before

    @property
    def grown(self) -> float:
        """Return MB of 10^6 bytes above those at the beginning."""
        return self.most - self.before

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            self.most = max(self.most, self._now())

    def _now(self) -> float:
        children = [child for process in self._processes[-1:] for child in process.children()]
        total = 0
        for process in (*self._processes, *children):
            try:
                if process in self._processes or _CHILD in process.cmdline():
                    total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / 1e6


def measure(plan: Plan) -> list[Figure]:
    """Download each kind again and again while 100 viewers note when each frame came."""
    figures: list[Figure] = []
    for kind in ("csv", "json", "parquet"):
        # A server each: what one kind has left in memory is not there for the next one.
        with Server.full_day() as server:
            server.ready()
            path = f"/export.{kind}?metrics={','.join(_METRICS)}"
            with Crowd.viewers(server.url) as crowd:
                time.sleep(_SETTLE_SECONDS)
                crowd.reset()
                start = round(time.time() * 1000)
                peak = _Peak(server.pids)
                with peak, Downloads(server.url, path=path) as downloads:
                    time.sleep(plan.seconds)
                end = round(time.time() * 1000)
                delays = Spread.of(crowd.finish()["delays"])
            query = f"/api/v1/history?metrics=tick_lateness_ms&points=raw&from={start}&to={end}"
            late = Spread.of([one for one in server.get(query)["tick_lateness_ms"] if one is not None])
        figures += _figures(kind, downloads, peak, late, delays)
    return figures


def _figures(kind: str, downloads: Downloads, peak: _Peak, late: Spread, delays: Spread) -> list[Figure]:
    name = "Parquet" if kind == "parquet" else kind.upper()
    if not downloads.seconds:
        return [known(f"{name} of 24 h x {len(_METRICS)} metrics", "not measured", str(downloads))]
    took = Spread.of(downloads.seconds)
    child = ", the child's included" if kind == "parquet" else ""
    grown = f"- memory meanwhile, more than before{child}"
    return [
        at_most(
            f"{name} of 24 h x {len(_METRICS)} metrics",
            3,
            took.median,
            "s",
            worst=f"{took.most:.1f} s ({downloads})",
        ),
        known(grown, f"{peak.grown:.0f} MB") if child else at_most(grown, 30, peak.grown, "MB", decimals=0),
        at_most(f"- {name}: tick lateness meanwhile, p99", 20, late.p99, "ms", worst=f"{late.most:.1f} ms"),
        at_most(
            f"- {name}: delivery to {CLIENTS} viewers meanwhile, p99",
            50,
            delays.p99,
            "ms",
            worst=f"{delays.most:.1f} ms ({delays.count} frames)",
        ),
    ]
