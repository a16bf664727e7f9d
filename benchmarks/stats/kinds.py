"""Series of minute means as services make them: (runs, minutes) around 100."""

from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.stats.worlds import autoregression
from monitor.core.histogram import Floats

Kind = Callable[[np.random.Generator, int, int], Floats]
_LEVEL: Final = 100.0


def stationary(random: np.random.Generator, runs: int, minutes: int) -> Floats:
    """Return noise of 5.6 around a constant, each minute like its neighbour by 0.8."""
    return _LEVEL + 5.6 * autoregression(0.8)(random, runs, minutes)


def leak(random: np.random.Generator, runs: int, minutes: int) -> Floats:
    """Return a rise of 6 an hour in noise of 1."""
    return _LEVEL + 0.1 * np.arange(minutes) + autoregression(0.5)(random, runs, minutes)


def collected_leak(random: np.random.Generator, runs: int, minutes: int) -> Floats:
    """Return the same under a sawtooth of 3 that falls back every seven minutes: garbage collection."""
    phase = random.random((runs, 1))
    return leak(random, runs, minutes) + 3.0 * ((np.arange(minutes) / 7.0 + phase) % 1.0)


def random_walk(random: np.random.Generator, runs: int, minutes: int) -> Floats:
    """Return steps of 0.55 in either direction."""
    return _LEVEL + np.cumsum(0.55 * random.normal(size=(runs, minutes)), axis=1)


def daily_cycle(random: np.random.Generator, runs: int, minutes: int) -> Floats:
    """Return a wave of a day with an amplitude of 20, begun anywhere in the day, in noise of 4."""
    phase = random.random((runs, 1))
    wave = 20.0 * np.sin(2.0 * np.pi * (np.arange(minutes) / 1440.0 + phase))
    return _LEVEL + wave + 4.0 * autoregression(0.5)(random, runs, minutes)


def level_shift(random: np.random.Generator, runs: int, minutes: int) -> Floats:
    """Return one step of 20, at any minute, in noise of 5."""
    at = random.integers(minutes, size=(runs, 1))
    return _LEVEL + 20.0 * (np.arange(minutes) >= at) + 5.0 * autoregression(0.8)(random, runs, minutes)


KINDS: Final[dict[str, Kind]] = {
    "stationary": stationary,
    "leak": leak,
    "leak under a sawtooth": collected_leak,
    "random walk": random_walk,
    "daily cycle": daily_cycle,
    "level shift": level_shift,
}
