"""What one source saw, and what all of them saw at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.histogram import Histogram


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source saw of its target in one tick, in display units by metric id.

    A metric that is not in `values` was not measured. `error` is a sentence when the whole reading failed; its
    `values` are then empty. `latency` holds the operations that completed since the reading before.
    `latency_width` is the relative width of the bucket in which p95 lies, that of the common buckets (0.245) at
    the least and 1 of a bucket that begins at 0; None where p95 or the bucket is not known.
    `started_at` is the target's start as epoch seconds, `switches` its optimisations by name; `switchable`
    are those that it lets others turn on and off. `cpu_of_one_core`: `cpu_utilization` is percent of one core,
    because the target does not say how many it may use. `remark` is a sentence about a reading that is whole and
    yet not what its user will have meant. `final`: nothing will be seen after it,
    and `remark` says why.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    latency: Histogram | None = None
    latency_width: float | None = None
    error: str | None = None
    started_at: float | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)
    switchable: frozenset[str] = frozenset()
    cpu_of_one_core: bool = False
    remark: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """All metrics at one instant.

    `timestamp` is epoch milliseconds and `at` monotonic seconds of the moment the sample was complete;
    `lateness` is seconds from schedule to start. `answered` tells whether the target was up; None while it has
    not been asked (no source watches a target). `cpu_of_one_core` is that of the reading whose CPU stands in
    `values`, `remark` the first that a reading has, `final` that there is no sample after it.
    """

    target: str
    timestamp: int
    at: float
    lateness: float
    values: Mapping[str, float]
    answered: bool | None
    errors: Mapping[str, str] = field(default_factory=dict)
    latency: Histogram | None = None
    latency_width: float | None = None
    started_at: float | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)
    switchable: frozenset[str] = frozenset()
    cpu_of_one_core: bool = False
    remark: str = ""
    final: bool = False

    @property
    def failures(self) -> tuple[str, ...]:
        """Return "<source>: <reason>" of each source that failed."""
        return tuple(f"{source}: {reason}" for source, reason in self.errors.items())

    @property
    def provable(self) -> frozenset[str]:
        """Return the optimisations that can be switched and of which is known how they stand."""
        return frozenset() if self.answered is False else self.switchable & self.switches.keys()
