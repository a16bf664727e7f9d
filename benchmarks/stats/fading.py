"""Effects that last, end or wear off, searched for a step back every 30 s, many times over."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.stats.service import START_MS, baseline
from benchmarks.stats.worlds import World
from monitor.core.baseline import COMPARED
from monitor.core.fading import fading
from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.window import Rows

_SEARCH_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class FadingTrial:
    """`effects` are (change, seconds) one after another: 0.2 = +20 %. Noise of 5 %, `louder` after the change.

    `metrics` of the four that are compared, each with a noise of its own; the others are not measured.
    """

    effects: tuple[tuple[float, int], ...] = ((0.1, 600),)
    louder: float = 1.0
    history: int = 3600
    baseline: int = 300
    metrics: int = len(COMPARED)

    def run(self, world: World, runs: int, seed: int) -> list[int | None]:
        """Return for each run the second after the change from which on an effect was first said to be fading."""
        random = np.random.default_rng(seed)
        begin = self.history + self.baseline
        levels = np.concatenate([np.full(seconds, 1.0 + change) for change, seconds in self.effects])
        found: list[int | None] = []
        made = world(random, runs * self.metrics, begin + len(levels))
        for noise in made.reshape(runs, self.metrics, -1):
            noise[:, begin:] *= self.louder
            values = 1.0 + 0.05 * noise
            values[:, begin:] *= levels
            rows = _rows(np.maximum(values, 0.0))
            before, after = baseline(rows[:begin], self.baseline), rows[begin:]
            searches = range(_SEARCH_SECONDS, len(after) + 1, _SEARCH_SECONDS)
            steps = (fading(before, after[:end], 1000) for end in searches)
            first = next((step for step in steps if step is not None), None)
            found.append(None if first is None else (first.at - int(after.timestamp[0])) // 1000)
        return found


def _rows(values: Floats) -> Rows:
    """Return samples of the metrics (metrics, seconds), at a load that never changes."""
    table = np.full((values.shape[1], len(COLUMNS)), np.nan)
    table[:, COLUMN["offered_ops_sec"]] = 1000.0
    for metric, row in zip(COMPARED, values, strict=False):
        table[:, COLUMN[metric]] = 100.0 * row
    places = np.arange(values.shape[1], dtype=np.int64)
    return Rows(places + 1, START_MS + 1000 * places, table)
