"""Which share of operations was how slow, in bands that double: what a heat map draws."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import BOUNDS, BUCKETS, Floats

_NARROWEST: Final = 0.000_078_125
_DOUBLINGS: Final = 21
LIMITS: Final[Floats] = _NARROWEST * 2.0 ** np.arange(_DOUBLINGS + 1, dtype=np.float64)
"""Seconds: 0.078 ms, doubled up to 164 s; 5, 10, 20 ms and so on are among them."""
LIMITS.flags.writeable = False
_SHOWN: Final = 0.001
"""A band beyond which every span has a smaller share is not worth a row."""


@dataclass(frozen=True, slots=True)
class LatencyBands:
    """`limits` (m + 1,) in seconds, rising; `shares` (k, m) of k spans' operations, NaN rows without operations.

    What is slower than the last bound of the histograms is in `beyond` (k,).
    """

    limits: Floats
    shares: Floats
    beyond: Floats

    @classmethod
    def of(cls, histograms: Floats) -> Self:
        """Spread histograms (k, 65) over the bands, evenly inside each bucket, without empty ones at the ends."""
        totals = histograms.sum(axis=1)
        known = np.concatenate(
            [np.zeros((len(histograms), 1)), np.cumsum(histograms[:, :BUCKETS], axis=1)], axis=1
        )
        bounds = np.concatenate(([0.0], BOUNDS))
        place = np.clip(np.searchsorted(bounds, LIMITS, side="right") - 1, 0, BUCKETS - 1)
        part = np.clip((LIMITS - bounds[place]) / (bounds[place + 1] - bounds[place]), 0.0, 1.0)
        below = known[:, place] * (1.0 - part) + known[:, place + 1] * part
        below[:, 0] = 0.0
        share = np.full((len(histograms), _DOUBLINGS), np.nan)
        busy = totals > 0
        share[busy] = np.maximum(np.diff(below[busy], axis=1), 0.0) / totals[busy, None]
        beyond = np.divide(histograms[:, BUCKETS], totals, out=np.full(len(totals), np.nan), where=busy)
        used = np.flatnonzero((share[busy] >= _SHOWN).any(axis=0))
        if not len(used):
            return cls(LIMITS[:1], share[:, :0], beyond)
        first, last = int(used[0]), int(used[-1]) + 1
        return cls(LIMITS[first : last + 1], share[:, first:last], beyond)
