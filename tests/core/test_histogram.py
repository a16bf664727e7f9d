"""Latency histograms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.histogram import BOUNDS, BUCKETS, RELATIVE_WIDTH, Histogram, Quantile, quantile, quantiles

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


def test_an_unbounded_last_bucket_has_no_percentile() -> None:
    """Nothing is known beyond its lower bound; below it percentiles stay."""
    assert quantile(np.array([0.1, np.inf]), np.array([1.0, 9.0]), 0.99) is None
    found = quantile(np.array([0.1, np.inf]), np.array([9.0, 1.0]), 0.5)
    assert found is not None
    assert found.high == 0.1


def test_the_width_is_the_bucket_over_its_lower_bound() -> None:
    """1 where it begins at 0, unknown where it has no end."""
    assert Quantile(0.15, 0.1, 0.5).width == pytest.approx(4.0)
    assert Quantile(0.00475, 0.0, 0.005).width == 1.0
    assert Quantile(0.1, 0.1, np.inf).width is None


def test_overflow_is_remembered_through_rebinning_and_merging() -> None:
    """Of 100 operations 10 took longer than the last bound, 10 s: p50 is known, p95 is not."""
    layout = np.array([1.0, 10.0, np.inf])
    one = Histogram.rebin(layout, np.array([80.0, 10.0, 10.0]), 700.0)
    merged = Histogram.merge([one, one])
    for histogram, count in ((one, 100.0), (merged, 200.0)):
        assert histogram.count == pytest.approx(count)
        assert histogram.mean == pytest.approx(7.0)
        assert histogram.quantile(0.95) is None
        found = histogram.quantile(0.5)
        assert found is not None
        assert found.value <= 1.0
    assert Histogram.rebin(np.array([200.0, np.inf]), np.array([100.0, 0.0]), 0.0).quantile(0.95) is None


def test_a_percentile_is_never_better_known_than_in_the_first_layout() -> None:
    """All took 0.2 ms and the first bucket ends at 5 ms: 4.75 ms by interpolation, but anything from 0 on."""
    found = Histogram.rebin(np.array([0.005, 0.01, np.inf]), np.array([100.0, 0.0, 0.0]), 0.02).quantile(0.95)
    assert found is not None
    assert found.value == pytest.approx(0.00475, rel=0.05)
    assert (found.low, found.width) == (0.0, 1.0)
    coarse = Histogram.rebin(np.array([0.1, 0.5]), np.array([0.0, 100.0]), 30.0).quantile(0.5)
    assert coarse is not None
    assert coarse.low <= 0.1
    assert coarse.high >= 0.5
    assert of((0.3, 10)).quantile(0.5).width == pytest.approx(RELATIVE_WIDTH)  # type: ignore[union-attr]


def test_cutting_counts_as_overflow_what_lies_beyond() -> None:
    """No operation is lost."""
    whole = of((0.01, 5), (0.5, 7), (20.0, 3))
    part = whole.cut(1.0)
    assert part.count == whole.count
    assert part.overflow == 3


@given(st.lists(COUNTS, min_size=1, max_size=4), st.integers(0, 50), st.floats(0.01, 0.99))
def test_many_quantiles_are_those_of_each(rows: list[np.ndarray], overflow: int, q: float) -> None:
    """Row by row what `quantile` says, NaN for its None."""
    table = np.array([np.append(counts, float(overflow)) for counts in rows])
    for counts, found in zip(rows, quantiles(table, q), strict=True):
        expected = Histogram(counts, 0.0, float(overflow)).quantile(q)
        assert np.isnan(found) if expected is None else found == pytest.approx(expected.value)


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
    assert rebinned.counts[-1] == pytest.approx(counts[-1])
    assert rebinned.overflow == pytest.approx(5.0)
