"""Optimisation score: how well the mechanisms work now, without any baseline."""

from collections.abc import Mapping
from dataclasses import dataclass


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
    gauges = {
        "batch fill": batch_fill,
        "compression saving": saving,
        "pool hit rate": pool_hit,
        "pool saving": pool_saving,
        "balance": balance,
    }
    parts = {name: min(max(gauge, 0.0), 1.0) for name, gauge in gauges.items() if gauge is not None}
    return Score(100.0 * sum(parts.values()) / len(parts), parts) if parts else None


def jain_index(shares: list[float]) -> float | None:
    """Return Jain's fairness index (sum x)^2 / (n * sum x^2): 1 = even, 1/n = one does all. None when all idle."""
    # Against the largest, so that no share is too large to be squared.
    most = max(map(abs, shares), default=0.0)
    if most == 0:
        return None
    scaled = [share / most for share in shares]
    return sum(scaled) ** 2 / (len(shares) * sum(share * share for share in scaled))
