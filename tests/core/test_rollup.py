"""Roll-ups: in one step or in many, the same."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.record import Records
from monitor.core.rollup import HOUR_MS, MINUTE_MS, Rollups
from records import BEGIN, records

LATENCY = COLUMN["latency_ms"]
WHOLE = Records.of(records(3 * 3600 // 40 * 4))


def assert_same(found: Rollups, expected: Rollups) -> None:
    for name in ("start", "low", "high", "count", "latency"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12)
    np.testing.assert_allclose(found.total, expected.total, rtol=1e-12)


def cut(records: Records, places: list[int]) -> list[Records]:
    row = np.arange(len(records))
    edges = [0, *sorted(places), len(records)]
    return [records.where((row >= a) & (row < b)) for a, b in pairwise(edges) if a < b]


@settings(deadline=None)
@given(st.lists(st.integers(0, len(WHOLE)), max_size=8), st.permutations(range(9)))
def test_merging_is_in_any_pieces_and_any_order(places: list[int], order: list[int]) -> None:
    """Hours of minutes of pieces are the hours of the samples."""
    pieces = cut(WHOLE, places)
    minutes = [Rollups.of(pieces[place], MINUTE_MS) for place in order if place < len(pieces)]
    assert_same(Rollups.combined(minutes, MINUTE_MS), Rollups.of(WHOLE, MINUTE_MS))
    assert_same(Rollups.combined(minutes, HOUR_MS), Rollups.of(WHOLE, HOUR_MS))


def test_a_minute_says_what_its_samples_did() -> None:
    """Of those in which a metric was measured; NaN and 0 where there were none."""
    minute = Rollups.of(Records.of(records(60)), MINUTE_MS)
    values = Records.of(records(60)).values
    assert minute.start.tolist() == [BEGIN]
    for column in range(len(COLUMNS)):
        measured = values[:, column][~np.isnan(values[:, column])]
        assert minute.count[0, column] == len(measured)
        if len(measured):
            assert (minute.low[0, column], minute.high[0, column]) == (measured.min(), measured.max())
            assert np.isclose(minute.mean[0, column], measured.mean())
        else:
            assert np.isnan([minute.low[0, column], minute.high[0, column], minute.mean[0, column]]).all()
    assert minute.latency.sum() == sum(one.latency.count for one in records(60) if one.latency is not None)


def test_extremes_are_two_rows_inside_their_span() -> None:
    """The smallest first, as nobody knows which came first."""
    minutes = Rollups.of(Records.of(records(150)), MINUTE_MS)
    rows = minutes.extremes(MINUTE_MS)
    assert ((rows.timestamp - BEGIN) / 1000).tolist() == [15, 45, 75, 105, 135, 165]
    np.testing.assert_array_equal(rows.values[::2], minutes.low)
    np.testing.assert_array_equal(rows.values[1::2], minutes.high)


def test_none_is_none() -> None:
    """No spans roll up to no spans."""
    assert len(Rollups.combined([], MINUTE_MS)) == 0
    assert len(Rollups.none().extremes(MINUTE_MS)) == 0
    assert len(Rollups.combined([Rollups.none(), Rollups.none()], HOUR_MS)) == 0
