"""The past in spans."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.latency_log import LatencyLog, Past
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.spans import WIDTHS, Spans, cut, width
from monitor.core.window import Rows

METRIC = "throughput_ops_sec"
NO_PAST = Past(np.empty(0, np.int64), np.empty((0, BUCKETS + 1), np.float32), np.empty(0, np.int64))
SECOND = 1000


def rows(timestamps: list[int], values: list[float]) -> Rows:
    """Return rows with one metric."""
    made = np.full((len(values), len(COLUMNS)), np.nan)
    made[:, COLUMN[METRIC]] = values
    return Rows(np.arange(len(values)), np.array(timestamps, np.int64), made)


def of(timestamps: list[int], values: list[float], start: int, end: int, step: int) -> Spans:
    return Spans.of([rows(timestamps, values)], NO_PAST, cut(start, end, step), [METRIC])


moments = st.lists(
    st.tuples(
        st.integers(-5000, 130_000),
        st.one_of(st.just(float("nan")), st.floats(-1e15, 1e15)),
    ),
    max_size=60,
)


@given(moments, st.integers(0, 60_000), st.integers(1, 60_000), st.sampled_from([1000, 2000, 5000]), st.data())
def test_spans_hold_what_was_measured_and_merge_exactly(
    samples: list[tuple[int, float]], start: int, length: int, step: int, data: st.DataObject
) -> None:
    """low <= mean <= high; every sample counts once, in whatever order it came; finer spans make the coarser."""
    end = start + length
    found = of([at for at, _ in samples], [value for _, value in samples], start, end, step)
    one = found.figures[METRIC]
    inside = [value for at, value in samples if start <= at < end and not np.isnan(value)]
    assert one.count.sum() == len(inside)
    known = one.count > 0
    assert (one.low[known] <= one.mean[known]).all()
    assert (one.mean[known] <= one.high[known]).all()
    assert np.isnan(np.concatenate([one.low[~known], one.high[~known], one.mean[~known]])).all()
    if inside:
        assert (np.nanmin(one.low), np.nanmax(one.high)) == (min(inside), max(inside))
    times = data.draw(st.sampled_from([2, 3, 7]))
    merged = found.at_least(times * step)
    direct = of([at for at, _ in samples], [value for _, value in samples], start, end, times * step)
    assert merged.edges.tolist() == direct.edges.tolist()
    for name in ("low", "high", "count"):
        np.testing.assert_array_equal(getattr(merged.figures[METRIC], name), getattr(direct.figures[METRIC], name))
    scale = max((abs(value) for value in inside), default=0.0)
    np.testing.assert_allclose(merged.figures[METRIC].mean, direct.figures[METRIC].mean, atol=1e-9 * scale)


@given(st.integers(1, 10**12), st.integers(2, 1000), st.sampled_from([0, 2000, 10_000]), st.integers(0, 10**13))
def test_there_are_never_more_spans_than_asked_for(length: int, most: int, least: int, start: int) -> None:
    """However the range lies to the multiples of a span."""
    step = width(length, most, least=least)
    edges = cut(start, start + length, step)
    assert len(edges) - 1 <= most
    assert (np.diff(edges) > 0).all()
    assert (edges[0], edges[-1]) == (start, start + length)
    assert (edges[1:-1] % step == 0).all()
    assert step >= least


@given(st.integers(1, 10**12), st.sampled_from([*WIDTHS, 3 * 86_400_000]))
def test_a_coarser_span_is_a_multiple_of_the_finer(length: int, step: int) -> None:
    """So that finer ones merge into it."""
    coarser = width(length, 100, least=step, multiple=step)
    assert coarser >= step
    assert coarser % step == 0


def test_a_day_is_cut_into_five_minutes() -> None:
    """As a person would say it."""
    assert [width(hours * 3_600_000, 400) for hours in (1, 6, 24, 168, 720)] == [
        10_000,
        60_000,
        300_000,
        1_800_000,
        7_200_000,
    ]


def test_a_spike_of_one_second_is_in_its_span() -> None:
    """And an outage is a span without figures."""
    seconds = [second for second in range(3600) if not 600 <= second < 900]
    values = [9000.0 if second == 1234 else 500.0 for second in seconds]
    one = of([SECOND * second for second in seconds], values, 0, 3_600_000, 300_000).figures[METRIC]
    assert np.flatnonzero(one.high == 9000.0).tolist() == [1234 // 300]
    assert np.flatnonzero(one.count == 0).tolist() == [2]
    assert one.mean[4] == pytest.approx(500 + 8500 / 300)


def test_latency_merges_with_its_spans() -> None:
    """Each operation once, and what overflowed with it."""
    log = LatencyLog()
    for second in range(1200):
        counts = np.zeros(BUCKETS)
        counts[second % BUCKETS] = 2.0
        log.append(SECOND * second, Histogram(counts, 1.0, overflow=1.0))
    found = Spans.of([], log.past(0, 1_200_000), cut(0, 1_200_000, 60_000), [])
    assert found.histograms.sum() == 3600
    assert found.histograms[:, BUCKETS].tolist() == [60.0] * 20
    assert found.at_least(600_000).histograms.sum(axis=1).tolist() == [1800.0, 1800.0]


def test_nothing_measured_is_unknown() -> None:
    """Neither samples nor operations."""
    found = Spans.of([], NO_PAST, cut(0, 60_000, 10_000), [METRIC])
    assert len(found) == 6
    assert found.figures[METRIC].count.sum() == 0
    assert np.isnan(found.figures[METRIC].mean).all()
    assert found.histograms.sum() == 0
