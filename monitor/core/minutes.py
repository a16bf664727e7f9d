"""Samples as means of whole minutes."""

from collections.abc import Iterable

import numpy as np

from monitor.core.histogram import Floats
from monitor.core.rollup import MINUTE_MS
from monitor.core.window import Rows


def minute_means(parts: Iterable[Rows], metric: str, start: int, minutes: int, interval_ms: int) -> Floats:
    """Return the metric's mean of each of the minutes (minutes,) from `start` on, epoch ms.

    NaN where fewer than half of the samples are known that a minute should have, one each `interval_ms`. Samples
    before and after are passed over; their order does not matter.
    """
    sums, counts = np.zeros(minutes), np.zeros(minutes)
    for rows in parts:
        minute, values = (rows.timestamp - start) // MINUTE_MS, rows.column(metric)
        known = (minute >= 0) & (minute < minutes) & ~np.isnan(values)
        counts += np.bincount(minute[known], minlength=minutes)
        sums += np.bincount(minute[known], values[known], minlength=minutes)
    enough = 2 * counts * interval_ms >= MINUTE_MS
    return np.where(enough, sums / np.maximum(counts, 1.0), np.nan)
