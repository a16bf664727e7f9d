"""The History page in a real browser: ranges, the address, zoom, what is drawn."""

import re
import time
from typing import Any

import pytest

from browser.past import SPIKE, with_past

FIRST = "history-throughput"
DIALOG = "return document.getElementById('history-dialog').open"


def search(view: Any) -> str:
    return view.js("return location.search")


def drawn(view: Any) -> dict[str, Any]:
    """Return the range that the CSV link names: the one that is drawn."""
    link = view.js("return document.getElementById('history-csv')?.href ?? ''")
    return {name: int(value) for name, value in re.findall(r"(from|to)=([0-9]+)", link)}


def length(view: Any) -> int:
    """Return how long the range drawn is, ms; 0 while none is."""
    found = drawn(view)
    return found["to"] + 1 - found["from"] if found and not view.js(BUSY) else 0


BUSY = "return document.getElementById('history-body')?.hasAttribute('aria-busy') ?? true"


def until_length(view: Any, ms: int) -> None:
    view.until(lambda: length(view) == ms, f"{ms} ms drawn", 15)


def open_page(view: Any, dashboard: Any, query: str = "") -> None:
    view.open(dashboard, f"history{query}")
    view.until(lambda: drawn(view), "a range is drawn", 20)


def soon() -> int:
    """Return a moment after the newest sample, epoch ms."""
    return round(time.time() * 1000) + 60_000


def pressed(view: Any) -> list[str]:
    return view.js(
        "return [...document.querySelectorAll('#history-lengths [aria-pressed=true]')].map((b) => b.textContent)"
    )


def band_top(view: Any, chart: str = FIRST) -> float:
    """Return how near the band comes to the top of the picture, 0 to 1000."""
    path = view.js(
        "return document.querySelector(`#${arguments[0]} .history-chart__band`).getAttribute('d')", chart
    )
    return min(float(y) for _, y in re.findall(r"([0-9.-]+),([0-9.-]+)", path))


def drag(view: Any, element: str, start: float, end: float) -> None:
    """Drag with the mouse across the plot, from one share of its width to another."""
    view.js(
        "document.getElementById(arguments[0]).scrollIntoView({block: 'center', behavior: 'instant'})", element
    )
    x, y, width, height = view.js(
        "const box = document.querySelector(`#${arguments[0]} .history-plot__area`).getBoundingClientRect();"
        "return [box.x, box.y, box.width, box.height]",
        element,
    )
    at = {"y": y + height / 2, "button": "left", "clickCount": 1}
    view.cdp("Input.dispatchMouseEvent", type="mousePressed", x=x + start * width, **at)
    for share in (0.3, 0.7, 1.0):
        where = x + (start + share * (end - start)) * width
        view.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=where, buttons=1, **at)
    view.cdp("Input.dispatchMouseEvent", type="mouseReleased", x=x + end * width, **at)


def test_a_range_is_chosen_and_stands_in_the_address(serve: Any, view: Any) -> None:
    """The button is pressed, the address says it, a link to it opens the same, back returns."""
    dashboard = with_past(serve, 3)
    open_page(view, dashboard)
    assert search(view) == ""
    until_length(view, 6 * 3_600_000)
    assert pressed(view) == ["6 h"], "the shortest that holds all there is"
    view.js("document.querySelector('#history-lengths [data-from=\"now-1h\"]').click()")
    until_length(view, 3_600_000)
    assert search(view) == "?from=now-1h&to=now"
    assert pressed(view) == ["1 h"]
    view.browser.find_element("body").send_keys("3")
    until_length(view, 24 * 3_600_000)
    assert search(view) == "?from=now-24h&to=now"
    view.driver.back()
    until_length(view, 3_600_000)
    assert pressed(view) == ["1 h"]
    view.driver.forward()
    until_length(view, 24 * 3_600_000)
    view.driver.refresh()
    until_length(view, 24 * 3_600_000)
    assert pressed(view) == ["24 h"]
    assert view.problems() == []


def test_dragging_zooms_and_back_returns(serve: Any, view: Any) -> None:
    """What was covered becomes the range, on any picture; zooming out and the browser's own buttons undo it."""
    dashboard = with_past(serve, 3)
    open_page(view, dashboard, "?from=now-2h&to=now")
    until_length(view, 7_200_000)
    first = drawn(view)
    drag(view, FIRST, 0.25, 0.75)
    view.until(lambda: search(view) != "?from=now-2h&to=now", "another address")
    view.until(lambda: 0 < length(view) < 7_200_000, "zoomed")
    second = drawn(view)
    assert second["from"] == pytest.approx(first["from"] + 1_800_000, abs=30_000)
    assert second["to"] == pytest.approx(first["from"] + 5_400_000, abs=30_000)
    assert search(view) == f"?from={second['from']}&to={second['to'] + 1}"
    drag(view, "history-bands", 0.0, 0.5)
    view.until(lambda: 0 < length(view) < 2_000_000, "zoomed again")
    view.driver.back()
    view.until(lambda: drawn(view) == second, "back at the first zoom")
    view.js("document.getElementById('history-out').click()")
    view.until(lambda: length(view) == pytest.approx(2 * (second["to"] + 1 - second["from"]), abs=2), "zoomed out")
    view.driver.back()
    view.driver.back()
    until_length(view, 7_200_000)
    assert view.problems() == []


