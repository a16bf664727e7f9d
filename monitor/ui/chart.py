"""The six charts: which metrics each draws and how its y axis behaves."""

from dataclasses import dataclass
from typing import Final

from monitor.core.metric import METRIC

LIVE_SECONDS: Final = 60
DECIMALS: Final = 3
"""Of every value that is sent to be drawn."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `metrics` are its traces in order; `names` their words in legend and hover.

    `floor` is True when the y axis starts at 0. `least` is the smallest upper limit in the metrics' unit, so that
    a calm minute is not drawn as a storm; `most` is where the axis ends as long as nothing exceeds it. `compared`
    is the metric whose expected value is drawn beside them.
    """

    id: str
    title: str
    metrics: tuple[str, ...]
    names: tuple[str, ...]
    floor: bool
    least: float
    most: float | None = None
    compared: str | None = None

    @property
    def unit(self) -> str:
        """Return the unit that all traces share."""
        return METRIC[self.metrics[0]].unit

    @property
    def expected(self) -> str:
        """Return the name of the expected line; among percentiles it says that it is a mean."""
        return f"{'' if self.compared in self.metrics else 'mean '}expected at this load"

    @property
    def whole(self) -> bool:
        """Tell whether the values are counts."""
        return METRIC[self.metrics[0]].whole


CHARTS: Final = (
    Chart(
        "chart-throughput",
        "Throughput",
        ("throughput_ops_sec",),
        ("Throughput",),
        floor=True,
        least=10.0,
        compared="throughput_ops_sec",
    ),
    Chart(
        "chart-latency",
        "Latency",
        ("latency_p50_ms", "latency_p95_ms", "latency_p99_ms"),
        ("p50", "p95", "p99"),
        floor=True,
        least=1.0,
        compared="latency_ms",
    ),
    Chart("chart-memory", "Memory", ("memory_mb",), ("Memory",), floor=False, least=10.0, compared="memory_mb"),
    Chart(
        "chart-cpu",
        "CPU",
        ("cpu_utilization",),
        ("CPU",),
        floor=True,
        least=10.0,
        most=100.0,
        compared="cpu_utilization",
    ),
    Chart("chart-connections", "Connections", ("active_connections",), ("Connections",), floor=True, least=5.0),
    Chart("chart-errors", "Error rate", ("error_rate",), ("Error rate",), floor=True, least=1.0, most=100.0),
)
