"""From the complete sample to the client."""

import time
from typing import Any

from benchmarks.crowd import CLIENTS, Crowd
from benchmarks.downloads import Downloads
from benchmarks.figure import Figure, Plan, at_most
from benchmarks.server import Server
from benchmarks.spread import Spread

_SETTLE_SECONDS = 2.0


def measure(plan: Plan) -> list[Figure]:
    """Let 100 viewers note when each frame came, first undisturbed, then while a CSV of 24 h is downloaded."""
    with Server.full_day() as server:
        server.ready()
        with Crowd.viewers(server.url) as crowd:
            time.sleep(_SETTLE_SECONDS)
            crowd.reset()
            time.sleep(plan.seconds)
            idle = crowd.finish()
        with Crowd.viewers(server.url) as crowd, Downloads(server.url) as downloads:
            time.sleep(_SETTLE_SECONDS)
            crowd.reset()
            time.sleep(plan.seconds)
            streaming = crowd.finish()
    return [
        *_figures(f"delivery to {CLIENTS} viewers", idle, ""),
        *_figures("the same while a CSV of 24 h streams", streaming, f"; {downloads}"),
    ]


def _figures(name: str, report: dict[str, Any], remark: str) -> list[Figure]:
    delays = Spread.of(report["delays"])
    missed = report["missed"]
    return [
        at_most(
            f"{name}, p99",
            50,
            delays.p99,
            "ms",
            worst=f"{delays.most:.1f} ms (median {delays.median:.1f} ms, {delays.count} frames{remark})",
        ),
        Figure(f"{name}, frames missed", "0", str(missed), "", missed == 0),
    ]
