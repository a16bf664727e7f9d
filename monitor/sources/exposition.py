"""Prometheus' text format: the lines of wanted families as series and values."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.core.errors import SourceError

MAX_SAMPLES: Final = 10_000
MAX_LINES: Final = 10 * MAX_SAMPLES
MAX_LABELS: Final = 30
MAX_NAME: Final = 128
MAX_VALUE: Final = 1024
_MAX_SERIES: Final = MAX_LABELS * (MAX_NAME + 2 * MAX_VALUE + 8) + MAX_NAME

_NAME: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*", re.ASCII)
_LABEL: Final = re.compile(r'[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|$)', re.ASCII)
_AFTER: Final = re.compile(r"[ \t]+(\S+)(?:[ \t]+(\S+))?[ \t]*")
"""What follows a series: its value, and perhaps a timestamp."""
_ESCAPE: Final = re.compile(r'\\([\\n"])')
_UNESCAPED: Final = {"\\": "\\", "n": "\n", '"': '"'}


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One time series of the target. The same object in each scrape, as long as no scrape lacks it.

    `places` are the numbers of the preset's selectors that it belongs to. Of a histogram's bucket, `le` is the
    upper bound in the target's unit and `others` are the other labels; else `le` is None.
    """

    name: str
    labels: Mapping[str, str]
    places: tuple[int, ...]
    le: float | None
    others: tuple[tuple[str, str], ...]


class Exposition:
    """Reads one target's expositions; remembers each series' text, which repeats from scrape to scrape."""

    def __init__(self, wanted: frozenset[str], place: Callable[[str, Mapping[str, str]], tuple[int, ...]]) -> None:
        """Keep series whose name is in `wanted` and that `place` puts anywhere."""
        self._wanted = wanted
        self._place = place
        self._known: dict[str, Series] = {}

    def read(self, body: bytes) -> dict[Series, float]:
        """Return the value of each wanted series; raises SourceError if any wanted line breaks the format.

        Lines of other families are dropped by their name, unparsed. Timestamps are ignored. A value that is not
        finite is no value: the series is left out. A series that occurs twice is refused.
        """
        text = _text(body)
        if text.count("\n") > MAX_LINES:
            raise SourceError(f"more than {MAX_LINES:,} lines")
        lines = [line for line in text.split("\n") if line and line[0] != "#"]
        if len(lines) > MAX_SAMPLES:
            raise SourceError(f"more than {MAX_SAMPLES:,} samples")
        values: dict[Series, float] = {}
        known: dict[str, Series] = {}
        for line in lines:
            brace = line.find("{")
            name = line[:brace].strip() if brace >= 0 else line.partition(" ")[0]
            if name not in self._wanted:
                name = _first_word(line)  # tabs, spaces in front, a brace somewhere else
                if name not in self._wanted:
                    continue
                brace = -1
            end = line.rfind("}") + 1 if brace >= 0 else line.index(name) + len(name)
            head = line[:end]
            if head in known:
                raise _twice(name)
            series = self._known.get(head) or self._parse(name, head if brace >= 0 else "")
            known[head] = series
            value = _value(line[end:], name)
            if math.isfinite(value):
                values[series] = value
        if not known:
            raise SourceError(_nothing(text))
        if known.keys() != self._known.keys():
            _refuse_twins(known.values())
        self._known = known
        return values

    def _parse(self, name: str, head: str) -> Series:
        labels = _labels(name, head) if head else {}
        le = None
        if name.endswith("_bucket") and "le" in labels:
            le = _float(labels["le"])
            if le is None or math.isnan(le):
                raise _broken(name)
        others = tuple(sorted(item for item in labels.items() if item[0] != "le")) if le is not None else ()
        return Series(name, labels, self._place(name, labels), le, others)


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise SourceError("answer is not UTF-8 text") from None
    if text.startswith("\ufeff"):
        raise SourceError("answer starts with a byte order mark")
    return text


def _first_word(line: str) -> str:
    words = line.split(None, 1)
    return words[0] if words else ""


def _labels(name: str, head: str) -> dict[str, str]:
    """Return the labels in `head`, a series' text up to its closing brace."""
    if len(head) > _MAX_SERIES:
        raise SourceError(f"labels of {name} are too long")
    labels: dict[str, str] = {}
    at, end = head.index("{") + 1, len(head) - 1
    while head[at:end].strip(" \t"):
        found = _LABEL.match(head, at, end)
        if found is None or found[1] in labels:
            raise _broken(name)
        at = found.end()
        value = _ESCAPE.sub(lambda escape: _UNESCAPED[escape[1]], found[2])
        if len(labels) == MAX_LABELS:
            raise SourceError(f"more than {MAX_LABELS} labels on {name}")
        if len(found[1]) > MAX_NAME:
            raise SourceError(f"label name longer than {MAX_NAME} bytes on {name}")
        if len(value.encode()) > MAX_VALUE:
            raise SourceError(f"label value longer than {MAX_VALUE} bytes on {name}")
        labels[found[1]] = value
    return labels


def _value(text: str, name: str) -> float:
    if text.endswith("\r"):
        raise SourceError("lines end in CR LF instead of LF")
    found = _AFTER.fullmatch(text)
    value = None if found is None else _float(found[1])
    if found is None or value is None or (found[2] is not None and _float(found[2]) is None):
        raise _broken(name)
    return value


def _float(text: str) -> float | None:
    if "_" in text or not text.isascii():
        return None  # Python's float is laxer than the format
    try:
        return float(text)
    except ValueError:
        return None


def _broken(name: str) -> SourceError:
    return SourceError(f"a line of {name} is not in Prometheus text format")


def _twice(name: str) -> SourceError:
    return SourceError(f"series of {name} exposed twice")


def _refuse_twins(series: Iterable[Series]) -> None:
    """Raise SourceError for two texts of one series: labels in another order, or spaces between them."""
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    for one in series:
        key = one.name, frozenset(one.labels.items())
        if key in seen:
            raise _twice(one.name)
        seen.add(key)


def _nothing(text: str) -> str:
    """Say why an answer without any wanted series is of no use."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return "answer is empty"
    if all(line.startswith("#") or _NAME.match(line) for line in lines[:20]):
        return "none of the metrics that the preset maps is there"
    return "answer is not in Prometheus text format"
