"""The result as Markdown."""

from collections.abc import Iterable

from benchmarks.figure import Figure

_HEAD = ("", "limit", "measured", "worst case", "")
_VERDICT = {True: "ok", False: "**over**", None: ""}


def markdown(figures: Iterable[Figure]) -> str:
    """Return the table; a figure over its limit is printed in bold."""
    rows = [_HEAD, tuple("---" for _ in _HEAD)]
    rows += [(one.name, one.limit, one.measured, one.worst, _VERDICT[one.holds]) for one in figures]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
