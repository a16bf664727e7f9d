"""Memory of the server with 24 h in its frame."""

import time

from benchmarks.cost import Cost
from benchmarks.crowd import CLIENTS, Crowd
from benchmarks.downloads import Downloads
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import Server

_SETTLE_SECONDS = 3.0


def measure(plan: Plan) -> list[Figure]:
    """Measure before and after everything that is known to take memory."""
    del plan
    with Server.full_day() as server:
        server.ready()
        time.sleep(_SETTLE_SECONDS)
        cost = Cost(server.pids)
        master, worker = cost.resident_mb()
        Downloads(server.url).once()
        exported = sum(cost.resident_mb())
        with Crowd.viewers(server.url):
            time.sleep(_SETTLE_SECONDS)
            viewed = sum(cost.resident_mb())
            shared_once = cost.proportional_mb()
    return [
        at_most(
            "memory with a full 24 h frame, master + worker",
            180,
            master + worker,
            "MB",
            decimals=0,
            worst=f"{max(exported, viewed):.0f} MB",
        ),
        known("- master, worker", f"{master:.0f} MB, {worker:.0f} MB"),
        known("- after a CSV export of 24 h", f"{exported:.0f} MB"),
        known(f"- after that with {CLIENTS} viewers", f"{viewed:.0f} MB"),
        known("- the same, pages that both share counted once (PSS)", f"{shared_once:.0f} MB"),
    ]
