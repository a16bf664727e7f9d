"""The hours of a day in which people are left alone."""

import re
from dataclasses import dataclass
from typing import Final, Self

from monitor.core.errors import InvalidInputError

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end`, minutes since midnight of the server's zone; over midnight where it ends earlier."""

    start: int
    end: int

    def hold(self, minute: int) -> bool:
        """Tell whether they are in force in this minute of the day."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return not self.end <= minute < self.start

    def document(self) -> dict[str, str]:
        """Return `{"from", "to"}`, each as HH:MM."""
        return {"from": _written(self.start), "to": _written(self.end)}

    @classmethod
    def read(cls, field: str, document: object) -> Self:
        """Take back such a document, which came under the name `field`; raises InvalidInputError."""
        if not isinstance(document, dict) or set(document) != {"from", "to"}:
            raise InvalidInputError(field, 'must be {"from": "HH:MM", "to": "HH:MM"}')
        start, end = (_minute(f"{field}.{name}", document[name]) for name in ("from", "to"))
        if start == end:
            raise InvalidInputError(f"{field}.to", "must be another time than `from`")
        return cls(start, end)


def _minute(field: str, text: object) -> int:
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise InvalidInputError(field, "must be a time of the day as HH:MM")
    return 60 * int(found[1]) + int(found[2])


def _written(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
