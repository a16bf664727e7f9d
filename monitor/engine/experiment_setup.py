"""What an experiment is made with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.experiment import Opening
from monitor.core.window import Window
from monitor.engine.latency_history import LatencyHistory


@dataclass(frozen=True, slots=True)
class ExperimentSetup:
    """`target`'s samples in `window`, one each `interval_ms`, their histograms in `latency`.

    `warm_up` seconds after a change do not count. `fingerprint` is of this monitor, `opening` is what is recorded
    by itself, once, None for nothing.
    """

    target: str
    window: Window
    latency: LatencyHistory
    interval_ms: int
    warm_up: int
    fingerprint: Mapping[str, str] = field(default_factory=dict)
    opening: Opening | None = None
