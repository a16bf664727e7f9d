"""How a channel stands."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Moments are epoch ms, None where there is none.

    `waiting` alerts have still to be told of. `problem` says in a sentence why the newest try failed, "" where it
    did not; then tries fail since `failing_since`. `given_up` messages were never taken.
    """

    sent_at: int | None = None
    waiting: int = 0
    failing_since: int | None = None
    problem: str = ""
    next_try_at: int | None = None
    given_up: int = 0
    quiet: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "sent_at": self.sent_at,
            "waiting": self.waiting,
            "failing_since": self.failing_since,
            "problem": self.problem,
            "next_try_at": self.next_try_at,
            "given_up": self.given_up,
            "quiet": self.quiet,
        }
