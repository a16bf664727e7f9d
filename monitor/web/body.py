"""The JSON object that a caller sends: each field checked, none beside those that are known."""

from collections.abc import Collection
from typing import Any, Final, Self

from flask import request
from werkzeug.exceptions import BadRequest

from monitor.core.errors import InvalidInputError
from monitor.core.line import is_line

_LARGEST: Final = 1 << 53


def sent() -> object:
    """Return the request's body, whatever JSON it is; raises InvalidInputError for what is none."""
    try:
        return request.get_json()
    except RecursionError:
        raise InvalidInputError("body", "is nested too deep") from None
    except BadRequest:
        raise InvalidInputError("body", "is not JSON") from None


class Body:
    """The fields of a request's body; a method per kind, each of which names the field that breaks its rule."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """Check these fields."""
        self._fields = fields

    @classmethod
    def read(cls, known: Collection[str]) -> Self:
        """Read the request's body; raises InvalidInputError for what is no object, or has other fields."""
        content = sent()
        if not isinstance(content, dict):
            raise InvalidInputError("body", "must be an object")
        for name in content:
            if name not in known:
                raise InvalidInputError(name[:40], f"is not a field; the fields are {', '.join(known)}")
        return cls(content)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str, most: int, *, default: str | None = None) -> str:
        """Return a text of 1 to `most` printable characters; with a default it may be empty or lack."""
        value = self._fields.get(name, default)
        if not isinstance(value, str) or len(value) > most or (default is None and not value.strip()):
            raise InvalidInputError(name, f"must be a text of {int(default is None)} to {most} characters")
        if not is_line(value):
            raise InvalidInputError(name, "must be one line of printable characters")
        return value.strip()

    def whole(self, name: str, low: int, high: int, *, default: int) -> int:
        """Return a whole number of low..high."""
        value = self._fields.get(name, default)
        if type(value) is not int or abs(value) > _LARGEST or not low <= value <= high:
            raise InvalidInputError(name, f"must be a whole number, {low} to {high}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._fields.get(name, default)
        if not isinstance(value, bool):
            raise InvalidInputError(name, "must be true or false")
        return value
