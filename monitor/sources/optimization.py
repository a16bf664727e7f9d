"""Which names of optimisations are taken from a target: few, and short. They stand in every sample and frame."""

import re
from collections.abc import Iterable
from typing import Final

MOST: Final = 32
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


def is_name(text: str) -> bool:
    """Tell whether it is 1 to 64 letters, digits, dots, hyphens and underscores."""
    return _NAME.fullmatch(text) is not None


def names(offered: Iterable[object]) -> frozenset[str]:
    """Return those that are names; none of them where there are more than 32."""
    found = frozenset(name for name in offered if isinstance(name, str) and is_name(name))
    return found if len(found) <= MOST else frozenset()
