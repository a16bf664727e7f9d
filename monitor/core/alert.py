"""An alert: one time that a rule fired, what became of it, and who has seen it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from monitor.core.errors import InvalidInputError
from monitor.core.rule import Condition, Rule, Severity

LONGEST_LOG: Final = 50


class State(StrEnum):
    """Where a rule stands. An alert is only ever firing, acknowledged, dismissed or resolved."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


OPEN: Final = frozenset({State.FIRING, State.ACKNOWLEDGED, State.DISMISSED})
"""States of an alert that has not ended."""


class Happened(StrEnum):
    """What can happen to an alert."""

    FIRED = "fired"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    NO_DATA = "no_data"
    DATA_AGAIN = "data_again"
    RESOLVED = "resolved"


_ROOM: Final[Mapping[Happened, int]] = {
    Happened.FIRED: LONGEST_LOG,
    Happened.NO_DATA: 30,
    Happened.DATA_AGAIN: 30,
    Happened.RAISED: LONGEST_LOG - 2,
    Happened.ACKNOWLEDGED: LONGEST_LOG - 2,
    # Each of an alert once at the most, so there is always room.
    Happened.DISMISSED: LONGEST_LOG,
    Happened.RESOLVED: LONGEST_LOG,
}
"""Before which place of the log it is still written. Nothing is taken out, so that places are names."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """It happened at `at` (epoch ms), when `value` was the last known; `by` and `note` are a person's words."""

    kind: Happened
    at: int
    value: float | None
    by: str = ""
    note: str = ""

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"kind": self.kind.value, "at": self.at, "value": self.value, "by": self.by, "note": self.note}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote; raises KeyError, TypeError or ValueError for anything else."""
        value = document["value"]
        return cls(
            Happened(document["kind"]),
            int(document["at"]),
            None if value is None else float(value),
            str(document["by"]),
            str(document["note"]),
        )


@dataclass(frozen=True, slots=True)
class Alert:
    """One episode of a rule, which is `rule` as it was at the alert's last step.

    `fired_at` and `resolved_at` are epoch ms; `value` is the last known, `worst` the furthest on the bad side, in
    the metric's unit. `no_data`: there has been no value for long. `log` is what happened, oldest first;
    `severest` is the highest severity that it had.
    """

    id: str
    rule: Rule
    state: State
    fired_at: int
    value: float
    worst: float
    resolved_at: int | None
    no_data: bool
    log: tuple[Occurrence, ...]
    severest: Severity

    @classmethod
    def fired(cls, rule: Rule, value: float, wall: int, before: Self | None) -> Self:
        """Return a new one at `wall` (epoch ms), later than the rule's alert before it whatever the clock says."""
        at = wall if before is None else max(wall, before.fired_at + 1)
        first = Occurrence(Happened.FIRED, at, value)
        return cls(
            f"{rule.id}-{at}",
            rule,
            State.FIRING,
            at,
            value,
            value,
            None,
            no_data=False,
            log=(first,),
            severest=rule.severity,
        )

    def under(self, rule: Rule) -> Self:
        """Return it as it is after its rule became this one."""
        return replace(self, rule=rule, severest=max(self.severest, rule.severity, key=lambda one: one.rank))

    def seen(self, value: float, *, counts: bool) -> "Alert":
        """Return it with a newer value; one that does not count is no candidate for the worst."""
        worst = self.rule.worse(self.worst, value) if counts else self.worst
        if value == self.value and worst == self.worst:
            return self
        return Alert(
            self.id,
            self.rule,
            self.state,
            self.fired_at,
            value,
            worst,
            self.resolved_at,
            self.no_data,
            self.log,
            self.severest,
        )

    def after(self, kind: Happened, state: State, wall: int, by: str = "", note: str = "") -> Self:
        """Return it as it is after something happened at `wall` (epoch ms), never before what happened last."""
        at = max(wall, self.log[-1].at)
        log = self.log
        if len(log) < _ROOM[kind]:
            log = (*log, Occurrence(kind, at, self.value, by, note))
        return replace(
            self,
            state=state,
            resolved_at=at if kind is Happened.RESOLVED else None,
            no_data=kind is Happened.NO_DATA
            or (self.no_data and kind not in {Happened.DATA_AGAIN, Happened.RESOLVED}),
            log=log,
        )

    @property
    def active(self) -> bool:
        """Tell whether it is firing or acknowledged: it goes on, and nobody dismissed it."""
        return self.state in {State.FIRING, State.ACKNOWLEDGED}

    @property
    def asks(self) -> bool:
        """Tell whether it waits for somebody to say that they have seen it."""
        return self.state is State.FIRING

    @property
    def silent(self) -> bool:
        """Tell whether it was dismissed: people are told nothing more of it, not even its end."""
        return any(occurrence.kind is Happened.DISMISSED for occurrence in self.log)

    @property
    def acknowledgement(self) -> Occurrence | None:
        """Return who has seen it as severe as it is, None where nobody has."""
        for occurrence in reversed(self.log):
            if occurrence.kind is Happened.RAISED:
                return None
            if occurrence.kind is Happened.ACKNOWLEDGED:
                return occurrence
        return None

    @property
    def acknowledged_by(self) -> str | None:
        """Return who has seen it, "" where they did not say; None where nobody has."""
        return None if self.acknowledgement is None else self.acknowledgement.by

    @property
    def note(self) -> str:
        """Return the last words that somebody left at it."""
        kinds = {Happened.ACKNOWLEDGED, Happened.DISMISSED}
        return next((one.note for one in reversed(self.log) if one.kind in kinds and one.note), "")

    @property
    def since(self) -> int:
        """Return since when (epoch ms) it is in its state."""
        data = {Happened.NO_DATA, Happened.DATA_AGAIN}
        return next(one.at for one in reversed(self.log) if one.kind not in data)

    @property
    def message(self) -> str:
        """Return what is wrong as a sentence part: "High Latency: 162 ms > 150 ms"."""
        rule, value, worst = self.rule, self.rule.figure(self.value), self.rule.figure(self.worst)
        bad = rule.breached(self.value)
        if rule.condition is Condition.EQUAL:
            told = rule.limit if bad else f"is {value}, was {worst}"
            return f"{rule.name}: {rule.subject.title} {told}"
        if bad:
            return f"{rule.name}: {value} {rule.limit}"
        limit = f" {rule.limit}" if rule.breached(self.worst) else ""
        return f"{rule.name}: {value}, was {worst}{limit}"

    def document(self) -> dict[str, Any]:
        """Return it as JSON, as the API and a frame show it."""
        return self.record() | {"message": self.message}

    def record(self) -> dict[str, Any]:
        """Return it as JSON without the sentence, which is made of the rest and takes longer than all of it."""
        seen = self.acknowledgement
        return {
            "id": self.id,
            "rule_id": self.rule.id,
            "threshold": self.rule.document(),
            "state": self.state.value,
            "severity": self.rule.severity.value,
            "worst_severity": self.severest.value,
            "triggered_at": self.fired_at,
            "resolved_at": self.resolved_at,
            "current_value": self.value,
            "worst_value": self.worst,
            "acknowledged": seen is not None,
            "acknowledged_by": None if seen is None else seen.by,
            "acknowledged_at": None if seen is None else seen.at,
            "note": self.note,
            "no_data": self.no_data,
            "log": [occurrence.document() for occurrence in self.log],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` or `record` wrote; raises KeyError, TypeError or ValueError for anything else."""
        try:
            rule = Rule.read(document["threshold"])
        except InvalidInputError as error:
            raise ValueError(str(error)) from error
        state, resolved = State(document["state"]), document["resolved_at"]
        log = tuple(Occurrence.read(one) for one in document["log"])
        if state not in OPEN | {State.RESOLVED} or (state is State.RESOLVED) != (resolved is not None) or not log:
            raise ValueError("no alert has such a state")
        return cls(
            str(document["id"]),
            rule,
            state,
            int(document["triggered_at"]),
            float(document["current_value"]),
            float(document["worst_value"]),
            None if resolved is None else int(resolved),
            bool(document["no_data"]),
            log,
            # Earlier versions did not keep it.
            Severity(document.get("worst_severity", rule.severity.value)),
        )
