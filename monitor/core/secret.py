"""What is kept and used but never shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that no page, no log and no traceback shows; `hint` is what may be shown of it."""

    text: str = field(repr=False)
    hint: str = "set"

    def __str__(self) -> str:
        return self.hint
