"""A noted change: what was done, and when."""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Who noted it. `PROOF` are the changes that one makes, `PROVEN` is its end."""

    PERSON = "person"
    RESTART = "restart"
    CLOCK = "clock"
    SWITCH = "switch"
    PROOF = "proof"
    PROVEN = "proven"


@dataclass(frozen=True, slots=True)
class Marker:
    """`at` is epoch ms; `text` is what a person wrote or what was seen to change."""

    id: str
    at: int
    text: str
    origin: Origin
