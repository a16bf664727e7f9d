"""Optimisation score: how well the mechanisms work now, without any baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN, MAX_WORKERS

PARTS: Final = ("batch fill", "compression saving", "pool hit rate", "pool saving", "balance")
"""Names of all that a score can be made of."""

_WORKERS: Final = tuple(f"worker_cpu_{number}" for number in range(1, MAX_WORKERS + 1))
_GAUGES: Final = (
    "batch_efficiency",
    "compression_ratio",
    "pool_hit_rate",
    "pool_saved_mb",
    "pool_allocated_mb",
    *_WORKERS,
)
_COLUMNS: Final = [COLUMN[gauge] for gauge in _GAUGES]


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is 0..100, the mean of the parts; each part is in 0..1, by its name."""

    value: float
    parts: Mapping[str, float]


def optimization_score(
    *,
    batch_fill: float | None,
    compression_ratio: float | None,
    pool_hit: float | None,
    pool_saving: float | None,
    balance: float | None,
) -> Score | None:
    """Return the mean of the gauges that are known, or None when none is.

    batch_fill, pool_hit, pool_saving, balance are in 0..1; compression_ratio is raw over sent bytes, and its part
    is the share of bytes saved, 1 - 1/ratio. Values outside are clipped.
    """
    saving = None if compression_ratio is None or compression_ratio <= 0 else 1.0 - 1.0 / compression_ratio
    gauges = zip(PARTS, (batch_fill, saving, pool_hit, pool_saving, balance), strict=True)
    parts = {name: min(max(gauge, 0.0), 1.0) for name, gauge in gauges if gauge is not None}
    return Score(100.0 * sum(parts.values()) / len(parts), parts) if parts else None


def score_rows(values: Floats) -> Score | None:
    """Score the mechanisms over the rows (n, metrics) of the last minute, the newest last.

    A mechanism that the newest row knows nothing of is off, whatever it did a minute ago.
    """
    columns = values[:, _COLUMNS]
    seen = ~np.isnan(columns)
    counts = seen.sum(axis=0)
    sums = np.where(seen, columns, 0.0).sum(axis=0)
    now = ~np.isnan(columns[-1])
    mean = {gauge: float(sums[i] / counts[i]) if now[i] else None for i, gauge in enumerate(_GAUGES)}

    fill, hits = mean["batch_efficiency"], mean["pool_hit_rate"]
    reused, allocated = mean["pool_saved_mb"], mean["pool_allocated_mb"]
    workers = [share for worker in _WORKERS if (share := mean[worker]) is not None]
    return optimization_score(
        batch_fill=None if fill is None else fill / 100.0,
        compression_ratio=mean["compression_ratio"],
        pool_hit=None if hits is None else hits / 100.0,
        pool_saving=None if reused is None or allocated is None else _share(reused, allocated),
        balance=jain_index(workers) if workers else None,
    )


def jain_index(shares: list[float]) -> float | None:
    """Return Jain's fairness index (sum x)^2 / (n * sum x^2): 1 = even, 1/n = one does all. None when all idle."""
    # Against the largest, so that no share is too large to be squared.
    most = max(map(abs, shares), default=0.0)
    if most == 0:
        return None
    scaled = [share / most for share in shares]
    return sum(scaled) ** 2 / (len(shares) * sum(share * share for share in scaled))


def _share(part: float, rest: float) -> float | None:
    return part / (part + rest) if part + rest > 0 else None
