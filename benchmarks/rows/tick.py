"""CPU time of a tick: sample, frame, render, encode."""

import json
import subprocess

from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import PYTHON, ROOT
from benchmarks.spread import Spread
from benchmarks.ticks import PARSE


def measure(plan: Plan) -> list[Figure]:
    """Have `benchmarks.ticks` run in the program's own environment."""
    done = subprocess.run(
        [str(PYTHON), "-m", "benchmarks.ticks", str(plan.seconds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * plan.seconds + 120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    report = json.loads(done.stdout)
    total = Spread.of(report["totals"])
    name = f"tick, CPU median ({report['series']} series, full frame, every stream has a reader)"
    figures = [
        at_most(name, 8, total.median, "ms", decimals=2, worst=f"p99 {total.p99:.2f} ms of {total.count} ticks")
    ]
    others = total.median
    for part, times in report["parts"].items():
        one = Spread.of(times)
        size = f", {report['sizes'][part] / 1000:.1f} kB" if part in report["sizes"] else ""
        figures.append(known(f"- {part}{size}", f"{one.median:.2f} ms", f"p99 {one.p99:.2f} ms"))
        others -= one.median if part != PARSE else 0.0
    return [*figures, known("- the rest: schedule, threads, joining", f"{others:.2f} ms")]
