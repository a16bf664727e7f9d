"""What a client of `/ws` asks for in its query."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from monitor.core.errors import InvalidInputError
from monitor.core.wire import HISTORY_ROWS
from monitor.engine.viewers import View

MAX_HISTORY: Final = 300
_DIGITS: Final = 15
_MAX_EPOCH: Final = 64


@dataclass(frozen=True, slots=True)
class Subscription:
    """`after` and `epoch` name the last frame that the client has; both or neither."""

    view: View = View.METRICS
    history: int = HISTORY_ROWS
    after: int | None = None
    epoch: str | None = None

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """Read the query; raise InvalidInputError that names the parameter."""
        view = query.get("view", View.METRICS.value)
        if view not in set(View):
            raise InvalidInputError("view", "must be metrics or page")
        history = _number(query, "history", HISTORY_ROWS)
        if history > MAX_HISTORY:
            raise InvalidInputError("history", f"must be 0 to {MAX_HISTORY}")
        after, epoch = query.get("after"), query.get("epoch")
        if (after is None) != (epoch is None):
            raise InvalidInputError("epoch" if epoch is None else "after", "after and epoch come together")
        if epoch is not None and len(epoch) > _MAX_EPOCH:
            raise InvalidInputError("epoch", f"must have at most {_MAX_EPOCH} characters")
        return cls(View(view), history, None if after is None else _number(query, "after", 0), epoch)


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise InvalidInputError(name, "must be a whole number, 0 or more")
    return int(text)
