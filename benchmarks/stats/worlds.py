"""Noise as served metrics have it: (runs, seconds) of unit size around 0."""

from collections.abc import Callable
from typing import Final

import numpy as np

from monitor.core.histogram import Floats

World = Callable[[np.random.Generator, int, int], Floats]


def autoregression(phi: float) -> World:
    """Return noise whose seconds resemble their neighbours by `phi`."""

    def make(random: np.random.Generator, runs: int, seconds: int) -> Floats:
        steps = random.normal(size=(seconds, runs)) * np.sqrt(1.0 - phi * phi)
        noise = np.empty((seconds, runs))
        noise[0] = random.normal(size=runs)
        for second in range(1, seconds):
            noise[second] = phi * noise[second - 1] + steps[second]
        return noise.T

    return make


def wandering(phi: float) -> World:
    """Return a slow wander under as much white noise: load that drifts, and counting per second."""
    slow = autoregression(phi)

    def make(random: np.random.Generator, runs: int, seconds: int) -> Floats:
        return np.sqrt(0.5) * (slow(random, runs, seconds) + random.normal(size=(runs, seconds)))

    return make


def cycle(random: np.random.Generator, runs: int, seconds: int) -> Floats:
    """Return a cycle of half an hour in noise."""
    phase = random.random((runs, 1))
    wave = 0.7 * np.sin(2.0 * np.pi * (np.arange(seconds) / 1800.0 + phase))
    return wave + autoregression(0.5)(random, runs, seconds)


WORLDS: Final[dict[str, World]] = {
    "no correlation": autoregression(0.0),
    "phi 0.3": autoregression(0.3),
    "phi 0.5": autoregression(0.5),
    "phi 0.7": autoregression(0.7),
    "phi 0.9": autoregression(0.9),
    "wandering 0.95": wandering(0.95),
    "wandering 0.98": wandering(0.98),
    "30-minute cycle": cycle,
}


def heavy(random: np.random.Generator, runs: int, seconds: int) -> Floats:
    """Return noise with the tails of Student's t with 3 degrees of freedom, phi 0.7."""
    steps = random.standard_t(3, size=(seconds, runs)) * np.sqrt((1.0 - 0.49) / 3.0)
    noise = np.empty((seconds, runs))
    noise[0] = steps[0]
    for second in range(1, seconds):
        noise[second] = 0.7 * noise[second - 1] + steps[second]
    return noise.T


def sawtooth(random: np.random.Generator, runs: int, seconds: int) -> Floats:
    """Return a rise over 30 s that falls at once, as memory under a garbage collector, in noise."""
    phase = random.random((runs, 1))
    rise = np.sqrt(12.0) * ((np.arange(seconds) / 30.0 + phase) % 1.0 - 0.5)
    return np.sqrt(0.7) * rise + np.sqrt(0.3) * autoregression(0.5)(random, runs, seconds)


def walk(random: np.random.Generator, runs: int, seconds: int) -> Floats:
    """Return a random walk, a fiftieth of the noise's size a second, under noise of phi 0.7."""
    return autoregression(0.7)(random, runs, seconds) + 0.02 * random.normal(size=(runs, seconds)).cumsum(axis=1)


FADING_WORLDS: Final[dict[str, World]] = {
    "phi 0.7": autoregression(0.7),
    "wandering 0.95": wandering(0.95),
    "wandering 0.98": wandering(0.98),
    "heavy tails": heavy,
    "sawtooth of 30 s": sawtooth,
    "random walk": walk,
}
