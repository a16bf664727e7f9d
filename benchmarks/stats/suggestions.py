"""A history of one metric that is searched for changes nobody noted."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.stats.service import START_MS
from benchmarks.stats.worlds import World, autoregression, cycle, wandering
from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.suggestion import suggest
from monitor.core.window import Rows

_NEAR_MS: Final = 180_000
_EDGE_SECONDS: Final = 900


def walk(random: np.random.Generator, runs: int, seconds: int) -> Floats:
    """Return a random walk as large as the noise after an hour, under noise of phi 0.5."""
    steps = random.normal(size=(runs, seconds)) / 60.0
    return steps.cumsum(axis=1) + autoregression(0.5)(random, runs, seconds)


def leak(random: np.random.Generator, runs: int, seconds: int) -> Floats:
    """Return a steady rise of twice the noise from end to end."""
    return np.linspace(0.0, 2.0, seconds) + autoregression(0.5)(random, runs, seconds)


QUIET_WORLDS: Final[dict[str, World]] = {
    "wandering 0.98": wandering(0.98),
    "30-minute cycle": cycle,
    "random walk": walk,
    "a leak of 10 %": leak,
}


@dataclass(frozen=True, slots=True)
class SuggestionTrial:
    """`step` is the true one (0.1 = +10 %), at a moment drawn by chance; noise of 5 %."""

    seconds: int = 3600
    step: float = 0.0

    def run(self, world: World, runs: int, seed: int) -> list[bool]:
        """Return for each run whether a step was suggested, and where there is one, within three minutes of it."""
        random = np.random.default_rng(seed)
        values = 1.0 + 0.05 * world(random, runs, self.seconds)
        places = random.integers(_EDGE_SECONDS, self.seconds - _EDGE_SECONDS, size=runs)
        timestamps = START_MS + 1000 * np.arange(self.seconds, dtype=np.int64)
        found = []
        for row, place in zip(values, places.tolist(), strict=True):
            row[place:] *= 1.0 + self.step
            table = np.full((self.seconds, len(COLUMNS)), np.nan)
            table[:, COLUMN["latency_ms"]] = 20.0 * row
            told = suggest(Rows(np.arange(self.seconds), timestamps, table), [], 1000)
            at = START_MS + 1000 * place
            found.append(any(not self.step or abs(one.at - at) <= _NEAR_MS for one in told))
        return found
