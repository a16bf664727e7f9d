"""Shares of operations per latency band."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.histogram import BOUNDS, BUCKETS
from monitor.core.latency_bands import LIMITS, LatencyBands


def histogram(*operations: tuple[float, float]) -> np.ndarray:
    """Return (65,) of (seconds, how many)."""
    counts = np.zeros(BUCKETS + 1)
    for seconds, many in operations:
        counts[np.searchsorted(BOUNDS, seconds)] += many
    return counts


def test_bands_double_and_have_round_limits() -> None:
    """5, 10, 20 ms ... as a person reads them."""
    assert (LIMITS[1:] / LIMITS[:-1]).tolist() == [2.0] * (len(LIMITS) - 1)
    assert LIMITS[6:10].tolist() == pytest.approx([0.005, 0.01, 0.02, 0.04])
    assert LIMITS[0] < BOUNDS[0]
    assert LIMITS[-1] > BOUNDS[-1]


@given(st.lists(st.lists(st.integers(0, 1000), min_size=BUCKETS + 1, max_size=BUCKETS + 1), max_size=4))
def test_shares_of_a_span_make_one(counts: list[list[int]]) -> None:
    """No operation is lost but those of bands that are left out."""
    histograms = np.array(counts, np.float64).reshape(-1, BUCKETS + 1)
    found = LatencyBands.of(histograms)
    busy = histograms.sum(axis=1) > 0
    total = found.shares[busy].sum(axis=1) + found.beyond[busy]
    assert total == pytest.approx(np.ones(busy.sum()), abs=0.02)
    assert np.isnan(found.shares[~busy]).all()
    assert len(found.limits) == found.shares.shape[1] + 1


def test_operations_are_in_the_band_of_their_latency() -> None:
    """15 ms is between 10 and 20; a bucket across a limit is split."""
    found = LatencyBands.of(np.stack([histogram((0.015, 90), (0.06, 10)), np.zeros(BUCKETS + 1)]))
    at = int(np.searchsorted(found.limits, 0.0100001)) - 1
    assert found.shares[0, at] == pytest.approx(0.9)
    assert np.nansum(found.shares[0]) == pytest.approx(1.0)
    assert found.limits[0] >= 0.01
    assert found.limits[-1] == pytest.approx(0.08)
    assert np.isnan(found.shares[1]).all()


def test_what_is_slower_than_any_bucket_is_beyond() -> None:
    """It has no band."""
    found = LatencyBands.of(histogram((0.015, 50), (1000.0, 50))[None])
    assert found.beyond.tolist() == [0.5]
    assert found.shares.sum() == pytest.approx(0.5)


def test_without_operations_there_are_no_bands() -> None:
    """An empty picture, no error."""
    found = LatencyBands.of(np.zeros((3, BUCKETS + 1)))
    assert found.shares.shape == (3, 0)
    assert len(found.limits) == 1
