"""`python -m monitor.report`: a Report as JSON on standard input, the PDF on standard output, progress on error.

Progress is a line per page part: parts done and parts in all.
"""

import sys

from pydantic import TypeAdapter

from monitor.core.report import Report
from monitor.report.paper import Paper


def main() -> int:
    """Draw what is asked for."""
    report = TypeAdapter(Report).validate_json(sys.stdin.buffer.read())

    def progress(done: int, of: int) -> None:
        sys.stderr.write(f"{done} {of}\n")
        sys.stderr.flush()

    sys.stdout.buffer.write(Paper(report).draw(progress))
    return 0


if __name__ == "__main__":
    sys.exit(main())
