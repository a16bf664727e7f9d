"""How well percentiles are known, in words."""

from typing import Final

from monitor.core.histogram import BOUNDS
from monitor.core.sample import Sample
from monitor.ui.format import known, with_unit

_P95: Final = "latency_p95_ms"


def precision(sample: Sample) -> tuple[str, str]:
    """Return a few words and their explanation, both empty where there are no percentiles at all."""
    latency = sample.latency
    if latency is None or latency.count <= 0:
        return "", ""
    p95 = sample.values.get(_P95)
    if p95 is not None and known(p95):
        return _width(sample.latency_width, p95, 1000.0 * min(latency.edges, default=0.0))
    if latency.quantile(0.95) is not None:
        return "", ""
    reach = min(max(latency.edges, default=0.0), float(BOUNDS[-1]))
    return (
        f"p95 above {with_unit(1000.0 * reach, 'ms')}",
        "More than 5 of 100 operations took longer than the histogram's last bound; how much longer is not known",
    )


def _width(width: float | None, p95: float, first: float) -> tuple[str, str]:
    """p95 and the first bucket's upper bound in ms."""
    if width is None:
        return "bucket unknown", "How precise the percentiles are is not known: the target's buckets do not agree"
    percent = f"{100.0 * width:.0f} %"
    explanation = f"p95 lies somewhere in its histogram bucket, which is {percent} of its lower bound wide"
    if p95 <= first:
        explanation = f"p95 lies anywhere from 0 to {with_unit(first, 'ms')}, in the first bucket of the histogram"
    return f"± bucket {percent}", explanation
