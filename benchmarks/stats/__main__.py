"""`python -m benchmarks.stats [--runs N] [--only WORDS]`: the tables of docs/statistics.md."""

import argparse

from benchmarks.stats import predictions
from benchmarks.stats.rows import ROWS, SEED


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.stats")
    parser.add_argument("--runs", type=int, default=1000, help="of a cheap row; a dear one has a tenth or so")
    parser.add_argument("--only", default="", help="print the rows whose text begins with this")
    given = parser.parse_args()
    print(f"seed {SEED}\n\n| | limit | runs | found |\n| --- | --- | --- | --- |")
    for row in ROWS:
        if row.text.startswith(given.only):
            print(row.line(given.runs), flush=True)
    if not given.only:
        predictions.report(max(given.runs * 2 // 5, 1), SEED)


if __name__ == "__main__":
    main()
