"""A rule: which values of a metric are not to be, for how long, and how bad that is."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from monitor.core.errors import InvalidInputError
from monitor.core.metric import Metric
from monitor.core.rule_fields import RuleFields
from monitor.core.signal import Signal, watched

LARGEST: Final = 1e15
"""What no service can mean; see the metrics."""
LONGEST_NAME: Final = 80
LONGEST_FOR: Final = 3600.0
LONGEST_COOLDOWN: Final = 86_400.0
_INSIDE: Final = 0.05
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LONGEST_ID: Final = 64
_FIGURES: Final = 3
_EXACT: Final = 15


class Condition(StrEnum):
    """How a value is to the threshold when it is bad."""

    ABOVE = "above"
    BELOW = "below"
    EQUAL = "equal"

    def holds(self, value: float, limit: float) -> bool:
        """Tell whether the value is above, below or equal to the limit; at it it is neither above nor below."""
        if self is Condition.ABOVE:
            return value > limit
        if self is Condition.BELOW:
            return value < limit
        return value == limit


_SIGN: Final[Mapping[Condition, str]] = {Condition.ABOVE: ">", Condition.BELOW: "<", Condition.EQUAL: "="}


class Severity(StrEnum):
    """How bad it is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return 0 for info, 1 for warning, 2 for critical."""
        return _RANK[self]


_RANK: Final[Mapping[Severity, int]] = {severity: rank for rank, severity in enumerate(Severity)}


class Origin(StrEnum):
    """Who made the rule: it came with the package, is of the settings' file, or was made by a user."""

    PACKAGE = "package"
    FILE = "file"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule looks only while this holds of another metric."""

    metric: str
    condition: Condition
    value: float

    def met(self, value: float) -> bool:
        """Tell whether the rule looks while the guard's metric has this value."""
        return self.condition.holds(value, self.value)

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"metric": self.metric, "condition": self.condition.value, "value": self.value}


@dataclass(frozen=True, slots=True)
class Rule:
    """A value of `metric` (of METRIC or SIGNAL) is bad while it is `condition` the `threshold`, in its unit.

    It fires when it was bad for `for_seconds`, at most once in `cooldown_seconds`, and is over when it was at
    `clear` or better for `keep_firing_seconds`; `clear` None is 5 % of the threshold on the good side of it.
    """

    id: str
    name: str
    metric: str
    condition: Condition
    threshold: float
    severity: Severity
    for_seconds: float = 5.0
    clear: float | None = None
    keep_firing_seconds: float = 10.0
    cooldown_seconds: float = 300.0
    guard: Guard | None = None
    enabled: bool = True
    origin: Origin = Origin.USER

    def breached(self, value: float) -> bool:
        """Tell whether the value is bad; the threshold itself is not, but where `condition` is equal."""
        return self.condition.holds(value, self.threshold)

    def cleared(self, value: float) -> bool:
        """Tell whether the value is at the clearing level or better."""
        if self.condition is Condition.ABOVE:
            return value <= self.clearing
        if self.condition is Condition.BELOW:
            return value >= self.clearing
        return value != self.threshold

    @property
    def clearing(self) -> float:
        """Return the clearing level in the metric's unit; where `condition` is equal it is the threshold."""
        if self.clear is not None:
            return self.clear
        inside = _INSIDE * abs(self.threshold)
        if self.condition is Condition.ABOVE:
            return self.threshold - inside
        return self.threshold + inside if self.condition is Condition.BELOW else self.threshold

    def worse(self, one: float, other: float) -> float:
        """Return the worse of two values; where `condition` is equal the first of them that is bad."""
        if self.condition is Condition.ABOVE:
            return max(one, other)
        if self.condition is Condition.BELOW:
            return min(one, other)
        return other if self.breached(other) and not self.breached(one) else one

    @property
    def subject(self) -> Metric | Signal:
        """Return what is watched."""
        return watched(self.metric)

    @property
    def limit(self) -> str:
        """Return which values are bad, in words: "> 150 ms"."""
        if isinstance(self.subject, Signal) and self.threshold in self.subject.words:
            return f"is {self.subject.words[self.threshold]}"
        return f"{_SIGN[self.condition]} {self._figure(self.threshold, _EXACT)}"

    def figure(self, value: float) -> str:
        """Return a value with its unit, with as many digits (3 or more) as tell it from the threshold."""
        if isinstance(self.subject, Signal) and value in self.subject.words:
            return self.subject.words[value]
        exact = self._figure(self.threshold, _EXACT)
        short = (self._figure(value, digits) for digits in range(_FIGURES, _EXACT))
        return next((text for text in short if text != exact), self._figure(value, _EXACT))

    def _figure(self, value: float, digits: int) -> str:
        text, unit = f"{value:.{max(digits, len(str(int(abs(value)))))}g}", self.subject.unit
        return f"{text} {unit}" if unit else text

    def document(self) -> dict[str, Any]:
        """Return it as JSON, as `read` takes it."""
        return {
            "id": self.id,
            "name": self.name,
            "metric": self.metric,
            "condition": self.condition.value,
            "threshold": self.threshold,
            "severity": self.severity.value,
            "for_secs": self.for_seconds,
            "clear": self.clear,
            "keep_firing_secs": self.keep_firing_seconds,
            "cooldown_secs": self.cooldown_seconds,
            "guard": None if self.guard is None else self.guard.document(),
            "enabled": self.enabled,
            "origin": self.origin.value,
        }

    @classmethod
    def read(cls, document: object, origin: Origin | None = None) -> Self:
        """Return the rule that `document` is, of JSON or TOML; raises InvalidInputError naming field and rule.

        Without an id it is made of the name. `origin` counts before the document's, which is a user's by default.
        """
        fields = RuleFields(document, "rule", _FIELDS)
        name, metric = fields.line("name", LONGEST_NAME), fields.watched("metric")
        condition, threshold = fields.word("condition", Condition), fields.number("threshold", -LARGEST, LARGEST)
        own = fields.word("origin", Origin, Origin.USER)
        return cls(
            id=_id(fields, name),
            name=name,
            metric=metric,
            condition=condition,
            threshold=threshold,
            severity=fields.word("severity", Severity),
            for_seconds=fields.number("for_secs", 0.0, LONGEST_FOR, 5.0),
            clear=_clear(fields, condition, threshold),
            keep_firing_seconds=fields.number("keep_firing_secs", 0.0, LONGEST_FOR, 10.0),
            cooldown_seconds=fields.number("cooldown_secs", 0.0, LONGEST_COOLDOWN, 300.0),
            guard=_guard(fields),
            enabled=fields.flag("enabled", default=True),
            origin=own if origin is None else origin,
        )


