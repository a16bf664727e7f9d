"""What people are to be told of an alert, each thing once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from monitor.core.alert import Alert, Happened

TOLD: Final = frozenset({Happened.FIRED, Happened.RAISED, Happened.NO_DATA, Happened.RESOLVED})
"""What of an alert people are told; what they did themselves they know."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` happened to `alert` at `at` (epoch ms); `alert` is as it was after that tick.

    `key` is the same whenever the notice is made anew, and no other's.
    """

    key: str
    alert: Alert
    kind: Happened
    at: int

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"key": self.key, "alert": self.alert.document(), "kind": self.kind.value, "at": self.at}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote; raises KeyError, TypeError or ValueError for anything else."""
        alert = Alert.read(document["alert"])
        return cls(str(document["key"]), alert, Happened(document["kind"]), int(document["at"]))


def notices(before: Alert | None, after: Alert | None) -> list[Notice]:
    """Return what people are to be told of what happened to a rule's alert since `before`, oldest first.

    Of an alert that was dismissed nothing, not even its end.
    """
    if after is None or after is before:
        return []
    told = len(before.log) if before is not None and before.id == after.id else 0
    found: list[Notice] = []
    for place, occurrence in enumerate(after.log):
        if occurrence.kind is Happened.DISMISSED:
            break
        if place >= told and occurrence.kind in TOLD:
            found.append(Notice(f"{after.id}:{place}", after, occurrence.kind, occurrence.at))
    return found
