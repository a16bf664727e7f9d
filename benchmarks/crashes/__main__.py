"""`python -m benchmarks.crashes [kill|program|power|disk|outbox ...] [--runs N] [--seed N]`: prints a table.

The exit code is 1 where anything acknowledged was lost, and where a loss of power did no harm to a writer that
does not flush.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.crashes.full_disk import FullDisks, fill, fill_tmpfs
from benchmarks.crashes.kills import kill
from benchmarks.crashes.outbox import tell
from benchmarks.crashes.power import lose_power
from benchmarks.crashes.programs import kill_programs

Outcome = tuple[str, list[str]]


def _kill(runs: int, seed: int) -> Outcome:
    done = kill(runs, seed)
    said = f"{done.acknowledged} commits, {done.early} killed before their first; start {_spread(done.seconds)}"
    return f"kill -9 of the recording process | {done.runs} | {said}", done.problems


def _program(runs: int, seed: int) -> Outcome:
    done = kill_programs(runs, seed)
    said = f"{done.acknowledged} samples acknowledged; restart to first tick {_spread(done.seconds)}"
    return f"kill -9 of the whole program | {done.runs} | {said}", done.problems


def _power(runs: int, seed: int) -> Outcome:
    done = lose_power(runs, seed)
    less = {word: lose_power(max(runs // 10, 10), seed, synchronous=word) for word in ("NORMAL", "OFF")}
    problems = [*done.problems, *(f"{word} did no harm" for word, one in less.items() if not one.wrong)]
    controls = ", ".join(f"`{word}`: {one.wrong} of {one.images} wrong" for word, one in less.items())
    said = f"{done.unflushed} while something was not flushed; controls with `synchronous` {controls}"
    return f"loss of power, images | {done.images} | {said}", problems


def _limit(runs: int, seed: int) -> Outcome:
    return _disk("files may not grow", fill(runs, seed))


def _tmpfs(runs: int, seed: int) -> Outcome:
    done = fill_tmpfs(runs, seed)
    if done is None:
        return "disk full and freed, a tmpfs | 0 | skipped: a mount namespace of our own is not allowed here", []
    return _disk("a tmpfs", done)


def _disk(kind: str, done: FullDisks) -> Outcome:
    said = f"{done.samples} samples, {done.waited} of them waited in memory; {', '.join(done.words)}"
    return f"disk full and freed, {kind} | {done.times} | {said}", done.problems


def _outbox(runs: int, seed: int) -> Outcome:
    done = tell(runs, seed)
    said = f"{done.alerts} alerts on the disk, told in {done.messages} messages, {done.repeated} of them twice"
    return f"kill -9 of what tells of alerts | {done.runs} | {said}", done.problems


def _spread(seconds: Sequence[float]) -> str:
    median, p99 = np.percentile(seconds, (50, 99))
    return f"median {median:.3f} s, p99 {p99:.3f} s, longest {max(seconds):.3f} s"


_ROWS: dict[str, tuple[int, tuple[Callable[[int, int], Outcome], ...]]] = {
    "kill": (1000, (_kill,)),
    "program": (50, (_program,)),
    "power": (500, (_power,)),
    "disk": (50, (_limit, _tmpfs)),
    "outbox": (200, (_outbox,)),
}


def main(argv: Sequence[str]) -> int:
    """Print a row for each kind of crash."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.crashes", description="Show that nothing acknowledged is lost."
    )
    parser.add_argument("rows", nargs="*", metavar="row", help=f"any of {', '.join(_ROWS)}; default all")
    parser.add_argument("--runs", type=int, help="of each row; default 1000, 50, 500, 50, 200")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    unknown = [row for row in options.rows if row not in _ROWS]
    if unknown:
        parser.error(f"{unknown[0]} is not a row; the rows are {', '.join(_ROWS)}")
    if options.runs is not None and options.runs < 1:
        parser.error("--runs must be at least 1")
    print("|  | times | lost or wrong |  |\n| --- | --- | --- | --- |")
    wrong: list[str] = []
    for name in options.rows or _ROWS:
        runs, kinds = _ROWS[name]
        for run in kinds:
            line, problems = run(options.runs or runs, options.seed)
            head, times, said = line.split(" | ")
            print(f"| {head} | {times} | {len(problems)} | {said} |", flush=True)
            wrong += [f"{name}: {problem}" for problem in problems]
    print("\n".join(wrong[:20]), file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