def test_a_click_is_no_zoom(serve: Any, view: Any) -> None:
    """A pointer that hardly moves reads a value."""
    dashboard = with_past(serve, 1)
    open_page(view, dashboard, "?from=now-1h&to=now")
    drag(view, FIRST, 0.5, 0.502)
    view.frame()
    assert search(view) == "?from=now-1h&to=now"


def test_a_spike_of_one_second_is_seen_in_a_day(serve: Any, view: Any) -> None:
    """The band reaches up to it, and the label says it."""
    dashboard = with_past(serve, 20, spike_hours_ago=2.0)
    open_page(view, dashboard, "?from=now-24h&to=now")
    assert band_top(view) < 150, "the spike is the top of the picture"
    means = view.js(f"return document.querySelector('#{FIRST} .history-chart__line').getAttribute('d')")
    assert min(float(y) for _, y in re.findall(r"([0-9.-]+),([0-9.-]+)", means)) > 800
    words = view.text(f"{FIRST}-unit")
    assert words == "ops/s, minimum to maximum and mean per 5 min"
    view.js(f"document.getElementById('{FIRST}').focus()")
    found = ""
    for _ in range(60):
        view.driver.switch_to.active_element.send_keys("\ue012")  # arrow left
        found = view.js("return document.querySelector('.history-label')?.innerText ?? ''")
        if f"{SPIKE:,.0f}" in found:
            break
    assert f"{SPIKE:,.0f} ops/s" in found
    marks = view.js("return document.querySelectorAll('.history-instant:not([hidden])').length")
    assert marks == 8, "the same instant on six charts, the heat map and the changes"


def test_the_period_before_is_laid_beneath(serve: Any, view: Any) -> None:
    """Dashed, on the same time, in the address, and its numbers beside the period's."""
    dashboard = with_past(serve, 3)
    open_page(view, dashboard, "?from=now-1h&to=now")
    line = "return document.querySelectorAll('.history-chart__line--before').length"
    assert view.js(line) == 0
    view.click("history-compare")
    view.until(lambda: view.js(line) > 0, "drawn", 15)
    assert search(view) == "?from=now-1h&to=now&compare=1"
    assert view.attribute("history-compare", "aria-pressed") == "true"
    assert view.js(line) == 8, "five means and three percentiles"
    path = view.js(f"return document.querySelector('#{FIRST} .history-chart__line--before').getAttribute('d')")
    xs = [float(x) for x, _ in re.findall(r"([0-9.-]+),([0-9.-]+)", path)]
    assert min(xs) == pytest.approx(0, abs=5)
    assert max(xs) == pytest.approx(1000, abs=5)
    assert "before: " in view.text("history-number-operations")
    view.click("history-compare")
    view.until(lambda: view.js(line) == 0, "gone")
    assert search(view) == "?from=now-1h&to=now"


def test_before_1970_there_is_no_period_to_compare_with(serve: Any, view: Any) -> None:
    """The range itself is shown, and the page says so."""
    dashboard = with_past(serve, 3)
    open_page(view, dashboard, f"?from=0&to={soon()}&compare=1")
    assert view.attribute("history-compare", "aria-pressed") == "true"
    assert drawn(view)["from"] == 0
    assert "does not answer" not in view.text("history-note-text")
    assert view.problems() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [("?from=yesterday", "from"), ("?from=now-1h&to=<b>x</b>", "to"), ("?from=now&to=now-1h", "from")],
)
def test_an_address_without_a_range_says_so_and_shows_what_there_is(
    serve: Any, view: Any, query: str, field: str
) -> None:
    """Words that name the part, and the default below them."""
    dashboard = with_past(serve, 0.5)
    open_page(view, dashboard, query)
    until_length(view, 3_600_000)
    assert f"“{field}”" in view.text("history-note-text")
    assert view.js("return document.querySelectorAll('#history-note b').length") == 0
    assert view.js("return document.getElementById('history-note').hidden") is False
    view.js("document.querySelector('#history-lengths [data-from=\"now-1h\"]').click()")
    view.until(lambda: "“" not in view.text("history-note-text"), "the next range has no such words")
    view.problems()


