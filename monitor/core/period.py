"""A whole period in a few numbers, each with what it was counted from."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import Floats, quantiles
from monitor.core.metric import PERCENTILES
from monitor.core.spans import Spans

METRICS: Final = ("throughput_ops_sec", "failed_ops_sec", "answered")
"""What spans need to have, so that a Period can be made of them."""


@dataclass(frozen=True, slots=True)
class Period:
    """None where nothing is known.

    `operations` were counted in `measured` seconds, `errors` in those of them in which errors were counted too;
    `error_percent` is of the operations of the latter, in a span in which they are a part, of that part of its
    operations. The target was asked in `asked` seconds and did not answer in `lost` of them. `percentiles`: the
    latency of all operations in ms, by the metric's id.
    """

    operations: float | None
    errors: float | None
    error_percent: float | None
    measured: float
    asked: float
    lost: float | None
    percentiles: dict[str, float | None]

    @classmethod
    def of(cls, spans: Spans, interval: float) -> Self:
        """Add up spans with METRICS of samples that are `interval` seconds apart."""
        operations, measured = _total(spans, "throughput_ops_sec", interval)
        errors, _ = _total(spans, "failed_ops_sec", interval)
        among = _among(spans, interval)
        answered, asked = _total(spans, "answered", interval)
        merged = spans.histograms.sum(axis=0, keepdims=True)
        return cls(
            operations=operations,
            errors=errors,
            error_percent=100.0 * errors / among if among and errors is not None else None,
            measured=measured,
            asked=asked,
            lost=None if answered is None else max(0.0, asked - answered / 100.0),
            percentiles={metric: _milliseconds(merged, q) for metric, q in PERCENTILES.items()},
        )

    @property
    def uptime_percent(self) -> float | None:
        """Return the share of the seconds asked in which the target answered."""
        return None if self.lost is None else 100.0 * (1.0 - self.lost / self.asked)


def _total(spans: Spans, metric: str, interval: float) -> tuple[float | None, float]:
    """Return the sum of a rate over the time in which it was measured, and that time in seconds."""
    figures = spans.figures[metric]
    known = figures.count > 0
    seconds = interval * float(figures.count.sum())
    total = interval * float((figures.mean[known] * figures.count[known]).sum())
    return (total if seconds else None), seconds


def _among(spans: Spans, interval: float) -> float:
    """Return the operations of the time in which errors were counted."""
    counted, failed = spans.figures["throughput_ops_sec"], spans.figures["failed_ops_sec"]
    known = counted.count > 0
    return interval * float((counted.mean[known] * np.minimum(counted.count, failed.count)[known]).sum())


def _milliseconds(histogram: Floats, q: float) -> float | None:
    value = float(1000.0 * quantiles(histogram, q)[0])
    return value if value == value else None  # noqa: PLR0124 - not NaN
