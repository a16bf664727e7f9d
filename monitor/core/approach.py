"""When a rule's metric is bad by its present trend."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from monitor.core.histogram import Floats
from monitor.core.refusal import Refusal
from monitor.core.rule import Rule
from monitor.core.trend import Crossing, time_to_threshold

_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Approach:
    """What the trend of a rule's metric says of its threshold: when they meet, or why that is not said."""

    rule: Rule
    crossing: Crossing | Refusal

    @property
    def seconds(self) -> float | None:
        """Return in how many seconds from the end of the newest minute, None where that is not said."""
        return None if isinstance(self.crossing, Refusal) else _seconds(self.crossing.minutes)

    @property
    def interval(self) -> tuple[float, float | None] | None:
        """Return the 80 % interval of `seconds`, its late end None where it is too late to be said."""
        if isinstance(self.crossing, Refusal):
            return None
        late = self.crossing.late
        return _seconds(self.crossing.early), None if late is None else _seconds(late)


def _seconds(minutes: float) -> float:
    # A minute's mean stands for its middle.
    return max(_MINUTE * (minutes - 0.5), 0.0)


def approaches(rules: Iterable[Rule], metric: str, means: Floats) -> tuple[Approach, ...]:
    """Return each enabled rule of a metric with what its trend says of the threshold, guards aside.

    means: (n,) of one minute each, oldest first, NaN = unknown.
    """
    return tuple(
        Approach(rule, time_to_threshold(means, rule.threshold, rule.condition))
        for rule in rules
        if rule.enabled and rule.metric == metric
    )
