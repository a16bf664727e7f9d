"""What the History page does where nothing was measured, or nothing can be had."""

import re
from typing import Any

import pytest

from browser.dashboard import wave
from browser.past import with_past
from browser.test_history import FIRST, drag, drawn, length, open_page, search, soon, until_length
from monitor.core.errors import StoreError
from monitor.engine.history import History

BODY = "return document.getElementById('history-body').hidden"
NOTE = "history-note-text"


def pieces(view: Any, part: str, chart: str) -> int:
    """Return of how many pieces a band or line is."""
    script = "return document.querySelector(`#${arguments[1]} .${arguments[0]}`).getAttribute('d')"
    return view.js(script, part, chart).count("M")


def test_a_standstill_of_seconds_is_a_gap_in_bands_and_lines(serve: Any, view: Any) -> None:
    """Also where each span has some samples: a band through them would say that all was measured."""
    dashboard = with_past(serve, 0.5)
    dashboard.tick(seconds=9.0)
    dashboard.tick(60)
    open_page(view, dashboard, f"?from={soon() - 3_600_000}&to={soon()}")
    view.until(lambda: view.text(f"{FIRST}-unit").endswith("per 10 s"), "drawn", 15)
    for chart in (FIRST, "history-cpu", "history-memory"):
        assert pieces(view, "history-chart__band", chart) == 2
        assert pieces(view, "history-chart__line", chart) == 2
    assert view.problems() == []


def test_a_first_visit_shows_what_comes_as_soon_as_it_is_there(serve: Any, view: Any) -> None:
    """A range that ends now does not stay empty for a minute."""
    dashboard = serve(history=0)
    open_page(view, dashboard)
    assert view.js(BODY) is True
    assert view.text("history-empty-title") == "Nothing is measured yet"
    dashboard.tick(3)
    view.until(lambda: not view.js(BODY), "shown", 25)
    open_page(view, dashboard, "?from=now-24h&to=now")
    assert view.js(BODY) is False, "a long range does not wait for its next minute"
    assert view.problems() == []


def test_why_there_is_no_answer_is_said_and_it_is_asked_again(
    serve: Any, view: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the server's own words; what is shown stays, and goes on when it can."""

    def unreadable(*_: object) -> None:
        raise StoreError("history.db cannot be read: permission denied")

    dashboard = with_past(serve, 0.3)
    with monkeypatch.context() as broken:
        broken.setattr(History, "spans", unreadable)
        view.open(dashboard, "history?from=now-10m&to=now")
        view.until(lambda: "permission denied" in view.text(NOTE), "said", 20)
        assert view.text(NOTE) == (
            "The server answers: history.db cannot be read: permission denied. "
            "It is asked again each 5 s; the Live page shows what is in memory."
        )
        assert view.text("history-empty-title") == "The history cannot be shown now"
        asked = dashboard.requests("/history/spans")
        dashboard.tick(3)
        view.until_at(dashboard.seq)
        assert dashboard.requests("/history/spans") <= asked + 1, "not with each sample"
    view.until(lambda: length(view) == 600_000, "shown", 20)
    assert view.text(NOTE) == ""
    view.problems()


def test_a_period_before_without_data_is_said_beside_where_the_history_begins(serve: Any, view: Any) -> None:
    """And dashed lines have a legend where there are any."""
    dashboard = with_past(serve, 0.3)
    legend = f"return document.getElementById('{FIRST}-before').hidden"
    open_page(view, dashboard, "?from=now-6h&to=now&compare=1")
    until_length(view, 6 * 3_600_000)
    assert "The history begins at" in view.text(NOTE)
    assert "Nothing was measured in the period before" in view.text(NOTE)
    assert view.js(legend) is True
    open_page(view, dashboard, "?from=now-5m&to=now&compare=1")
    until_length(view, 300_000)
    assert view.js(legend) is False


def test_a_range_of_seconds_is_told_to_the_second_and_has_ten_of_them(serve: Any, view: Any) -> None:
    """What is dragged across below that is widened, and the page says so."""
    dashboard = with_past(serve, 0.3)
    open_page(view, dashboard, "?from=now-40s&to=now")
    until_length(view, 40_000)
    moment = r"\S+ \S+ \d\d:\d\d:\d\d"
    assert re.fullmatch(rf"{moment} \u2013 {moment}", view.text("history-when-text"))
    drag(view, FIRST, 0.5, 0.6)
    view.until(lambda: length(view) == 10_000, "ten seconds", 15)
    assert re.search(r"^A range has 10 s or more: .* the \d(\.\d+)? s that were chosen\.$", view.text(NOTE))
    found = search(view)
    drag(view, FIRST, 0.45, 0.55)
    view.until(lambda: search(view) != found or "A range has 10 s" in view.text(NOTE), "said again")
    assert drawn(view)["to"] - drawn(view)["from"] == 9_999


def test_no_label_of_the_time_leaves_its_picture(serve: Any, view: Any) -> None:
    """The last one neither, however long it is."""
    dashboard = with_past(serve, 0.3)
    end = soon() // 10_000 * 10_000 - 60_000
    open_page(view, dashboard, f"?from={end - 60_000}&to={end}")
    until_length(view, 60_000)
    beyond = view.js(
        "return [...document.querySelectorAll('.history-plot__time')].filter((label) =>"
        " label.getBoundingClientRect().right > label.parentNode.getBoundingClientRect().right + 1).length"
    )
    assert beyond == 0


def test_what_was_not_measured_has_no_axis(serve: Any, view: Any) -> None:
    """No invented values at the side of a chart or a forecast."""
    dashboard = serve(history=0)
    dashboard.tick(5, lambda number: {"cpu_utilization": wave(number)["cpu_utilization"]})
    open_page(view, dashboard, f"?from=now-10m&to={soon()}")
    view.until(lambda: not view.js(BODY), "shown", 20)
    texts = (
        "return [...document.querySelectorAll(`#${arguments[0]} .history-plot__value`)].map((v) => v.textContent)"
    )
    assert view.js(texts, "history-memory") == []
    assert view.js(texts, "history-cpu") != []
    said = "return document.querySelector(`#${arguments[0]} .history-plot__none`).textContent"
    assert view.js(said, "history-memory") == "no data"
    view.until(lambda: view.text("history-forecast-words") != "Asking …", "the forecast", 15)
    assert view.js(texts, "history-forecast") == []


def test_what_is_open_for_reading_gives_no_advice_to_change_it(serve: Any, view: Any) -> None:
    """Nothing can be noted there, and no target exposes anything."""
    dashboard = serve(history=0, read_only="day.csv is open for reading only")
    dashboard.tick(5)
    open_page(view, dashboard, f"?from=now-10m&to={soon()}")
    view.until(lambda: not view.js(BODY), "shown", 20)
    assert view.text("history-event") == "Nothing was noted in this range."
    assert view.text("history-bands-none") == "No latency histograms in this range."
