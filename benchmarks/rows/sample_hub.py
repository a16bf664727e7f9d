"""The sample hub: what it costs, and what its optimisations do."""

import json
import subprocess
import time
import urllib.request
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.cost import Cost
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import PYTHON, ROOT

_WARM_UP_SECONDS = 5.0
_LATENCY = "hub_operation_duration_seconds"


@dataclass(frozen=True, slots=True)
class _Run:
    """Operations per second, mean latency in ms, CPU in percent of a core, memory in MB."""

    throughput: float
    latency: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return (
            f"{self.throughput:.0f} ops/s, {self.latency:.0f} ms, {self.cpu:.1f} % of a core, {self.memory:.0f} MB"
        )


def measure(plan: Plan) -> list[Figure]:
    """Run it with everything off and with everything on, one after the other."""
    off, steady = (_run(scenario, plan.seconds / 2) for scenario in ("off", "steady"))
    return [
        known("sample hub, all off", str(off)),
        known("sample hub, all on", str(steady)),
        at_most("sample hub, CPU (the larger)", 25, max(off.cpu, steady.cpu), "% of a core"),
        at_most("sample hub, memory with pools", 80, steady.memory, "MB", decimals=0),
        _change("sample hub, throughput", ">= +70 %", off.throughput, steady.throughput, 70.0),
        _change("sample hub, mean latency", "<= -40 %", off.latency, steady.latency, -40.0),
        _change("sample hub, CPU", "<= -20 %", off.cpu, steady.cpu, -20.0),
        _change("sample hub, memory", "<= -20 %", off.memory, steady.memory, -20.0),
    ]


def _change(name: str, limit: str, before: float, after: float, target: float) -> Figure:
    change = 100.0 * (after / before - 1.0)
    return Figure(name, limit, f"{change:+.0f} %", "", change >= target if target > 0 else change <= target)


def _run(scenario: str, seconds: float) -> _Run:
    process = subprocess.Popen(
        [str(PYTHON), "-m", "monitor.samplehub", "--scenario", scenario],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        time.sleep(_WARM_UP_SECONDS)
        cost = Cost([process.pid])
        began, before = time.monotonic(), _totals(url)
        time.sleep(seconds)
        after, elapsed = _totals(url), time.monotonic() - began
        grown = {name: after[name] - before[name] for name in after}
        return _Run(
            grown[f"{_LATENCY}_count"] / elapsed,
            1000.0 * grown[f"{_LATENCY}_sum"] / grown[f"{_LATENCY}_count"],
            cost.percent(),
            cost.resident_mb()[0],
        )
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def _totals(url: str) -> dict[str, float]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    wanted = {f"{_LATENCY}_sum", f"{_LATENCY}_count"}
    return {sample.name: sample.value for family in families for sample in family.samples if sample.name in wanted}
