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
    if known(sample.values.get(_P95)):
        return _width(sample.latency_width)
    if latency.quantile(0.95) is not None:
        return "", ""
    reach = min(max(latency.edges, default=0.0), float(BOUNDS[-1]))
    return (
        f"p95 above {with_unit(1000.0 * reach, 'ms')}",
        "More than 5 of 100 operations took longer than the histogram's last bound; how much longer is not known",
    )


def _width(width: float | None) -> tuple[str, str]:
    if width is None:
        return "bucket unknown", "How precise the percentiles are is not known: the target's buckets do not agree"
    percent = f"{100.0 * width:.0f} %"
    return (
        f"± bucket {percent}",
        f"p95 lies somewhere in its histogram bucket, which is {percent} of its lower bound wide"
        + (" or begins at 0" if width == 1.0 else ""),
    )
