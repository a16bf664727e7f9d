"""The colours of a report: the page's, on white paper."""

from typing import Final

Colour = tuple[int, int, int]

PAPER: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (33, 37, 41)
MUTED: Final[Colour] = (95, 103, 112)
GRID: Final[Colour] = (225, 228, 231)
HEAD: Final[Colour] = (21, 27, 34)
ON_HEAD: Final[Colour] = (238, 242, 246)
ON_HEAD_MUTED: Final[Colour] = (152, 162, 174)
_VERDICTS: Final[dict[str, Colour]] = {
    "Better": (0, 126, 110),
    "Worse": (180, 0, 60),
    "Not comparable": (154, 103, 0),
}


def colour_of(verdict: str, otherwise: Colour = MUTED) -> Colour:
    """Return the colour of a verdict's word; those that settle nothing have none of their own."""
    return _VERDICTS.get(verdict, otherwise)
