"""Five figures that move together, looked at every second: is any of them, or their mean, called a change?"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.stats.worlds import World
from monitor.core.comparison import Comparison
from monitor.core.effectiveness import effectiveness
from monitor.core.histogram import Floats
from monitor.core.metric import Better
from monitor.core.metric_baseline import ALPHA
from monitor.core.reference import Reference
from monitor.core.verdict import Gain, Verdict, decide

_WRONG: Final = {Verdict.BETTER, Verdict.WORSE}


@dataclass(frozen=True, slots=True)
class FamilyTrial:
    """Nothing changes. Any two of the `size` figures are correlated by `common`; each has its share of alpha."""

    size: int = 5
    common: float = 0.5
    variation: float = 0.05
    history: int = 3600
    baseline: int = 300
    looks: int = 600

    def run(self, world: World, runs: int, seed: int) -> list[tuple[bool, bool]]:
        """Return for each run whether any figure, and whether their mean, was called better or worse."""
        random = np.random.default_rng(seed)
        made = world(random, runs * (self.size + 1), self.history + self.baseline + self.looks)
        return [self._run(noise) for noise in made.reshape(runs, self.size + 1, -1)]

    def _run(self, noise: Floats) -> tuple[bool, bool]:
        begin = self.history + self.baseline
        together = np.sqrt(1.0 - self.common) * noise[1:] + np.sqrt(self.common) * noise[0]
        values = 1.0 + self.variation * together
        comparisons = []
        for row in values:
            reference = Reference.freeze(row[self.history : begin], [row[: self.history]], ALPHA)
            assert reference is not None
            comparisons.append(Comparison(reference))
        one = mean = False
        for second in values[:, begin:].T.tolist():
            gains = []
            for comparison, value in zip(comparisons, second, strict=True):
                comparison.add(value)
                if (estimate := comparison.estimate()) is not None:
                    gains.append(Gain.of(estimate, Better.HIGHER))
            one = one or any(decide(gain) in _WRONG for gain in gains)
            mean = mean or decide(effectiveness(gains)) in _WRONG
        return one, mean
