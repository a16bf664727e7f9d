"""Words on the charts of the Live page: they hide nothing of what was measured."""

from typing import Any

import pytest

AREA = {"left": 10, "top": 20, "width": 100, "height": 100}


@pytest.mark.parametrize(
    ("values", "places", "found"),
    [
        # A level line at half the height: above it and below it there is room.
        ([50, 50, 50], [[10, 62], [10, 30]], [10, 30]),
        ([50, 50, 50], [[10, 62], [10, 90]], [10, 90]),
        # It rises through the second half alone.
        ([0, 0, 100], [[70, 60], [20, 60]], [20, 60]),
        # Nobody knows where it is in a gap.
        ([50, None, 50], [[40, 62]], [40, 62]),
        # Beyond the chart there is no room; where all is taken, the least of it.
        ([50, 50, 50], [[95, 30], [10, 10], [10, 62]], [10, 62]),
        ([50, 50, None], [[20, 62], [45, 62]], [45, 62]),
    ],
)
def test_words_stand_where_no_line_is(
    loaded: Any, values: list[float | None], places: list[list[int]], found: list[int]
) -> None:
    """Of a chart from 0 to 100, 100 px high; the words are 30 px wide and 14 high."""
    drawn = {"x": [0, 50, 100], "traces": [values], "span": [0, 100]}
    asked = "return new hubMonitor.Room({area: arguments[0], drawn: arguments[1], range: [0, 100]})"
    assert loaded.js(f"{asked}.find(30, 14, arguments[2])", AREA, drawn, places) == found


def test_words_do_not_stand_on_others(loaded: Any) -> None:
    """Those that came first keep their place."""
    found = loaded.js(
        "const drawn = {x: [0, 100], traces: [[0, 0]], span: [0, 100]};"
        "const room = new hubMonitor.Room({area: arguments[0], drawn, range: [0, 100]});"
        "return [0, 1].map(() => room.find(30, 14, [[10, 30], [30, 30], [50, 30]])[0])",
        AREA,
    )
    assert found == [10, 50]
