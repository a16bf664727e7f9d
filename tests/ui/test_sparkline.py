"""A minute as an SVG path."""

import re

import numpy as np

from monitor.ui.sparkline import path

AGE = np.arange(59.0, -1.0, -1.0)


def moves(drawn):
    """Return how often the pen was set down, and every point."""
    points = [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.]+) ([\d.]+)", drawn)]
    return drawn.count("M"), points


def test_it_ends_at_the_right_and_stays_in_its_box():
    """The newest value is at x = 100; all points are in the 100 x 24 box; larger is higher."""
    strokes, points = moves(path(AGE, np.linspace(5, 9, 60), 60, 1.5))
    assert strokes == 1
    assert len(points) == 60
    assert points[-1] == (100.0, 2.0)
    assert points[0][1] == 22.0
    assert all(0 <= x <= 100 and 0 <= y <= 24 for x, y in points)


def test_a_gap_lifts_the_pen():
    """Neither an unknown value nor a missing sample is bridged."""
    values = np.linspace(5, 9, 60)
    values[20:25] = np.nan
    assert moves(path(AGE, values, 60, 1.5))[0] == 2
    kept = np.r_[0:20, 25:60]
    assert moves(path(AGE[kept], values[kept], 60, 1.5))[0] == 2


def test_nothing_is_drawn_from_nothing():
    """Fewer than two values make no line."""
    assert path(AGE, np.full(60, np.nan), 60, 1.5) == ""
    assert path(np.array([0.0]), np.array([3.0]), 60, 1.5) == ""


def test_a_constant_is_a_level_line():
    """No noise is magnified: equal values lie on one height, in the middle."""
    _, points = moves(path(AGE, np.full(60, 7.0), 60, 1.5))
    assert {y for _, y in points} == {12.0}