_FIELDS: Final = (
    "id",
    "name",
    "metric",
    "condition",
    "threshold",
    "severity",
    "for_secs",
    "clear",
    "keep_firing_secs",
    "cooldown_secs",
    "guard",
    "enabled",
    "origin",
)
_GUARD_FIELDS: Final = ("metric", "condition", "value")


def _id(fields: RuleFields, name: str) -> str:
    if "id" not in fields:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        made = re.sub(r"[^a-z0-9]+", "-", plain)[: _LONGEST_ID + 1].strip("-")[:_LONGEST_ID]
        if not made:
            raise InvalidInputError("id", "must be given where the name has no letter a to z and no digit")
        return made
    given = fields["id"]
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise InvalidInputError("id", f"must be 1 to {_LONGEST_ID} of a-z, 0-9 and -, not beginning with -")
    return given


def _clear(fields: RuleFields, condition: Condition, threshold: float) -> float | None:
    if fields["clear"] is None:
        return None
    if condition is Condition.EQUAL:
        raise InvalidInputError("clear", "must be absent where the condition is equal: any other value clears")
    clear = fields.number("clear", -LARGEST, LARGEST)
    if condition.holds(clear, threshold):
        raise InvalidInputError("clear", f"must not be {condition.value} the threshold: at it the alert is over")
    return clear


def _guard(fields: RuleFields) -> Guard | None:
    if fields["guard"] is None:
        return None
    guard = RuleFields(fields["guard"], "guard", _GUARD_FIELDS, "guard.")
    condition, value = guard.word("condition", Condition), guard.number("value", -LARGEST, LARGEST)
    return Guard(guard.watched("metric"), condition, value)


_ABOVE, _BELOW, _EQUAL = Condition.ABOVE, Condition.BELOW, Condition.EQUAL
_INFO, _WARNING, _CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL


_PACKAGE: Final = Origin.PACKAGE

# fmt: off
RULES: Final[tuple[Rule, ...]] = (
    Rule("high-latency", "High Latency", "latency_ms", _ABOVE, 150.0, _WARNING, origin=_PACKAGE),
    Rule("low-throughput", "Low Throughput", "throughput_ops_sec", _BELOW, 400.0, _CRITICAL,
         guard=Guard("throughput_ops_sec", _ABOVE, 0.0), origin=_PACKAGE),
    Rule("high-memory-usage", "High Memory Usage", "memory_mb", _ABOVE, 80.0, _WARNING,
         cooldown_seconds=600.0, origin=_PACKAGE),
    Rule("high-cpu-usage", "High CPU Usage", "cpu_utilization", _ABOVE, 90.0, _CRITICAL,
         cooldown_seconds=180.0, origin=_PACKAGE),
    Rule("high-error-rate", "High Error Rate", "error_rate", _ABOVE, 5.0, _CRITICAL,
         cooldown_seconds=120.0, origin=_PACKAGE),
    Rule("better-verdict", "Better Verdict", "verdict", _EQUAL, 1.0, _INFO,
         for_seconds=0.0, keep_firing_seconds=0.0, cooldown_seconds=0.0, origin=_PACKAGE),
    Rule("worse-verdict", "Worse Verdict", "verdict", _EQUAL, -1.0, _INFO,
         for_seconds=0.0, keep_firing_seconds=0.0, cooldown_seconds=0.0, origin=_PACKAGE),
    # Without a cooldown: an outage soon after another one is another one.
    Rule("data-missing", "Data Missing", "silent_seconds", _ABOVE, 30.0, _INFO,
         for_seconds=0.0, cooldown_seconds=0.0, origin=_PACKAGE),
    Rule("target-down", "Target Down", "silent_seconds", _ABOVE, 60.0, _CRITICAL,
         for_seconds=0.0, cooldown_seconds=0.0, origin=_PACKAGE),
)
# fmt: on
"""The rules that come with the package."""
