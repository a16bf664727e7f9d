"""What the server itself costs, the sample hub left out."""

import time
from statistics import mean

from benchmarks.cost import Cost
from benchmarks.crowd import CLIENTS, Crowd
from benchmarks.figure import Figure, Plan, at_most
from benchmarks.server import Server

_SETTLE_SECONDS = 3.0


def measure(plan: Plan) -> list[Figure]:
    """Measure master and worker with nobody there, then with 100 viewers of each stream."""
    with Server.program("--scenario", "steady") as server:
        server.ready()
        time.sleep(_SETTLE_SECONDS)
        cost = Cost(server.pids)
        figures = [_figure("own cost, no viewer", 1.5, cost, plan)]
        for view, name in (("metrics", f"{CLIENTS} `/ws` viewers"), ("page", f"{CLIENTS} open pages")):
            with Crowd.viewers(server.url, view):
                time.sleep(_SETTLE_SECONDS)
                cost.percent()
                figures.append(_figure(f"own cost, {name}", 4, cost, plan))
            time.sleep(1.0)
    return figures


def _figure(name: str, limit: float, cost: Cost, plan: Plan) -> Figure:
    shares = cost.windows(plan.seconds)
    return at_most(name, limit, mean(shares), "% of a core", decimals=2, worst=f"{max(shares):.2f} % over 5 s")
