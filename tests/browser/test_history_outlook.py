"""What the History page says of the next minutes, and the range on paper."""

import re
from pathlib import Path
from typing import Any

import pytest

from browser.past import with_past
from browser.test_history import drawn, open_page, until_length
from fakes import Sketch
from monitor.core.errors import ReportError
from monitor.core.report import Report

WORDS = "history-forecast-words"
REPORT = "history-report-words"
FORECAST = "history-forecast"


def until_says(view: Any, element: str, words: str) -> str:
    view.until(lambda: words in view.text(element), f"{element} says {words!r}", 15)
    return view.text(element)


def choose(view: Any, metric: str) -> None:
    view.js(
        "const field = document.getElementById('history-forecast-metric'); field.value = arguments[0];"
        "field.dispatchEvent(new Event('change', {bubbles: true}))",
        metric,
    )


def test_the_next_half_hour_is_drawn_with_what_its_bands_were_worth(serve: Any, view: Any) -> None:
    """The last hour, a dashed mean, two bands, and words; read by the keys; another metric is chosen."""
    dashboard = with_past(serve, 4, leak=6.0)
    open_page(view, dashboard, "?from=now-1h&to=now")
    words = until_says(view, WORDS, "In 30 min about")
    assert "MB [" in words
    assert "The 80 % band held " in words
    assert "% over the last 4 h." in words
    assert view.text(f"{FORECAST}-title") == "Memory, next 30 min"
    assert words in view.attribute(FORECAST, "aria-label").replace("\u00a0", " ")
    count = f"return [...document.querySelectorAll('#{FORECAST} ' + arguments[0])].length"
    assert view.js(count, ".history-forecast__band") == 2
    assert view.js(count, ".history-forecast__mean") == 1
    times = f"return [...document.querySelectorAll('#{FORECAST} .history-plot__time')].map((t) => t.textContent)"
    assert view.js(times) == ["\u221260 min", "\u221230", "now", "+15", "+30"]
    view.js(f"document.getElementById('{FORECAST}').focus()")
    view.driver.switch_to.active_element.send_keys("\ue013\ue010")  # up, end
    label = f"return document.querySelector('#{FORECAST} .history-label')?.innerText ?? ''"
    assert "80 %" in view.js(label)
    assert "95 %" in view.js(label)
    view.driver.switch_to.active_element.send_keys("\ue011")  # home
    assert "forecast" not in view.js(label)
    view.driver.switch_to.active_element.send_keys("+")
    assert view.js("return location.search") == "?from=now-1h&to=now", "it has a range of its own"
    choose(view, "cpu_utilization")
    view.until(lambda: view.text(f"{FORECAST}-title") == "CPU, next 30 min", "the other metric", 15)
    view.until(lambda: "CPU: " in view.text("live-region"), "said aloud")
    assert view.problems() == []


def test_when_a_rule_fires_if_the_trend_goes_on(serve: Any, view: Any) -> None:
    """Of one that was reached already nothing is said."""
    dashboard = with_past(serve, 4, leak=6.0)
    leak = {"name": "Leak", "metric": "memory_mb", "condition": "above", "threshold": 108, "severity": "info"}
    dashboard.monitor.alerting.add(leak)
    open_page(view, dashboard, "?from=now-1h&to=now")
    words = until_says(view, WORDS, "If the trend goes on, Leak (above 108 MB) in about ").replace("\u00a0", " ")
    assert re.search(r"in about 2[456] min \[\d+, \d+\]\.$", words)
    assert "High Memory Usage" not in words
    assert view.problems() == []


def test_silence_has_its_reason_beside_the_last_hour(serve: Any, view: Any) -> None:
    """No band, no mean; what was measured is drawn."""
    dashboard = with_past(serve, 0.5)
    open_page(view, dashboard)
    words = until_says(view, WORDS, "A forecast needs 120 measured minutes, there are ")
    assert words.endswith("It is tried again each minute.")
    assert view.js(f"return document.querySelectorAll('#{FORECAST} .history-forecast__band').length") == 0
    line = view.js(f"return document.querySelector('#{FORECAST} .history-chart__line').getAttribute('d')")
    assert line.startswith("M")


def test_the_forecast_follows_the_time(serve: Any, view: Any) -> None:
    """A minute later it is asked for again, whatever range is shown; a dead server is said."""
    dashboard = with_past(serve, 1)
    open_page(view, dashboard, "?from=now-30m&to=now")
    until_says(view, WORDS, "A forecast needs")
    asked = dashboard.requests("/forecast")
    assert asked == 1
    dashboard.refuse.add("/api/v1/forecast")
    view.js("const real = performance.now.bind(performance); performance.now = () => real() + 61000")
    view.js("document.dispatchEvent(new Event('visibilitychange'))")
    until_says(view, WORDS, "the server does not answer")
    assert dashboard.requests("/forecast") == asked + 1
    view.problems()


