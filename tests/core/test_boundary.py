"""The boundary that holds at every look."""

import numpy as np
import pytest

from monitor.core.boundary import critical_value


@pytest.mark.parametrize(
    ("alpha", "seconds", "value"),
    [
        (0.05, 60, 2.79),
        (0.05, 300, 2.97),
        (0.05, 900, 3.06),
        (0.05, 3600, 3.15),
        (0.01, 60, 3.36),
        (0.01, 300, 3.52),
        (0.01, 900, 3.60),
        (0.01, 3600, 3.67),
    ],
)
def test_it_is_the_published_one(alpha: float, seconds: int, value: float) -> None:
    """The design's table, two decimals."""
    assert critical_value(alpha, 1 + seconds / 10) == pytest.approx(value, abs=0.006)


def test_a_random_walk_crosses_it_as_rarely_as_it_says() -> None:
    """|B(t)| / sqrt(t) over t in [1, 31]: at most 5 % of walks, and not far fewer."""
    noise = np.random.default_rng(1)
    steps = np.diff(np.geomspace(1.0, 31.0, 400), prepend=0.0)
    walks = np.cumsum(noise.normal(size=(4000, 400)) * np.sqrt(steps), axis=1)
    most = np.abs(walks / np.sqrt(np.cumsum(steps))).max(axis=1)
    crossed = float((most > critical_value(0.05, 31.0)).mean())
    assert 0.02 < crossed < 0.055