def test_words_and_moments_are_typed(serve: Any, view: Any) -> None:
    """`now-90m`; two moments in the viewer's zone; what is no range is said where it was typed."""
    dashboard = with_past(serve, 2)
    open_page(view, dashboard, "?from=now-1h&to=now")
    view.click("history-when")
    assert view.js(DIALOG) is True
    field = view.browser.find_element("#history-relative")
    assert field.get_attribute("value") == "now-1h"
    field.clear()
    field.send_keys("lately\n")
    view.until(lambda: "Not a range: “from”" in view.text("history-error"), "said")
    assert search(view) == "?from=now-1h&to=now"
    field.clear()
    field.send_keys("now-90m\n")
    until_length(view, 5_400_000)
    assert view.js(DIALOG) is False
    assert search(view) == "?from=now-90m&to=now"
    view.click("history-when")
    view.js(
        "const from = document.getElementById('history-from'), to = document.getElementById('history-to');"
        "const at = new Date(from.value).getTime() + 600000;"
        "const local = new Date(at - new Date(at).getTimezoneOffset() * 60000).toISOString().slice(0, 19);"
        "from.value = local"
    )
    view.click("history-apply-moments")
    view.until(lambda: 0 < length(view) <= 4_800_000, "ten minutes less")
    assert re.fullmatch(r"\?from=\d{13}&to=\d{13}", search(view))
    view.problems()


def test_what_ends_now_moves_on_and_what_does_not_stands(serve: Any, view: Any) -> None:
    """A minute later it is asked for again, unless the page is paused or another one is shown."""
    dashboard = with_past(serve, 1)
    open_page(view, dashboard, "?from=now-1h&to=now")
    later = "const real = performance.now.bind(performance); performance.now = () => real() + 61000"
    asked = dashboard.requests("/history/spans")
    view.js(later)
    view.until(lambda: dashboard.requests("/history/spans") == asked + 1, "asked again", 12)
    found = drawn(view)
    open_page(view, dashboard, f"?from={found['from']}&to={found['to']}")
    asked = dashboard.requests("/history/spans")
    view.js(later)
    view.js("document.dispatchEvent(new Event('visibilitychange'))")
    view.frame()
    assert dashboard.requests("/history/spans") == asked


def test_an_empty_range_teaches(serve: Any, view: Any) -> None:
    """It says what the page is for, and where the history begins."""
    dashboard = with_past(serve, 0.2)
    open_page(view, dashboard, "?from=2001-01-01&to=2001-01-02")
    assert view.js("return document.getElementById('history-empty').hidden") is False
    assert view.text("history-empty-title") == "Nothing was measured in this range"
    assert "What is kept begins on" in view.text("history-empty-text")
    assert view.js("return document.getElementById('history-body').hidden") is True
    view.js("document.querySelector('#history-lengths [data-from=\"now-24h\"]').click()")
    view.until(lambda: view.js("return !document.getElementById('history-body').hidden"), "drawn")
    assert "The history begins at" in view.text("history-note-text")
    view.click("history-note-button")
    view.until(lambda: 0 < length(view) < 800_000, "what was measured")
    assert view.js("return document.getElementById('history-note').hidden") is True


def test_changes_are_drawn_with_what_came_of_them(serve: Any, view: Any) -> None:
    """A marker on every chart, in the lane, and told when it is asked; hostile names are text."""
    dashboard = with_past(serve, 0.5)
    hostile = '<img src=x onerror="window.ran=1">'
    dashboard.monitor.experiment.mark(hostile, None)
    dashboard.tick()
    open_page(view, dashboard, f"?from=now-30m&to={soon()}")
    view.until(
        lambda: view.js("return document.querySelectorAll('.history-event').length") == 1, "in its lane", 15
    )
    assert view.js("return document.querySelectorAll('.history-mark--change').length") == 7
    assert view.js("return document.querySelector('.history-mark__words').textContent") == hostile
    view.js("document.querySelector('.history-event').focus()")
    assert hostile in view.text("history-event")
    assert view.js("return window.ran") is None
    view.problems()


@pytest.mark.parametrize("width", [360, 390, 1920])
def test_no_picture_is_wider_than_the_window(serve: Any, view: Any, width: int) -> None:
    """Nor are the words of a change at its edge."""
    dashboard = with_past(serve, 0.5)
    dashboard.monitor.experiment.mark("a change with a name that is as long as a line may be " * 2, None)
    dashboard.tick()
    view.cdp(
        "Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 500
    )
    open_page(view, dashboard, f"?from=now-30m&to={soon()}")
    view.until(lambda: length(view), "drawn")
    assert view.js("return document.querySelectorAll('.history-event__words').length") == 1
    wide, inner = view.js("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert inner == width
    assert wide <= inner


def test_the_page_answers_for_its_file(serve: Any, view: Any) -> None:
    """The link is exactly the range shown: as many rows as there are samples between its ends."""
    dashboard = with_past(serve, 1)
    open_page(view, dashboard, "?from=now-10m&to=now")
    until_length(view, 600_000)
    text = view.js("return fetch(document.getElementById('history-csv').href).then((answer) => answer.text())")
    rows = text.splitlines()[1:]
    assert len(rows) == pytest.approx(600, abs=3)
    assert view.js("return getComputedStyle(document.getElementById('export-link')).display") == "none"
