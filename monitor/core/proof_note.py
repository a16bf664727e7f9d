"""What the next start must know of a proof, should this one not come to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from monitor.core.proof import Plan

_RESTART_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class ProofNote:
    """A proof begun at `started` (epoch ms), before which its switch stood as it `was`.

    `started_at` is the start of the target's process (epoch s), None where unknown: a later one owes nothing.
    """

    plan: Plan
    started: int
    was: bool
    started_at: float | None

    @property
    def optimization(self) -> str:
        """Return what is to be put back."""
        return self.plan.optimization

    def outlived(self, started_at: float | None) -> bool:
        """Tell whether the target's process is another one, started at `started_at` (epoch s)."""
        if started_at is None or self.started_at is None:
            return False
        return abs(started_at - self.started_at) > _RESTART_SECONDS

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "optimization": self.plan.optimization,
            "half_seconds": self.plan.half_seconds,
            "settle_seconds": self.plan.settle_seconds,
            "on_first": list(self.plan.on_first),
            "started": self.started,
            "was": self.was,
            "started_at": self.started_at,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote; raises KeyError, TypeError or ValueError for anything else."""
        plan = Plan(
            str(document["optimization"]),
            int(document["half_seconds"]),
            int(document["settle_seconds"]),
            tuple(bool(first) for first in document["on_first"]),
        )
        if not isinstance(document["was"], bool):
            raise TypeError("`was` is not a truth value")
        started_at = document["started_at"]
        return cls(
            plan, int(document["started"]), document["was"], None if started_at is None else float(started_at)
        )
