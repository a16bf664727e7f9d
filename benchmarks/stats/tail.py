"""The share of slow operations of a service whose latency wanders, many times over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.stats.trials import share
from benchmarks.stats.worlds import autoregression
from monitor.core.histogram import BOUNDS, BUCKETS, EDGES, Floats, Histogram
from monitor.core.latency_log import Seconds
from monitor.core.metric import COLUMNS, Better
from monitor.core.tail import Tail
from monitor.core.tail_comparison import TailComparison
from monitor.core.verdict import Gain, Verdict, decide
from monitor.core.window import Rows

START_MS: Final = 1_700_000_000_000
_MEDIAN_SECONDS: Final = 0.02
_SPREAD: Final = 0.5


@dataclass(frozen=True, slots=True)
class TailTrial:
    """`slower` is what every latency is multiplied by after the change, `operations` are those of a second.

    Latencies of a second are log-normal around a level that wanders by `variation`, its neighbours alike by `phi`.
    """

    slower: float = 1.0
    operations: float = 200.0
    phi: float = 0.8
    variation: float = 0.05
    history: int = 3300
    baseline: int = 300
    looks: int = 600

    def run(self, runs: int, seed: int) -> list[dict[Verdict, int]]:
        """Return for each run the second at which each verdict was first read off."""
        random = np.random.default_rng(seed)
        return [self._first(self._counts(random)) for _ in range(runs)]

    def _counts(self, random: np.random.Generator) -> Floats:
        """Return each second's histogram (seconds, 65)."""
        now = self.history + self.baseline
        seconds = now + self.looks
        level = np.log(_MEDIAN_SECONDS) + self.variation * autoregression(self.phi)(random, 1, seconds)[0]
        level[now:] += np.log(self.slower)
        second = np.repeat(np.arange(seconds), random.poisson(self.operations, size=seconds))
        latency = np.exp(level[second] + _SPREAD * random.normal(size=len(second)))
        bucket = np.searchsorted(BOUNDS, latency)
        counts = np.bincount(second * (BUCKETS + 1) + bucket, minlength=seconds * (BUCKETS + 1))
        return counts.reshape(seconds, BUCKETS + 1).astype(float)

    def _first(self, counts: Floats) -> dict[Verdict, int]:
        now = self.history + self.baseline
        at = START_MS + 1000 * np.arange(len(counts), dtype=np.int64)
        parts = [_rows(at[self.history : now]), _rows(at[: self.history])]
        seconds = Seconds(at[:now], counts[:now].astype(np.float32), EDGES)
        # No load is told: nothing is matched by it.
        tail = Tail.freeze(parts, seconds, [], None, 1000)
        assert isinstance(tail, Tail), tail
        comparison = TailComparison(tail)
        first: dict[Verdict, int] = {}
        for second, row in enumerate(counts[now:], 1):
            histogram = Histogram(row[:BUCKETS], 0.0, float(row[BUCKETS]))
            comparison.take(tail.percent(histogram) / tail.share.mean, histogram.count)
            estimate = comparison.estimate()
            gain = None if estimate is None else Gain.of(estimate, Better.LOWER)
            first.setdefault(decide(gain), second)
            if Verdict.BETTER in first or Verdict.WORSE in first:
                break
        return first


def _rows(at: np.ndarray) -> Rows:
    return Rows(np.arange(len(at)), at, np.empty((len(at), len(COLUMNS))))


def rows(runs: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield what was tried of the tail, its limit and what came of it."""
    false = share(TailTrial().run(runs, seed), Verdict.BETTER, Verdict.WORSE)
    yield "slow operations, 200 ops/s, phi 0.8, nothing changed: a false verdict", "<= 5 %", f"{100 * false:.1f} %"
    seen = share(TailTrial(slower=0.9, looks=120).run(runs, seed), Verdict.BETTER)
    yield "slow operations, latency -10 %: better within 120 s", ">= 77 %", f"{100 * seen:.1f} %"
