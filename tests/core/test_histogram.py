"""Latency histograms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.histogram import BOUNDS, BUCKETS, RELATIVE_WIDTH, Histogram, quantile

COUNTS = st.lists(st.integers(0, 1000), min_size=BUCKETS, max_size=BUCKETS).map(
    lambda counts: np.array(counts, float)
)


def of(*observations: tuple[float, int]) -> Histogram:
    """Build a histogram from (seconds, how many)."""
    counts = np.zeros(BUCKETS)
    for seconds, many in observations:
        counts[np.searchsorted(BOUNDS, seconds)] += many
    return Histogram(counts, sum(seconds * many for seconds, many in observations))


def test_bounds_are_64_log_spaced_from_a_tenth_of_a_millisecond_to_100_seconds() -> None:
    """The layout is the documented one."""
    assert len(BOUNDS) == 64
    assert BOUNDS[0] == pytest.approx(1e-4)
    assert BOUNDS[-1] == pytest.approx(100.0)
    assert BOUNDS[1:] / BOUNDS[:-1] == pytest.approx(1 + RELATIVE_WIDTH)


def test_percentiles_of_two_seconds_come_from_the_merged_histogram_not_from_an_average() -> None:
    """900 x 10 ms + 100 x 20 ms, then 10 x 1000 ms: p50 is 10 ms, p95 and p99 are 20 ms."""
    merged = Histogram.merge([of((0.010, 900), (0.020, 100)), of((1.0, 10))])
    for q, seconds in ((0.5, 0.010), (0.95, 0.020), (0.99, 0.020)):
        found = merged.quantile(q)
        assert found is not None
        assert found.low <= seconds <= found.high
        assert found.value == pytest.approx(seconds, rel=RELATIVE_WIDTH)
    assert merged.mean == pytest.approx((9.0 + 2.0 + 10.0) / 1010)


def test_nothing_observed_has_no_percentile_and_no_mean() -> None:
    """Unknown is None, not 0."""
    empty = Histogram.merge([])
    assert empty.quantile(0.5) is None
    assert empty.mean is None


def test_an_unbounded_last_bucket_answers_its_lower_bound() -> None:
    """As Prometheus does: nothing is known beyond it."""
    found = quantile(np.array([0.1, np.inf]), np.array([1.0, 9.0]), 0.99)
    assert found is not None
    assert (found.value, found.low) == (0.1, 0.1)


@given(COUNTS, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_percentiles_are_ordered_and_inside_their_bucket(counts: np.ndarray, a: float, b: float) -> None:
    """A higher percentile is never the smaller value."""
    first, second = (quantile(BOUNDS, counts, q) for q in sorted((a, b)))
    if first is None or second is None:
        assert counts.sum() == 0
        return
    assert first.value <= second.value
    assert first.low <= first.value <= first.high


@given(COUNTS, COUNTS)
def test_merging_adds_counts_and_totals(a: np.ndarray, b: np.ndarray) -> None:
    """Merging loses nothing and does not care about order."""
    one, two = Histogram(a, 1.0), Histogram(b, 2.0)
    assert (Histogram.merge([one, two]).counts == a + b).all()
    assert (Histogram.merge([two, one]).counts == a + b).all()
    assert Histogram.merge([one, two]).total == 3.0


@given(
    st.lists(st.floats(1e-5, 500), min_size=1, max_size=30, unique=True),
    st.lists(st.integers(0, 500), min_size=31, max_size=31),
)
def test_rebinning_keeps_the_number_of_observations(bounds: list[float], counts: list[int]) -> None:
    """Whatever the target's layout, no operation is lost or invented."""
    layout = np.array([*sorted(bounds), np.inf])
    mine = np.array(counts[: len(layout)], float)
    rebinned = Histogram.rebin(layout, mine, 0.0)
    assert rebinned.count == pytest.approx(mine.sum())
    assert (rebinned.counts >= -1e-9).all()


def test_rebinning_our_own_layout_changes_nothing() -> None:
    """Equal layouts line up."""
    counts = np.arange(BUCKETS, dtype=float)
    layout = np.append(BOUNDS, np.inf)
    rebinned = Histogram.rebin(layout, np.append(counts, 5.0), 1.0)
    assert rebinned.counts[:-1] == pytest.approx(counts[:-1])
    assert rebinned.counts[-1] == pytest.approx(counts[-1] + 5.0)
