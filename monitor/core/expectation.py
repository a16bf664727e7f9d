"""What the service of a baseline would show at the load of a second."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from monitor.core.baseline import Baseline
from monitor.core.histogram import Floats
from monitor.core.load_model import LoadModel, LoadRange


@dataclass(frozen=True, slots=True)
class Expectation:
    """One metric by `model`, in its unit, at the loads that were seen; `load` is None where it does not matter."""

    model: LoadModel
    load: LoadRange | None

    @classmethod
    def of(cls, baseline: Baseline, metric: str) -> Self | None:
        """Return what the baseline expects of a metric, None where it does not know it."""
        one = baseline.metrics.get(metric)
        if one is None:
            return None
        if not one.by_load or baseline.load is None:
            return cls(LoadModel(1.0, (one.mean, 0.0, 0.0)), None)
        # The model also learnt from the quiet time before; the baseline itself was `mean` times that.
        mean, (first, second, third) = one.reference.mean, one.model.coefficients
        return cls(LoadModel(one.model.reference, (mean * first, mean * second, mean * third)), baseline.load)

    def at(self, load: Floats) -> Floats:
        """Return the metric at each load (n,), NaN where the baseline does not know it."""
        if self.load is None:
            return np.full(len(load), self.model.coefficients[0])
        inside = (load >= self.load.low) & (load <= self.load.high) & (load > 0)
        expected = self.model.expected(np.where(inside, load, self.model.reference))
        return np.where(inside & (expected > 0), expected, np.nan)
