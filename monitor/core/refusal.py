"""Why there is no figure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """No figure is honest here; `reason` is a sentence part for people, without a full stop."""

    reason: str
