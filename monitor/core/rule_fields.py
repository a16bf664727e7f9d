"""The fields of a rule's document: each checked, none beside those that are known."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from monitor.core.errors import InvalidInputError
from monitor.core.line import is_line
from monitor.core.metric import METRIC
from monitor.core.signal import SIGNAL

_SHOWN: Final = 40
_Word = TypeVar("_Word", bound=StrEnum)


class RuleFields:
    """A JSON object's fields; a method per kind, each of which raises InvalidInputError naming field and rule."""

    def __init__(self, document: object, name: str, known: Collection[str], prefix: str = "") -> None:
        """Check that it is an object and has no other fields; `prefix` is before the names of fields in errors."""
        if not isinstance(document, Mapping):
            raise InvalidInputError(name, "must be an object")
        for field in document:
            if field not in known:
                # An empty name would leave the error without a field.
                shown = f"{prefix}{str(field)[:_SHOWN] or name}"
                raise InvalidInputError(shown, f"is not a field; the fields are {', '.join(known)}")
        self._fields, self._prefix = document, prefix

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    def __getitem__(self, field: str) -> Any:  # noqa: ANN401 - what JSON has
        return self._fields.get(field)

    def _wrong(self, field: str, rule: str) -> InvalidInputError:
        return InvalidInputError(self._prefix + field, rule)

    def word(self, field: str, words: type[_Word], default: _Word | None = None) -> _Word:
        """Return one of a few words."""
        given = self._fields.get(field, default)
        if not isinstance(given, str) or given not in set(words):
            raise self._wrong(field, f"must be one of {', '.join(words)}")
        return words(given)

    def number(self, field: str, least: float, most: float, default: float | None = None) -> float:
        """Return a number of least..most."""
        given = self._fields.get(field, default)
        # A comparison with NaN is false.
        if isinstance(given, bool) or not isinstance(given, int | float) or not least <= given <= most:
            raise self._wrong(field, f"must be a number from {least:g} to {most:g}")
        return float(given)

    def line(self, field: str, most: int) -> str:
        """Return one line of 1 to `most` printable characters."""
        given = self._fields.get(field)
        text = given.strip() if isinstance(given, str) else ""
        if not 1 <= len(text) <= most or not is_line(text):
            raise self._wrong(field, f"must be one line of 1 to {most} printable characters")
        return text

    def watched(self, field: str) -> str:
        """Return the id of a metric or signal."""
        given = self._fields.get(field)
        if not isinstance(given, str) or (given not in METRIC and given not in SIGNAL):
            raise self._wrong(field, f"must be the id of a metric, or one of {', '.join(SIGNAL)}")
        return given

    def flag(self, field: str, *, default: bool) -> bool:
        """Return true or false."""
        given = self._fields.get(field, default)
        if not isinstance(given, bool):
            raise self._wrong(field, "must be true or false")
        return given
