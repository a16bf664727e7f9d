"""A hint at what somebody will have meant."""

import difflib
from collections.abc import Sequence
from typing import Final

_LONGEST: Final = 40


def nearest(key: str, names: Sequence[str], kind: str) -> str:
    """Return a hint at the one of `names` that looks most like `key`, or at all of them, which are of a `kind`."""
    if not names:
        return f"; there are no {kind} here"
    close = difflib.get_close_matches(key[:_LONGEST].replace("-", "_").lower(), names, 1, 0.5)
    return f"; did you mean {close[0]}?" if close else f"; the {kind} are {', '.join(names)}"
