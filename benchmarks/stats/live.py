"""`python -m benchmarks.stats.live [--runs 20]`: how often a comparison of the sample hub with itself is wrong.

Over the real HTTP path, in fast time. The exit code is 1 when more than one run in twenty had a wrong headline, or
one could not be made; a run that missed more than one sample in a hundred is none.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Final

import numpy as np

from benchmarks.stats.live_run import HEADLINES, Headline, Plan, Report, run
from monitor.core.verdict import Verdict

WRONG_SHARE: Final = 1 / 20
MISSED_SHARE: Final = 1 / 100
_WORDS: Final = {
    Verdict.NOT_COMPARABLE: "not comparable",
    Verdict.COLLECTING: "collecting",
    Verdict.NO_DIFFERENCE: "no difference",
    Verdict.NOT_ENOUGH_DATA: "not enough",
    Verdict.BETTER: "BETTER",
    Verdict.WORSE: "WORSE",
}


def cell(headline: Headline) -> str:
    """Return the last verdict with its interval, and before it the wrong ones that were told on the way."""
    last = _WORDS[headline.last]
    if headline.gain is not None and headline.last is not Verdict.NOT_COMPARABLE:
        last += f" {headline.gain.low:+.1f}..{headline.gain.high:+.1f}"
    wrong = [
        f"{_WORDS[verdict]} at {second} s"
        for verdict, second in headline.told.items()
        if verdict in {Verdict.BETTER, Verdict.WORSE}
    ]
    return ", ".join([*wrong, last])


def busy(report: Report, plan: Plan) -> str:
    """Return how busy the machine was in the baseline and while it was watched: what else ran is no change."""
    host = report.rows.column("host_cpu")[plan.history :]
    parts = (host[: plan.baseline], host[plan.baseline :])
    return ", ".join("unknown" if np.isnan(part).all() else f"{np.nanmean(part):.0f} %" for part in parts)


def summary(reports: Sequence[Report]) -> Iterator[str]:
    """Yield a table: per headline the runs in which it was wrong, what it said at the end, and its widths then."""
    yield "| headline | wrong in | at the end | half width at the end, median |"
    yield "| --- | --- | --- | --- |"
    for name in HEADLINES:
        said = [report.headlines[name] for report in reports]
        ends = Counter(_WORDS[headline.last] for headline in said)
        widths = [(headline.gain.high - headline.gain.low) / 2.0 for headline in said if headline.gain is not None]
        width = f"{median(widths):.2g} {'points' if name == 'errors' else '%'}" if widths else ""
        told = ", ".join(f"{word} {times}" for word, times in ends.most_common())
        yield f"| {name} | {sum(headline.wrong for headline in said)} | {told} | {width} |"


def made(report: Report) -> bool:
    """Tell whether nearly every second had its sample."""
    return report.ticks.missed <= MISSED_SHARE * (report.ticks.done + report.ticks.missed)


def passed(reports: Sequence[Report], runs: int) -> bool:
    """Tell whether all `runs` were made, and at most one in twenty (of a few: none) had a wrong headline."""
    good = [report for report in reports if made(report)]
    return len(good) == runs and sum(bool(report.wrong) for report in good) <= WRONG_SHARE * runs


def main() -> int:
    """Print a table, a row a run as it ends."""
    plan = Plan()
    parser = argparse.ArgumentParser(prog="benchmarks.stats.live")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the next ones have the next")
    parser.add_argument("--factor", type=float, default=plan.factor, help="fast seconds in a real one")
    options = parser.parse_args()
    plan = Plan(factor=options.factor)
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {options.runs} runs from seed {options.seed}, each "
        f"{plan.history} s of history, {plan.baseline} s of baseline, {plan.watched} s watched, "
        f"time {plan.factor:g} times as fast, load average {os.getloadavg()[0]:.1f}\n"
    )
    columns = ("seed", *HEADLINES, "samples, late, missed", "host CPU before, after", "real s")
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}", flush=True)
    reports = []
    for seed in range(options.seed, options.seed + options.runs):
        began = time.monotonic()
        report = run(plan, seed)
        reports.append(report)
        ticks = report.ticks
        cells = [cell(report.headlines[name]) for name in HEADLINES]
        kept = f"{ticks.done}, {ticks.late}, {ticks.missed}{'' if made(report) else ' (no run)'}"
        cells += [kept, busy(report, plan), f"{time.monotonic() - began:.0f}"]
        print(f"| {seed} | {' | '.join(cells)} |", flush=True)
    good = [report for report in reports if made(report)]
    print(f"\n{sum(bool(report.wrong) for report in good)} of {len(good)} runs had a wrong headline\n")
    print("\n".join(summary(good)))
    return 0 if passed(reports, options.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
