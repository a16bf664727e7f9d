"""Rows of text as a paper has them, and moments and lengths of time as they stand there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_LONG_MINUTES: Final = 3
_LONG_HOURS: Final = 3


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as `head` has; `note` is said beside them, `empty` where there are none."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    note: str = ""


def moment(at: int) -> str:
    """Return epoch ms as UTC to the second."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def lasted(span_ms: int) -> str:
    """Return a length of time in its largest units: 93 s, 5 min, 3 h 20 min."""
    seconds = span_ms // 1000
    minutes = seconds // 60
    if minutes < _LONG_MINUTES:
        return f"{seconds} s"
    return f"{minutes} min" if minutes < _LONG_HOURS * 60 else f"{minutes // 60} h {minutes % 60} min"
