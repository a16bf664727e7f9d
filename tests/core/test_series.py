"""Long series drawn with few points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.series import Reduction, Series, fits, raw
from monitor.core.window import Rows, Window

METRIC = "latency_ms"


def window(timestamps: list[int], values: list[float]) -> Window:
    made = Window(100_000)
    for seq, (timestamp, value) in enumerate(zip(timestamps, values, strict=True), 1):
        row = np.full(len(COLUMNS), np.nan)
        row[COLUMN[METRIC]] = value
        made.append(seq, timestamp, row)
    return made


def reduced(parts: list[Rows], start: int, end: int, points: int) -> Series:
    """Draw one metric with at most `points` points, as readers of long spans do."""
    if fits(parts, points, 1000):
        return raw(parts, [METRIC], 1000)
    drawn = Reduction(parts, [METRIC], start, end, points, 1000)
    return Series(drawn.timestamp, {METRIC: drawn.column(METRIC)})


def test_few_samples_come_as_they_are() -> None:
    """Nothing is reduced that fits."""
    series = reduced(window([1000, 2000], [1.0, 2.0]).parts(0, 5000), 0, 5000, 300)
    assert series.timestamp.tolist() == [1000, 2000]
    assert series.values[METRIC].tolist() == [1.0, 2.0]


def test_a_hole_becomes_one_row_of_nothing() -> None:
    """A chart must break its line there."""
    series = raw(window([1000, 2000, 9000], [1.0, 2.0, 3.0]).parts(0, 10**6), [METRIC], 1000)
    assert series.timestamp.tolist() == [1000, 2000, 3000, 9000]
    assert np.isnan(series.values[METRIC][2])


def test_a_spike_of_one_second_in_a_day_stays_visible() -> None:
    """The reason for keeping extremes."""
    values = [10.0] * 86_400
    values[50_000] = 999.0
    values[70_000] = 1.0
    parts = window([second * 1000 for second in range(86_400)], values).parts(0, 86_400_000)
    series = reduced(parts, 0, 86_400_000, 300)
    assert len(series.timestamp) <= 300
    assert series.values[METRIC].max() == 999.0
    assert series.values[METRIC].min() == 1.0


def test_a_span_without_samples_is_a_gap() -> None:
    """Six quiet hours are drawn as nothing, not as a line across."""
    seconds = [*range(3600), *range(25_200, 28_800)]
    parts = window([second * 1000 for second in seconds], [5.0] * len(seconds)).parts(0, 28_800_000)
    series = reduced(parts, 0, 28_800_000, 100)
    # 33 spans of 873 s, one that is half measured at either end.
    inside = (series.timestamp > 4_400_000) & (series.timestamp < 24_400_000)
    assert inside.sum() >= 60
    assert np.isnan(series.values[METRIC][inside]).all()


@pytest.mark.parametrize("begin", range(40_000, 40_600, 50))
def test_an_outage_of_a_pixel_is_a_gap_wherever_it_lies(begin: int) -> None:
    """Ten minutes of a day on 300 points, with both extremes beside them."""
    values = [10.0 + second % 3 for second in range(86_400)]
    values[begin : begin + 600] = [float("nan")] * 600
    parts = window([second * 1000 for second in range(86_400)], values).parts(0, 86_400_000)
    series = reduced(parts, 0, 86_400_000, 300)
    assert len(series.timestamp) <= 300
    gaps = series.timestamp[np.isnan(series.values[METRIC])]
    assert len(gaps)
    assert all(begin - 600 < gap / 1000 < begin + 1200 for gap in gaps)
    # A second that is lacking here and there is none.
    values[begin : begin + 600] = [10.0] * 600
    values[7::97] = [float("nan")] * len(values[7::97])
    parts = window([second * 1000 for second in range(86_400)], values).parts(0, 86_400_000)
    assert not np.isnan(reduced(parts, 0, 86_400_000, 300).values[METRIC]).any()


def test_a_metric_without_gaps_is_drawn_beside_one_that_has_some() -> None:
    """The row between is the other's: this one repeats what it was."""
    made = Window(100_000)
    for second in range(6000):
        row = np.full(len(COLUMNS), np.nan)
        row[COLUMN["memory_mb"]] = 5.0
        if not 2000 <= second < 3000:
            row[COLUMN[METRIC]] = 7.0
        made.append(second, second * 1000, row)
    drawn = Reduction(made.parts(0, 6_000_000), [METRIC, "memory_mb"], 0, 6_000_000, 60, 1000)
    assert set(drawn.column("memory_mb").tolist()) == {5.0}
    assert np.isnan(drawn.column(METRIC)).any()
    spread = drawn.spread(METRIC, np.full(len(drawn.edges) - 1, 3.0))
    assert np.isnan(spread).sum() <= np.isnan(drawn.column(METRIC)).sum()
    assert len(spread) == len(drawn.timestamp) <= 60


def test_no_time_is_drawn_at_which_nothing_was_measured() -> None:
    """Asked for more than there is, the rows lie between the first sample and the last."""
    first = 1_700_000_000_000
    stamps = [first + second * 1000 for second in range(1000)]
    parts = window(stamps, [1.0] * 1000).parts(0, 2 * first)
    series = reduced(parts, 0, 2 * first, 100)
    assert len(series.timestamp) == 100
    assert stamps[0] <= series.timestamp.min()
    assert series.timestamp.max() <= stamps[-1]
    assert not np.isnan(series.values[METRIC]).any()


def test_extremes_come_in_the_order_in_which_they_occurred() -> None:
    """Over blocks of the window alike; of equal values the first counts."""
    stamps = [second * 1000 for second in range(8000)]
    values = [5.0] * 8000
    values[3599], values[3601] = 9.0, 1.0
    values[6000], values[6001], values[6002] = 1.0, 9.0, 1.0
    series = reduced(window(stamps, values).parts(0, 10**9), 0, 10**9, 4)
    assert series.values[METRIC].tolist() == [9.0, 1.0, 1.0, 9.0]


def test_a_clock_that_was_set_back_loses_no_extreme() -> None:
    """Its samples are drawn where their times are."""
    stamps = [*range(0, 500_000, 1000), *range(200_000, 700_000, 1000)]
    values = [1.0] * 1000
    values[499], values[500] = 7.0, 0.0
    series = reduced(window(stamps, values).parts(0, 10**9), 0, 10**9, 14)
    assert np.nanmax(series.values[METRIC]) == 7.0
    assert np.nanmin(series.values[METRIC]) == 0.0
    assert series.timestamp[np.nanargmin(series.values[METRIC])] < 300_000


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=400),
    st.integers(3, 120),
)
def test_extremes_and_limits_hold_for_any_series(values: list[float], points: int) -> None:
    """At most `points` rows, the same minimum and maximum, never a value that was not measured."""
    end = len(values) * 1000
    parts = window([index * 1000 for index in range(len(values))], values).parts(0, end)
    series = reduced(parts, 0, end, points)
    column = series.values[METRIC]
    assert len(series.timestamp) <= max(points, 1)
    known = [value for value in values if not np.isnan(value)]
    if not known:
        assert np.isnan(column).all()
        return
    assert np.nanmin(column) == min(known)
    assert np.nanmax(column) == max(known)
    assert set(column[~np.isnan(column)]) <= set(known)
    assert (np.diff(series.timestamp) >= 0).all()
