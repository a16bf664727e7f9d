"""`python -m benchmarks [row ...] [--seconds N] [--long]`: measures and prints a table in Markdown.

Timings fail nothing: the exit code is 1 only when something could not be measured.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from benchmarks.figure import Figure, Plan
from benchmarks.machine import describe
from benchmarks.rows import (
    alert_delay,
    alerts,
    delivery,
    exports,
    history,
    lateness,
    memory,
    own_cost,
    page,
    polling,
    sample_hub,
    start,
    tick,
)
from benchmarks.server import PYTHON
from benchmarks.table import markdown

_ROWS = {
    "start": start.measure,
    "tick": tick.measure,
    "alerts": alerts.measure,
    "alert_delay": alert_delay.measure,
    "own_cost": own_cost.measure,
    "memory": memory.measure,
    "history": history.measure,
    "delivery": delivery.measure,
    "exports": exports.measure,
    "polling": polling.measure,
    "lateness": lateness.measure,
    "page": page.measure,
    "sample_hub": sample_hub.measure,
}


def main(argv: Sequence[str]) -> int:
    """Measure the named rows, or all of them."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure what the program costs.")
    parser.add_argument("rows", nargs="*", metavar="row", help=f"any of {', '.join(_ROWS)}; default all")
    parser.add_argument("--seconds", type=float, default=30.0, help="per measurement (default 30, at least 5)")
    parser.add_argument("--long", action="store_true", help="watch the page for 30 minutes")
    options = parser.parse_args(argv)
    unknown = [row for row in options.rows if row not in _ROWS]
    if unknown:
        parser.error(f"{unknown[0]} is not a row; the rows are {', '.join(_ROWS)}")
    if not 5.0 <= options.seconds <= 600.0:
        parser.error("--seconds must be 5 to 600")
    if not PYTHON.exists():
        parser.error("nothing to measure in .venv: run `make install` first")

    about = describe(" ".join(["python -m benchmarks", *argv]))
    plan = Plan(options.seconds, options.long)
    figures: list[Figure] = []
    failed = False
    began = time.monotonic()
    for name in options.rows or _ROWS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        try:
            figures += _ROWS[name](plan)
        except Exception as error:  # noqa: BLE001 - the other rows are still worth having
            failed = True
            reason = f"{type(error).__name__}: {error}".strip().partition("\n")[0]
            figures.append(Figure(name, "", f"not measured: {reason}"))
    print("\n".join(about))
    print(f"- took {(time.monotonic() - began) / 60:.1f} min\n")
    print(markdown(figures))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
