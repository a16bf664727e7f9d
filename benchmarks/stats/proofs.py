"""A switch that is proven, many times over."""

import random
from dataclasses import dataclass

import numpy as np

from benchmarks.stats.worlds import World
from monitor.core.baseline import COMPARED
from monitor.core.metric import METRIC, Better
from monitor.core.proof import DEFAULT_HALF_SECONDS, DEFAULT_PAIRS, Half, Plan, prove
from monitor.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class ProofTrial:
    """While the switch is on, each metric is better by `change` (0.1 = 10 %); noise of 5 %."""

    change: float = 0.0
    pairs: int = DEFAULT_PAIRS
    half_seconds: int = DEFAULT_HALF_SECONDS
    warm_up: int = 5

    def run(self, world: World, runs: int, seed: int) -> list[list[Verdict]]:
        """Return for each run the verdict of each of the four metrics."""
        noise = np.random.default_rng(seed)
        found = []
        made = world(noise, runs * len(COMPARED), 2 * self.pairs * self.half_seconds)
        for run, metrics in enumerate(made.reshape(runs, len(COMPARED), -1)):
            order = random.Random(seed * 1_000_003 + run)
            plan = Plan.draw("cache", self.pairs, self.half_seconds, self.warm_up, order)
            seconds = 1.0 + 0.05 * metrics
            halves = []
            for number in range(plan.halves):
                half, begin = Half(), number * plan.half_seconds
                better = self.change if plan.on(number) else 0.0
                for second in seconds.T[begin + plan.settle_seconds : begin + plan.half_seconds].tolist():
                    half.add(
                        {
                            metric: value * _level(metric, better)
                            for metric, value in zip(COMPARED, second, strict=True)
                        }
                    )
                halves.append(half)
            found.append([one.verdict for one in prove(plan, halves, 1.0).metrics])
        return found


def _level(metric: str, better: float) -> float:
    return 100.0 * (1.0 + better if METRIC[metric].better is Better.HIGHER else 1.0 - better)
