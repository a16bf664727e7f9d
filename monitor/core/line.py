"""What people and other programs may call things."""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Without them some scripts and signs cannot be written."""


def is_line(text: str) -> bool:
    """Tell whether the text is one line that can be written as UTF-8 and reads as it is stored.

    No control characters, no surrogates, no ends of lines or paragraphs, and none that turn the direction of what
    follows or are not seen at all, but for joiners.
    """
    return all(unicodedata.category(character) not in _UNSEEN or character in _JOINERS for character in text)
