"""Spans of which too little was measured: a line through them would hide that nothing was."""

from typing import Final

import numpy as np
import numpy.typing as npt

from monitor.core.histogram import Floats
from monitor.core.window import Integers

ENOUGH: Final = 0.75
"""Share of a span's samples without which it is a gap."""


def measured(count: Floats, edges: Integers, interval_ms: float) -> npt.NDArray[np.bool_]:
    """Tell (k,) of which spans between `edges` (k + 1,), epoch ms, `count` (k,) samples are enough.

    A span is due as many as `interval_ms` has room for, but no more than it would have had at the pace of those
    beside it: what was sampled more slowly once is no gap.
    """
    length = np.diff(edges).astype(np.float64)
    pace = count / length
    beside = np.concatenate(([0.0], pace, [0.0]))
    nearby = np.maximum(np.maximum(beside[:-2], beside[2:]), pace)
    due = length * np.minimum(1.0 / interval_ms, nearby)
    # The first sample after a start has no rates yet.
    enough: npt.NDArray[np.bool_] = (count > 0) & (count + 1.0 > ENOUGH * due)
    return enough
