"""`python -m benchmarks.stats [--runs N]`: the tables of docs/statistics.md."""

import argparse
from collections.abc import Iterator
from typing import Final

from benchmarks.stats import predictions, tail
from benchmarks.stats.errors import ErrorTrial
from benchmarks.stats.trials import Trial, share
from benchmarks.stats.worlds import WORLDS
from monitor.core.verdict import Verdict

_WRONG: Final = (Verdict.BETTER, Verdict.WORSE)
_SEED: Final = 2026


def rows(runs: int) -> Iterator[tuple[str, str, str]]:
    """Yield what was tried, its limit and what came of it."""

    def percent(part: float) -> str:
        return f"{100 * part:.1f} %"

    for name, world in WORLDS.items():
        false = share(Trial().run(world, runs, _SEED), *_WRONG)
        yield f"nothing changed, {name}: a false verdict in 600 looks", "<= 3.5 %", percent(false)
    phi = WORLDS["phi 0.7"]
    loud = share(Trial(louder=2.0).run(phi, runs, _SEED), *_WRONG)
    yield "nothing but noise twice as large, phi 0.7", "<= 5 %", percent(loud)
    hour = share(Trial(looks=3600).run(phi, max(runs * 2 // 5, 1), _SEED), *_WRONG)
    yield "nothing changed, phi 0.7, 3600 looks", "<= 4 %", percent(hour)
    for change, within, least in ((0.10, 60, 95), (0.05, 300, 93)):
        hits = share(Trial(change=change, looks=within).run(phi, runs, _SEED), Verdict.BETTER)
        yield f"+{100 * change:.0f} %, phi 0.7: better within {within} s", f">= {least} %", percent(hits)
    free = Trial(change=0.05, looks=25).run(WORLDS["no correlation"], runs, _SEED)
    yield "+5 %, no correlation: better within 25 s", ">= 50 %", percent(share(free, Verdict.BETTER))
    quiet = Trial(variation=0.02, margin=3.0, looks=300).run(phi, runs, _SEED)
    none = share(quiet, Verdict.NO_DIFFERENCE)
    yield "nothing changed, 2 % of variation: no difference within 300 s", ">= 95 %", percent(none)
    real = Trial(change=0.05, margin=3.0).run(phi, runs, _SEED)
    yield "+5 %: called no difference", "<= 1 %", percent(share(real, Verdict.NO_DIFFERENCE))
    some = max(runs // 10, 10)
    begin = share(ErrorTrial(0.0, 0.001).run(some, _SEED), Verdict.WORSE, within=20)
    yield "errors 0 to 0.1 % at 500 ops/s: worse within 20 s", ">= 99 %", percent(begin)
    burst = share(ErrorTrial(0.01, 0.01, bursts=True).run(some, _SEED), *_WRONG)
    yield "errors in bursts, nothing changed: a false verdict", "<= 3 %", percent(burst)
    yield from tail.rows(some, _SEED)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.stats")
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args().runs
    print(f"{runs} runs each, seed {_SEED}\n\n| | limit | found |\n| --- | --- | --- |")
    for name, limit, found in rows(runs):
        print(f"| {name} | {limit} | {found} |", flush=True)
    predictions.report(max(runs * 2 // 5, 1), _SEED)


if __name__ == "__main__":
    main()
