"""From `make run` to the first chart that moves."""

import time
from statistics import median

from benchmarks.chromium import Chromium
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import Server

_RUNS = 3


def measure(plan: Plan) -> list[Figure]:
    """Start three times, each with a browser that is already there; the page is asked for after the banner."""
    del plan
    banners, samples, charts = [], [], []
    for _ in range(_RUNS):
        with Chromium() as browser, Server.make() as server:
            url = server.url
            banners.append(time.time() - server.started)
            browser.open(f"{url}/dashboard/")
            charts.append(browser.moving() - server.started)
            samples.append(server.get("/api/v1/snapshot")["history"][0]["timestamp"] / 1000.0 - server.started)
    return [
        at_most("`make run` to banner", 2, median(banners), "s", worst=_worst(banners)),
        known("`make run` to first sample", f"{median(samples):.1f} s", _worst(samples)),
        at_most("`make run` to first moving chart", 5, median(charts), "s", worst=_worst(charts)),
    ]


def _worst(times: list[float]) -> str:
    return f"{max(times):.1f} s of {len(times)} starts"
