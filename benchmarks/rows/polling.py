"""The page without its socket."""

import time
from statistics import mean

from benchmarks.cost import Cost
from benchmarks.crowd import CLIENTS, Crowd
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import Server
from benchmarks.spread import Spread

_SETTLE_SECONDS = 3.0


def measure(plan: Plan) -> list[Figure]:
    """Measure the server while 100 pages poll once per second each."""
    with Server.program("--scenario", "steady") as server:
        server.ready()
        with Crowd.pollers(server.url) as crowd:
            time.sleep(_SETTLE_SECONDS)
            crowd.reset()
            cost = Cost(server.pids)
            shares = cost.windows(plan.seconds)
            report = crowd.finish()
    times = Spread.of(report["times"])
    if report["failures"]:
        raise RuntimeError(f"{report['failures']} of {times.count} polls failed")
    size = report["bytes"] / max(1, times.count - report["unchanged"])
    return [
        at_most(
            f"interval polling only, {CLIENTS} pages",
            15,
            mean(shares),
            "% of a core",
            worst=f"{max(shares):.1f} % over 5 s",
        ),
        known(
            "- one poll",
            f"p50 {times.median:.1f} ms, p99 {times.p99:.1f} ms",
            f"{times.most:.1f} ms of {times.count} ({size / 1000:.1f} kB each)",
        ),
    ]
