"""Y axes that rarely move."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ui.axis import HOLD_SECONDS, limits, with_limits
from monitor.ui.chart import CHARTS

CHART = {chart.id: chart for chart in CHARTS}


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.sampled_from(CHARTS),
    st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=50),
)
def test_every_value_is_inside(chart, values):
    """Whatever is drawn is between the limits, and the limits are apart."""
    low, high = limits(chart, [np.array(values)])
    assert low <= min(values)
    assert max(values) <= high
    assert high > low


@pytest.mark.parametrize(
    ("chart", "values", "expected"),
    [
        ("chart-throughput", [590.0, 640.0], (0.0, 700.0)),
        ("chart-throughput", [0.0, 0.0], (0.0, 10.0)),
        ("chart-cpu", [97.0], (0.0, 100.0)),
        ("chart-cpu", [180.0], (0.0, 200.0)),
        ("chart-errors", [0.0], (0.0, 1.0)),
        ("chart-errors", [np.nan, 0.4], (0.0, 1.0)),
        ("chart-memory", [np.nan], (0.0, 10.0)),
    ],
)
def test_limits_are_round(chart, values, expected):
    """Axes end at round numbers, start at 0, and percentages end at 100 until something exceeds it."""
    assert limits(CHART[chart], [np.array(values)]) == expected


def test_memory_is_drawn_around_its_values():
    """A leak of a tenth shows: memory does not start at 0 while it stays far above."""
    low, high = limits(CHART["chart-memory"], [np.linspace(80, 88, 60)])
    assert 0 < low <= 80
    assert 88 <= high <= 120


def test_noise_does_not_move_the_axis():
    """Over ten minutes of noise around a steady level the span looked at gives few different axes."""
    generator = np.random.default_rng(4)
    values = 600 + 25 * generator.standard_normal(600)
    axes = [
        limits(CHART["chart-throughput"], [values[end - HOLD_SECONDS : end]]) for end in range(HOLD_SECONDS, 600)
    ]
    assert sum(now != before for before, now in pairwise(axes)) <= 4


@pytest.mark.parametrize(
    ("chart", "values", "threshold", "expected"),
    [
        ("chart-throughput", [300.0, 320.0], 400.0, (0.0, 500.0)),
        ("chart-latency", [20.0, 30.0], 150.0, (0.0, 40.0)),
        ("chart-cpu", [60.0, 70.0], 90.0, (0.0, 100.0)),
        ("chart-errors", [float("nan")], 5.0, (0.0, 1.0)),
    ],
)
def test_a_limit_is_on_the_axis_where_it_does_not_flatten_the_values(chart, values, threshold, expected):
    """One that is far away is named in the head alone; without values there is none."""
    assert with_limits(CHART[chart], [np.array(values)], [threshold]) == expected


def test_a_far_limit_does_not_take_a_near_one_along():
    """Each is judged by itself."""
    values = [np.array([300.0, 320.0])]
    assert with_limits(CHART["chart-throughput"], values, [400.0, 90_000.0]) == (0.0, 500.0)
