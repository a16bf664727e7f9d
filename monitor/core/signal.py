"""What rules can watch beside the metrics: values that are no columns of the rolling frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from monitor.core.metric import METRIC, Metric


@dataclass(frozen=True, slots=True)
class Signal:
    """A value that exists once a tick, like a metric's, but is neither drawn nor kept.

    `unit` is the display unit, `whole` tells that it counts things. `words` are what figures stand for, if any.
    """

    id: str
    title: str
    unit: str
    description: str
    whole: bool = False
    words: Mapping[float, str] = field(default_factory=dict)


SIGNALS: Final[tuple[Signal, ...]] = (
    Signal("silent_seconds", "Silence", "s", "Seconds since anything was measured of the target", whole=True),
    Signal(
        "verdict",
        "Verdict",
        "",
        "The overall verdict on the last change: 1 = better, -1 = worse, 0 = open, or no comparison",
        whole=True,
        words=MappingProxyType({1.0: "better", -1.0: "worse", 0.0: "open"}),
    ),
)

SIGNAL: Final[Mapping[str, Signal]] = MappingProxyType({signal.id: signal for signal in SIGNALS})
"""The same rows by id."""


def watched(metric: str) -> Metric | Signal:
    """Return what a rule's `metric` names; raises KeyError."""
    return METRIC[metric] if metric in METRIC else SIGNAL[metric]
