"""Spans of time and choices of metrics, as callers write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from monitor.core.errors import InvalidInputError
from monitor.core.metric import COLUMNS, METRIC
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS

_MAX_TEXT: Final = 40
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

    @classmethod
    def parse(cls, query: Mapping[str, str], now: int, default_from: str) -> Self:
        """Read `from` and `to` (default: now); raise InvalidInputError that names the parameter."""
        start = moment("from", query.get("from", default_from), now)
        end = moment("to", query.get("to", "now"), now)
        if start >= end:
            raise InvalidInputError("from", "must be before to")
        return cls(start, end)


def metrics(query: Mapping[str, str], default: tuple[str, ...] = COLUMNS) -> list[str]:
    """Return the metric ids of the parameter `metrics`, in their order and each once."""
    text = query.get("metrics")
    if text is None:
        return list(default)
    chosen = list(dict.fromkeys(part.strip() for part in text.split(",")))
    for metric in chosen:
        _check("metrics", metric)
    return chosen


def one_metric(query: Mapping[str, str]) -> str:
    """Return the metric id of the parameter `metric`, which must be there."""
    if "metric" not in query:
        raise InvalidInputError("metric", "must be a metric's id; see /api/v1/openapi.json")
    _check("metric", query["metric"])
    return query["metric"]


def _check(name: str, metric: str) -> None:
    if metric not in METRIC:
        raise InvalidInputError(name, f"{metric[:_MAX_TEXT]!r} is not a metric; see /api/v1/openapi.json")
