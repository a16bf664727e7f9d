"""What watching rules adds to a tick, and a storm of alerts."""

import json
import subprocess

from benchmarks.alerting import STORM_RULES
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.server import PYTHON, ROOT
from benchmarks.spread import Spread

_BASE = "no rule but the program's"


def measure(plan: Plan) -> list[Figure]:
    """Have `benchmarks.alerting` run in the program's own environment."""
    done = subprocess.run(
        [str(PYTHON), "-m", "benchmarks.alerting"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=2 * plan.seconds + 180,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    report = json.loads(done.stdout)
    base = Spread.of(report["ticks"].pop(_BASE)).median
    figures = [known(f"alerts: taking a sample, {_BASE}", f"{base:.2f} ms of CPU")]
    for name, times in report["ticks"].items():
        one = Spread.of(times)
        figures.append(
            at_most(
                f"- added by {name}", 1, one.median - base, "ms", decimals=2, worst=f"p99 {one.p99 - base:.2f} ms"
            )
        )
    storm = Spread.of(report["storm"])
    name = f"alerts: {report['storm_alerts']} in 10 s of {STORM_RULES} rules, a tick"
    figures.append(at_most(name, 100, storm.p99, "ms", decimals=0, worst=f"median {storm.median:.0f} ms"))
    figures.append(known("- samples not yet on the disk afterwards", str(report["waiting"])))
    return figures
