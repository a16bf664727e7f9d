"""What the History page's scripts compute: numbers, lengths of time, axes."""

from typing import Any

import pytest

from core.test_gaps import CASES


@pytest.fixture(scope="module")
def loaded(loaded: Any) -> Any:
    """The tab with the page's own scripts as well."""
    loaded.click("nav-history")
    loaded.until_page("history")
    return loaded


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 s"),
        (42_000, "42 s"),
        (300_000, "5 min"),
        (3_600_000, "1 h"),
        (3_605_000, "1 h"),
        (7_800_000, "2 h 10 min"),
    ],
)
def test_a_length_of_time_in_its_two_largest_units(loaded: Any, ms: int, words: str) -> None:
    """What is 0 is left out."""
    assert loaded.js("return hubMonitor.duration(arguments[0])", ms) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "no data"), (0, "0"), (999, "999"), (51_900_000, "51.9 M"), (-1500, "\N{MINUS SIGN}1.50 k")],
)
def test_counts_have_three_digits(loaded: Any, value: float | None, words: str) -> None:
    """As on the rest of the page; unknown is no 0."""
    assert loaded.js("return hubMonitor.count(arguments[0])", value) == words


@pytest.mark.parametrize(
    ("values", "chart"),
    [
        ([300.0, 870.0, None], {"floor": True, "least": 10, "most": None}),
        ([70.0, 82.5], {"floor": False, "least": 10, "most": None}),
        ([0.0, 0.0], {"floor": True, "least": 1, "most": 100}),
        ([5.0, 99.0], {"floor": True, "least": 10, "most": 100}),
        ([5.0, 300.0], {"floor": True, "least": 10, "most": 100}),
        ([None], {"floor": True, "least": 5, "most": None}),
        ([1e15, -1e15], {"floor": True, "least": 5, "most": None}),
        ([1e-9], {"floor": False, "least": 0.5, "most": None}),
    ],
)
def test_every_value_is_on_the_axis(loaded: Any, values: list[float | None], chart: dict[str, Any]) -> None:
    """Between its ends, with a few round ticks; a percentage ends at 100 until something exceeds it."""
    axis = loaded.js("return hubMonitor.axis.values(arguments[0], arguments[1])", values, chart)
    known = [value for value in values if value is not None]
    assert axis["low"] < axis["high"]
    assert all(axis["low"] <= value <= axis["high"] for value in known)
    assert 2 <= len(axis["ticks"]) <= 8
    assert all(axis["low"] <= tick <= axis["high"] for tick in axis["ticks"])
    if chart["most"] is not None and max(known) <= chart["most"]:
        assert axis["high"] <= chart["most"]


@pytest.mark.parametrize("hours", [0.01, 1, 24, 24 * 30, 24 * 365])
def test_times_are_few_and_inside(loaded: Any, hours: float) -> None:
    """Whatever the length of the range, as many as there is room for."""
    end = 1_795_510_000_000
    start = end - round(hours * 3_600_000)
    ticks = loaded.js("return hubMonitor.axis.time(arguments[0], arguments[1], 8)", start, end)
    assert 1 <= len(ticks) <= 9
    assert all(start <= tick["at"] <= end for tick in ticks)
    assert len({tick["text"] for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("ago", "ends"),
    [(100_000, 50_000), (10_000, 0), (0, 0), (-5_000, -5_000)],
)
def test_zooming_out_doubles_a_range_but_does_not_reach_beyond_now(loaded: Any, ago: int, ends: int) -> None:
    """A range that reaches there already keeps its end. Figures in ms before now."""
    begins, end, now = loaded.js(
        "const now = Date.now(); const real = Date.now; Date.now = () => now; const zoomed = [];"
        "const root = document.createElement('div'); const to = now - arguments[0];"
        "const plot = {root, from: to - 100000, to};"
        "try { new hubMonitor.HistoryPointer([{plot}], (from, to) => zoomed.push(from, to)).out(); }"
        "finally { Date.now = real; }"
        "return [...zoomed, now]",
        ago,
    )
    assert now - end == ends
    assert end - begins == 200_000


@pytest.mark.parametrize(("at", "index"), [(-1, -1), (0, 0), (9, 0), (10, 1), (29, 2), (30, 2), (31, -1)])
def test_a_moment_is_in_one_span(loaded: Any, at: int, index: int) -> None:
    """The last one includes its end."""
    assert loaded.js("return hubMonitor.within([0, 10, 20, 30], arguments[0])", at) == index


@pytest.mark.parametrize(("count", "enough"), CASES)
def test_gaps_are_those_of_the_server(loaded: Any, count: list[int], enough: list[int]) -> None:
    """The page and the paper have them at the same places."""
    edges = [10_000 * number for number in range(len(count) + 1)]
    found = loaded.js("return hubMonitor.gaps.measured(arguments[0], arguments[1], 1000)", edges, count)
    assert found == [bool(one) for one in enough]


def test_coarser_spans_have_the_samples_of_those_within(loaded: Any) -> None:
    """Latency over a day is told per hour."""
    found = loaded.js("return hubMonitor.gaps.coarser([1, 2, 3, 4], [0, 10, 20, 30, 35], [0, 20, 35])")
    assert found == [3, 7]


def test_words_stand_beside_their_own_mark_or_not_at_all(loaded: Any) -> None:
    """On the right, on the left where another mark is in the way, and on none of more weight."""
    marks = [[100, 40, 1], [130, 40, 5], [300, 90, 3], [310, 85, 2], [390, 80, 9]]
    made = loaded.js(
        "const marks = arguments[0].map(([at, offsetWidth, weight]) => ({"
        "  left: at, right: at, weight, words: { offsetWidth, style: {}, hidden: false } }));"
        "hubMonitor.beside(marks, 400);"
        "return marks.map(({ words }) => (words.hidden ? null : words.style.left));",
        marks,
    )
    assert made == ["54.0px", "136.0px", "204.0px", None, None]
