"""How punctual the sampler is while others want the interpreter."""

import time

from benchmarks.crowd import CLIENTS, Crowd
from benchmarks.downloads import Downloads
from benchmarks.figure import Figure, Plan, at_most
from benchmarks.server import Server
from benchmarks.spread import Spread

_STAY_SECONDS = 4.0
_METRIC = "tick_lateness_ms"


def measure(plan: Plan) -> list[Figure]:
    """Read the monitor's own figure of the time in which 100 viewers came again and again, and a CSV streamed."""
    with Server.full_day() as server:
        server.ready()
        arrivals = 1
        with Downloads(server.url) as downloads, Crowd.viewers(server.url) as crowd:
            start = round(time.time() * 1000)
            until = time.monotonic() + plan.seconds
            while time.monotonic() < until:
                crowd.reconnect()
                arrivals += 1
                time.sleep(min(_STAY_SECONDS, max(0.1, until - time.monotonic())))
            end = round(time.time() * 1000)
        history = server.get(f"/api/v1/history?metrics={_METRIC}&points=raw&from={start}&to={end}")
        ticks = server.get("/api/v1/snapshot")["health"]["ticks"]
    late = Spread.of([value for value in history[_METRIC] if value is not None])
    remark = f"{late.count} ticks, {ticks['missed']} missed; {CLIENTS} viewers came {arrivals} times; {downloads}"
    return [at_most("tick lateness, p99", 20, late.p99, "ms", worst=f"{late.most:.1f} ms ({remark})")]
