"""A service whose traffic changes, compared at the load that each second was measured at, many times over."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.stats.service import START_MS, Service, baseline, watch
from monitor.core.verdict import Verdict

BY_LOAD = ("latency_ms", "cpu_utilization", "memory_mb")


@dataclass(frozen=True, slots=True)
class LoadTrial:
    """After the change the load is `load` times what it was, latency `slower` times what it is at that load."""

    load: float = 1.0
    slower: float = 1.0
    history: int = 2700
    baseline: int = 900
    looks: int = 600

    def run(self, runs: int, seed: int) -> list[dict[str, set[Verdict]]]:
        """Return for each run the verdicts that each metric was given; "not comparable" if it was the last."""
        found = []
        for run in range(runs):
            random = np.random.default_rng([seed, run])
            before = Service().rows(random, self.history + self.baseline, START_MS)
            service = Service(load=1000.0 * self.load, slower=self.slower)
            after = service.rows(random, self.looks, int(before.timestamp[-1]) + 1000)
            state, told = watch(baseline(before, self.baseline), after)
            last = {one.metric: one.verdict for one in state.metrics}
            for metric, verdicts in told.items():
                if last[metric] is not Verdict.NOT_COMPARABLE:
                    verdicts.discard(Verdict.NOT_COMPARABLE)
            found.append(told)
        return found


def told(runs: list[dict[str, set[Verdict]]], metric: str, verdicts: Iterable[Verdict]) -> float:
    """Return the share of runs in which the metric was given one of the verdicts."""
    wanted = set(verdicts)
    return sum(bool(run[metric] & wanted) for run in runs) / len(runs)