@pytest.fixture
def sketches(monkeypatch: pytest.MonkeyPatch) -> list[Sketch]:
    """Let reports be drawn by sketches, which wait for the test."""
    made: list[Sketch] = []

    def draw(report: Report) -> Sketch:
        made.append(Sketch(report))
        return made[-1]

    monkeypatch.setattr("monitor.bootstrap.ChildDrawing", draw)
    return made


def downloaded(folder: Path) -> list[Path]:
    return sorted(folder.glob("hub-monitor-*.pdf"))


def until_begun(view: Any, sketches: list[Sketch], count: int) -> None:
    view.until(lambda: len(sketches) == count, "a drawing has begun")
    until_says(view, REPORT, "50 %")


def test_the_range_shown_is_drawn_and_handed_over(
    serve: Any, view: Any, sketches: list[Sketch], tmp_path: Path
) -> None:
    """With progress; the button keeps the focus, does nothing meanwhile, and says so."""
    view.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    dashboard = with_past(serve, 1)
    open_page(view, dashboard, "?from=now-10m&to=now")
    until_length(view, 600_000)
    shown = drawn(view)
    view.js("document.getElementById('history-pdf').focus()")
    view.driver.switch_to.active_element.send_keys(" ")
    until_begun(view, sketches, 1)
    report = sketches[0].report
    assert report is not None
    assert (report.start, report.end) == (shown["from"], shown["to"] + 1)
    assert view.attribute("history-pdf", "aria-disabled") == "true"
    assert "cancel it" in (view.attribute("history-pdf", "title") or "")
    view.driver.switch_to.active_element.send_keys(" ")
    view.until(lambda: "The report is being drawn" in view.text("live-region"), "said aloud")
    assert len(sketches) == 1
    sketches[0].go.set()
    until_says(view, REPORT, "is ready.")
    view.until(lambda: downloaded(tmp_path), "downloaded", 15)
    assert downloaded(tmp_path)[0].read_bytes() == b"%PDF-sketch"
    assert view.js("return document.activeElement.id") == "history-pdf"
    assert view.attribute("history-pdf", "aria-disabled") == "false"
    assert view.js("return document.getElementById('history-report-file').hidden") is False
    assert view.problems() == []


def test_a_report_is_cancelled_and_the_next_one_drawn(serve: Any, view: Any, sketches: list[Sketch]) -> None:
    """The focus goes back to where it came from."""
    dashboard = with_past(serve, 0.5)
    open_page(view, dashboard)
    view.click("history-pdf")
    until_begun(view, sketches, 1)
    view.click("history-report-cancel")
    until_says(view, REPORT, "The report was cancelled.")
    assert sketches[0].stopped
    assert view.js("return document.activeElement.id") == "history-pdf"
    assert view.js("return document.getElementById('history-report-cancel').hidden") is True
    view.click("history-pdf")
    until_begun(view, sketches, 2)
    sketches[1].go.set()
    until_says(view, REPORT, "is ready.")


def test_what_was_not_drawn_says_what_to_do(
    serve: Any, view: Any, sketches: list[Sketch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another viewer's report, one that fails, and a server that is not there."""

    def late(_: Sketch, __: object) -> bytes:
        raise ReportError("it took more than 30 s")

    dashboard = with_past(serve, 0.5)
    open_page(view, dashboard)
    view.js(
        "fetch('/api/v1/reports', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})"
    )
    view.until(lambda: sketches, "another viewer's has begun")
    view.click("history-pdf")
    until_says(view, REPORT, "another report is being drawn, and it is one at a time. Try again in a few seconds.")
    monkeypatch.setattr(Sketch, "run", late)
    sketches[0].go.set()
    view.until(lambda: not view.js(DRAWING), "the other one is done", 15)
    view.click("history-pdf")
    until_says(view, REPORT, "it took more than 30 s. Try again, or choose a shorter range.")
    dashboard.stop()
    view.click("history-pdf")
    until_says(view, REPORT, "the server does not answer. Try again when the page is live.")
    view.problems()


BEGIN = """
fetch('/api/v1/reports', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'});
"""
DRAWING = """
const request = new XMLHttpRequest();
request.open('GET', '/api/v1/reports/r1', false);
request.send();
return JSON.parse(request.responseText).state === 'drawing';
"""
