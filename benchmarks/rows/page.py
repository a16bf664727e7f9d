"""The page in a real Chromium."""

import time
from dataclasses import dataclass
from statistics import median

from benchmarks.chromium import CHARTS, Chromium
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import Server

_BROWSERS = 3
_SETTLE_SECONDS = 4.0
_WINDOW_SECONDS = 10.0
_LONG_SECONDS = 1800.0
_HEAP_GROWTH_MB = 2.0


@dataclass(frozen=True, slots=True)
class _Load:
    """Seconds until drawn, CPU seconds of the main thread until then, and bytes over the wire.

    Each with an empty cache, and again with what it left. `third` is the time of the load after that one: browsers
    keep compiled scripts only from a second load on.
    """

    cold: float
    warm: float
    cold_work: float
    warm_work: float
    received: int
    again: int
    third: float


def measure(plan: Plan) -> list[Figure]:
    """Load with an empty and a filled cache, then watch the main thread and the heap of the last page."""
    seconds = _LONG_SECONDS if plan.long else 2 * plan.seconds
    loads = []
    with Server.full_day() as server:
        address = f"{server.ready().url}/dashboard/"
        for _ in range(_BROWSERS - 1):
            with Chromium() as browser:
                loads.append(_load(browser, address))
        with Chromium() as browser:
            loads.append(_load(browser, address))
            if browser.in_sight() < CHARTS:
                raise RuntimeError("not all six charts fit into the window")
            heap_before = browser.heap_mb()
            shares = _busy(browser, seconds)
            heap_after = browser.heap_mb()
    growth = heap_after - heap_before
    minutes = seconds / 60
    heap = f"{heap_before:.1f} → {heap_after:.1f} MB"
    return [
        _drawn("cold", 3, [load.cold for load in loads]),
        _drawn("warm", 1, [load.warm for load in loads]),
        known("- the load after that", f"{median(load.third for load in loads):.2f} s"),
        known(
            "- CPU of the main thread until then, cold, warm",
            f"{median(load.cold_work for load in loads):.2f} s, {median(load.warm_work for load in loads):.2f} s",
        ),
        at_most(
            "page: over the wire, cold",
            2.2,
            max(load.received for load in loads) / 1e6,
            "MB",
            decimals=2,
            worst=f"warm {max(load.again for load in loads) / 1e6:.2f} MB",
        ),
        at_most(
            f"page: main thread over {seconds:.0f} s",
            10,
            sum(shares) / len(shares),
            "% of a core",
            worst=f"{max(shares):.1f} % over {_WINDOW_SECONDS:.0f} s",
        ),
        Figure(
            f"page: heap after {minutes:.0f} min",
            "flat",
            heap,
            f"grew {growth:+.1f} MB",
            growth <= _HEAP_GROWTH_MB,
        )
        if plan.long
        else known(f"page: heap after {minutes:.1f} min (30 min with --long)", heap, f"grew {growth:+.1f} MB"),
    ]


def _drawn(cache: str, limit: float, times: list[float]) -> Figure:
    worst = f"{max(times):.2f} s of {len(times)} browsers"
    return at_most(f"page: six charts drawn, {cache}", limit, median(times), "s", decimals=2, worst=worst)


def _load(browser: Chromium, address: str) -> _Load:
    browser.received()
    browser.open(address)
    cold, cold_work = browser.drawn(), browser.busy_seconds()
    time.sleep(_SETTLE_SECONDS)
    received = browser.received()
    warm, warm_work = _reload(browser, address)
    time.sleep(_SETTLE_SECONDS)
    again = browser.received()
    third, _ = _reload(browser, address)
    time.sleep(_SETTLE_SECONDS)
    return _Load(cold, warm, cold_work, warm_work, received, again, third)


def _reload(browser: Chromium, address: str) -> tuple[float, float]:
    """Load the page anew; return seconds until drawn, and the main thread's CPU seconds."""
    browser.open("about:blank")
    time.sleep(1.0)
    browser.open(address)
    time.sleep(0.5)
    return browser.drawn(), browser.busy_seconds()


def _busy(browser: Chromium, seconds: float) -> list[float]:
    """Return the main thread's share in percent over windows of ten seconds."""
    shares = []
    at, busy, end = time.monotonic(), browser.busy_seconds(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0.1:
        time.sleep(min(_WINDOW_SECONDS, left))
        now, used = time.monotonic(), browser.busy_seconds()
        shares.append(100.0 * (used - busy) / (now - at))
        at, busy = now, used
    return shares
