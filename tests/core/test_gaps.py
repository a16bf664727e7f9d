"""Spans of which too little was measured."""

import numpy as np
import pytest

from monitor.core.gaps import measured

CASES = [
    ([10, 10, 2, 0, 9, 10], [1, 1, 0, 0, 1, 1]),
    ([10, 7, 10], [1, 1, 1]),
    ([10, 6, 10], [1, 0, 1]),
    # Every second second, as it was once sampled; then each.
    ([5, 5, 5, 10, 10], [1, 1, 0, 1, 1]),
    # All there is of a long range.
    ([0, 3, 0], [0, 1, 0]),
    ([0, 2, 9, 10], [0, 0, 1, 1]),
    ([0, 0], [0, 0]),
]
"""Samples of spans of ten seconds, and which of them are no gap."""


@pytest.mark.parametrize(("count", "enough"), CASES)
def test_too_few_samples_are_a_gap(count: list[int], enough: list[int]) -> None:
    """Fewer than three of four that are due, where those beside it have more."""
    edges = 10_000 * np.arange(len(count) + 1, dtype=np.int64)
    assert measured(np.array(count, np.float64), edges, 1000.0).tolist() == [bool(one) for one in enough]


def test_a_short_span_is_due_fewer() -> None:
    """The first and the last one of a range are cut off."""
    edges = np.array([7000, 10_000, 20_000, 21_000], np.int64)
    assert measured(np.array([3.0, 10.0, 1.0]), edges, 1000.0).tolist() == [True, True, True]
    assert measured(np.array([1.0, 10.0, 0.0]), edges, 1000.0).tolist() == [False, True, False]
