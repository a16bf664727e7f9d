"""Errors that begin, end or only come in bursts, many times over."""

from dataclasses import dataclass

import numpy as np

from monitor.core.batch_means import BatchMeans
from monitor.core.error_comparison import ErrorComparison, ErrorCounts, design_effect
from monitor.core.histogram import Floats
from monitor.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class ErrorTrial:
    """Shares of failed operations before and after a change; in bursts of 5 s or one by one."""

    before: float
    after: float
    bursts: bool = False
    operations: int = 500
    history: int = 3600
    baseline: int = 300
    looks: int = 600
    alpha: float = 0.05

    def run(self, runs: int, seed: int) -> list[dict[Verdict, int]]:
        """Return for each run the second at which each verdict was first read off."""
        random = np.random.default_rng(seed)
        found = []
        for _ in range(runs):
            parts = [self._errors(random, share, seconds) for share, seconds in (
                (self.before, self.history), (self.before, self.baseline), (self.after, self.looks),
            )]  # fmt: skip
            effect = design_effect(BatchMeans.of(parts[:2], 5, 0.0))
            counts = ErrorCounts(float(parts[1].sum()), float(self.operations * self.baseline), self.baseline)
            comparison = ErrorComparison(counts, effect, self.alpha)
            first: dict[Verdict, int] = {}
            for second, errors in enumerate(parts[2].tolist(), 1):
                comparison.add(float(self.operations), errors)
                if comparison.change is not None:
                    first.setdefault(comparison.change.verdict, second)
            found.append(first)
        return found

    def _errors(self, random: np.random.Generator, share: float, seconds: int) -> Floats:
        if not self.bursts:
            return random.binomial(self.operations, share, size=seconds).astype(float)
        strength = np.repeat(random.gamma(0.5, 2.0, size=-(-seconds // 5)), 5)[:seconds]
        return random.poisson(self.operations * share * strength).astype(float)
