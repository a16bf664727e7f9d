"""The query of a request: each parameter checked, none beside those that are described."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from flask import Flask, request

from monitor.core.errors import InvalidInputError
from monitor.core.metric import COLUMNS, METRIC
from monitor.core.nearest import nearest
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS

_MAX_TEXT: Final = 40
_LONGEST_LIST: Final = 200
_DIGITS: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_VARIABLE: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_SEE: Final = "see /api/v1/openapi.json"
_RELATIVE: Final = re.compile(r"now(?:-([0-9]{1,9})([smhd]))?", re.ASCII)
_EPOCH_MS: Final = re.compile(r"[0-9]{1,14}", re.ASCII)
_BASIC_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)
"""ISO 8601 without hyphens; as epoch milliseconds it would be an hour of 1970 that nobody measured in."""
_LOST_PLUS: Final = re.compile(r"(T\S*) (?=[0-9]{2}:?[0-9]{2}$)", re.ASCII)
"""A plus sign in a query is a space."""
_UNIT_MS: Final = {"s": 1000, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
_FIRST_MS: Final = 0
_LAST_MS: Final = 253_402_300_799_999
_YEARS: Final = "must be of the years 1970 to 9999"
_RULE: Final = "must be ISO 8601, epoch milliseconds, now, or now-15m (s, m, h, d)"


def moment(name: str, text: str, now: int) -> int:
    """Return epoch ms of what the parameter `name` says; ISO 8601 without an offset is UTC. now: epoch ms.

    Raises InvalidInputError where it says none, or one that no calendar here has.
    """
    at = _read(name, text, now)
    if not _FIRST_MS <= at <= _LAST_MS:
        raise InvalidInputError(name, _YEARS)
    return at


def _read(name: str, text: str, now: int) -> int:
    relative = _RELATIVE.fullmatch(text)
    if relative is not None:
        number, unit = relative.groups()
        return now - (int(number) * _UNIT_MS[unit] if number else 0)
    if _EPOCH_MS.fullmatch(text) and not _BASIC_DATE.fullmatch(text):
        return int(text)
    if len(text) > _MAX_TEXT:
        raise InvalidInputError(name, _RULE)
    try:
        parsed = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+", text))
        return round((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise InvalidInputError(name, _RULE) from None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `start` to `end`, both epoch ms and both included."""

    start: int
    end: int


class Query:
    """The parameters of a request; a method per kind, each of which names the parameter that breaks its rule."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """Check these parameters."""
        self._given = given

    @classmethod
    def read(cls) -> Self:
        """Take the request's own."""
        return cls(request.args)

    def time_range(self, now: int, default_from: str) -> TimeRange:
        """Return what is between `from` and `to` (default: now). now: epoch ms."""
        start = moment("from", self._given.get("from", default_from), now)
        end = moment("to", self._given.get("to", "now"), now)
        if start >= end:
            raise InvalidInputError("from", "must be before to")
        return TimeRange(start, end)

    def metrics(self, default: tuple[str, ...] = COLUMNS) -> list[str]:
        """Return the metric ids of `metrics`, in their order and each once."""
        text = self._given.get("metrics")
        if text is None:
            return list(default)
        return list(dict.fromkeys(_metric("metrics", part.strip()) for part in text.split(",")))

    def metric(self) -> str:
        """Return the metric id of `metric`, which must be there."""
        if "metric" not in self._given:
            raise InvalidInputError("metric", f"must be a metric's id; {_SEE}")
        return _metric("metric", self._given["metric"])

    def whole(self, name: str, low: int, high: int, *, default: int, instead: str = "") -> int:
        """Return a whole number of low..high; `instead` is the word that might have stood in its place."""
        text = self._given.get(name, str(default))
        if not (_DIGITS.fullmatch(text) and low <= int(text) <= high):
            raise InvalidInputError(name, f"must be {low} to {high}{f', or {instead}' if instead else ''}")
        return int(text)

    def says(self, name: str, word: str) -> bool:
        """Tell whether a parameter is this word."""
        return self._given.get(name) == word

    def one_of(self, name: str, words: Collection[str], *, default: str) -> str:
        """Return one of these words."""
        text = self._given.get(name, default)
        if text not in words:
            raise InvalidInputError(name, f"must be one of {', '.join(words)}")
        return text

    def some_of(self, name: str, words: Collection[str], *, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words that a parameter names, separated by commas."""
        text = self._given.get(name)
        if text is None:
            return default
        found = tuple(text[:_LONGEST_LIST].split(","))
        if not all(word in words for word in found):
            raise InvalidInputError(name, f"must be of {', '.join(words)}, separated by commas")
        return found


def install(server: Flask, known: Mapping[str, Sequence[str]]) -> None:
    """Refuse a GET with a parameter that its path does not have; `known`: {path as it is described: its names}."""

    @server.before_request
    def refuse_unknown() -> None:
        rule = request.url_rule
        if rule is None or request.method not in {"GET", "HEAD"} or not request.args:
            return
        names = known.get(described(rule.rule))
        for name in request.args if names is not None else ():
            if name not in (names or ()):
                hint = nearest(name, names or (), "parameters")
                raise InvalidInputError(name[:_MAX_TEXT], f"is not a parameter{hint}")


def described(rule: str) -> str:
    """Return the path of a route as it stands in the description: `{name}` for `<path:name>`."""
    return _VARIABLE.sub(r"{\1}", rule)


def _metric(name: str, metric: str) -> str:
    if metric not in METRIC:
        raise InvalidInputError(name, f"{metric[:_MAX_TEXT]!r} is not a metric; {_SEE}")
    return metric
