"""A comparison that is looked at every second, many times over."""

from dataclasses import dataclass

import numpy as np

from benchmarks.stats.worlds import World
from monitor.core.comparison import Comparison
from monitor.core.metric import Better
from monitor.core.reference import Reference
from monitor.core.verdict import Gain, Verdict, decide


@dataclass(frozen=True, slots=True)
class Trial:
    """`change` is the true one (0.1 = +10 %), `louder` how much noise grows with it; seconds of each window."""

    change: float = 0.0
    louder: float = 1.0
    variation: float = 0.05
    history: int = 3600
    baseline: int = 300
    looks: int = 600
    alpha: float = 0.05
    margin: float = 0.0

    def run(self, world: World, runs: int, seed: int) -> list[dict[Verdict, int]]:
        """Return for each run the second at which each verdict was first read off."""
        random = np.random.default_rng(seed)
        begin, now = self.history, self.history + self.baseline
        noise = world(random, runs, now + self.looks)
        noise[:, now:] *= self.louder
        values = 1.0 + self.variation * noise
        values[:, now:] *= 1.0 + self.change
        found = []
        for row in values:
            history = [row[:begin]] if begin else []
            reference = Reference.freeze(row[begin:now], history, self.alpha)
            assert reference is not None
            comparison = Comparison(reference)
            first: dict[Verdict, int] = {}
            for second, value in enumerate(row[now:].tolist(), 1):
                comparison.add(value)
                estimate = comparison.estimate()
                gain = None if estimate is None else Gain.of(estimate, Better.HIGHER)
                first.setdefault(decide(gain, self.margin), second)
                if Verdict.BETTER in first or Verdict.WORSE in first:
                    break
            found.append(first)
        return found


def share(runs: list[dict[Verdict, int]], *verdicts: Verdict, within: int = 1 << 30) -> float:
    """Return the share of runs in which one of the verdicts was read off within so many seconds."""
    hits = sum(any(run.get(verdict, within + 1) <= within for verdict in verdicts) for run in runs)
    return hits / len(runs)
