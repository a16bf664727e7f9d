"""Many measurements of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, 99th percentile (interpolated; of fewer than 100 values close to the largest) and the largest."""

    count: int
    median: float
    p99: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Summarise one value or more; raises ValueError where nothing was measured."""
        if not values:
            raise ValueError("nothing was measured")
        median, p99 = np.percentile(values, [50, 99])
        return cls(len(values), float(median), float(p99), float(max(values)))
