"""Recording a baseline and marking a change, as a person does it."""

from dataclasses import replace
from typing import Any

import pytest

from browser.dashboard import wave
from monitor.core.baseline import load_of
from monitor.core.expectation import Expectation

# How many of the points of a grid on the label are on a line of its chart.
COVERED = """
const label = document.querySelector(arguments[0]);
const box = document.createRange();
box.selectNodeContents(label);
const { left, top, right, bottom } = box.getBoundingClientRect();
const lines = [...label.closest('.live-chart').querySelectorAll('.js-line')];
let covered = 0;
for (let x = left; x <= right; x += 2) {
  for (let y = top; y <= bottom; y += 2) {
    for (const line of lines) {
      const at = new DOMPoint(x, y).matrixTransform(line.getScreenCTM().inverse());
      covered += line.isPointInStroke(at) ? 1 : 0;
    }
  }
}
const { textShadow, backgroundColor } = getComputedStyle(label);
return [covered, right - left > 10, textShadow, backgroundColor];
"""


def faster(number: int) -> dict[str, float]:
    """A service that got twice as fast at sample 200."""
    level = 2.0 if number > 200 else 1.0
    return wave(number) | {
        "offered_ops_sec": 600.0 + number % 3,
        "throughput_ops_sec": level * (200.0 + number % 7),
        "latency_ms": (100.0 + number % 5) / level,
        "memory_mb": 40.0 + number % 4,
        "cpu_utilization": 20.0 + number % 3,
        "error_rate": 0.0,
    }


def fill(view: Any, element: str, text: str) -> None:
    view.js("document.getElementById(arguments[0]).value = arguments[1]", element, text)


def test_a_baseline_is_recorded_and_a_change_is_judged(serve: Any, view: Any) -> None:
    """From the first click to the verdict."""
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    view.open(dashboard).until_drawn()
    assert view.text("panel-verdict-figure") == "No baseline yet"
    view.click("record-button")
    assert view.js("return document.getElementById('baseline-dialog').open")
    view.click("baseline-last")
    view.until(lambda: view.text("baseline-error"), "a name is asked for")
    assert view.text("baseline-error") == "Not done: give it a name to know it by."
    assert dashboard.requests("v1/baselines") == 0
    fill(view, "baseline-name", "before")
    view.js("document.getElementById('baseline-seconds').value = '75'")
    view.click("baseline-last")
    view.until(lambda: not view.js("return document.getElementById('baseline-dialog').open"), "closed")
    view.until_at(dashboard.tick(1, faster))
    assert view.text("baseline-active") == "before · 1 min 15 s"
    view.js("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'm', bubbles: true}))")
    fill(view, "marker-text", "cache on")
    view.click("marker-send")
    view.until(lambda: not view.js("return document.getElementById('marker-dialog').open"), "closed")
    view.until_at(dashboard.tick(60, faster))
    assert view.text("panel-verdict-word") == "Better"
    assert "since “cache on”" in view.text("panel-verdict-interval")
    assert view.text("panel-changes-throughput_ops_sec-state") == "+100 %"
    view.click("nav-impact")
    assert view.text("page-impact-throughput_ops_sec-word") == "Better"
    assert view.text("panel-ledger-0-change") == "cache on"
    view.click("panel-baselines-0-pin")
    view.until(lambda: dashboard.monitor.experiment.state().baselines[0].pinned, "pinned")
    view.until_at(dashboard.tick(1, faster))
    assert view.attribute("panel-baselines-0-delete", "hidden") is not None
    view.click("panel-baselines-0-pin")
    view.until(lambda: not dashboard.monitor.experiment.state().baselines[0].pinned, "unpinned")
    view.until_at(dashboard.tick(1, faster))
    view.click("panel-baselines-0-delete")
    assert view.attribute("panel-baselines-0-delete", "aria-label") == "Really delete?"
    assert dashboard.monitor.experiment.state().baselines, "it takes a second press"
    view.click("panel-baselines-0-delete")
    view.until(lambda: not dashboard.monitor.experiment.state().baselines, "deleted")
    view.until_at(dashboard.tick(1, faster))
    assert view.text("panel-verdict-figure") == "No baseline yet"
    assert view.problems() == []


def test_a_second_click_does_it_once(serve: Any, view: Any) -> None:
    """And what was sent is not there when the dialog is opened again."""
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    view.open(dashboard).until_drawn()
    view.click("record-button")
    fill(view, "baseline-name", "two\nlines")
    fill(view, "baseline-seconds", "75")
    view.js("document.getElementById('baseline-last').click(); document.getElementById('baseline-last').click()")
    view.until(lambda: not view.js("return document.getElementById('baseline-dialog').open"), "closed")
    assert dashboard.requests("v1/baselines") == 1
    [baseline] = dashboard.monitor.experiment.state().baselines
    assert baseline.name == "two lines"
    view.click("record-button")
    assert view.js("return document.getElementById('baseline-name').value") == ""
    assert view.problems() == []


def test_two_baselines_are_not_deleted_with_two_presses_in_one_place(serve: Any, view: Any) -> None:
    """Where a row changes its place between the presses the second one asks again."""
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    experiment = dashboard.monitor.experiment
    experiment.record_last(100, "first", "")
    view.open(dashboard, "impact")
    view.until_at(dashboard.tick(1, faster))
    view.click("panel-baselines-0-delete")
    experiment.record_last(90, "second", "")
    view.until_at(dashboard.tick(1, faster))
    assert view.text("panel-baselines-0-name") == "second (compared with now)"
    view.click("panel-baselines-0-delete")
    assert view.attribute("panel-baselines-0-delete", "aria-label") == "Really delete?"
    view.click("panel-baselines-0-delete")
    view.until(lambda: len(experiment.state().baselines) == 1, "deleted")
    assert experiment.state().baselines[0].name == "first"
    assert view.problems() == []


def test_a_number_keeps_its_unit_on_a_phone(serve: Any, view: Any) -> None:
    """A line does not end between them."""
    dashboard = serve(history=0)
    dashboard.tick(100, faster)
    dashboard.monitor.experiment.record_next(75, "before", "")
    view.open(dashboard)
    view.until_at(dashboard.tick(74, faster))
    words = view.js("return document.getElementById('panel-verdict-interval').textContent")
    assert words == "“before”: 74\u00a0of\u00a075\u00a0s"


def test_the_impact_page_is_no_wider_than_a_phone(serve: Any, view: Any) -> None:
    """Each row of its tables is a card, with nothing to scroll to."""
    view.cdp("Emulation.setDeviceMetricsOverride", width=360, height=800, deviceScaleFactor=1, mobile=True)
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    dashboard.monitor.experiment.record_last(100, "before", "")
    dashboard.monitor.experiment.mark("a" * 120)
    dashboard.tick(60, faster)
    view.open(dashboard, "impact")
    view.until(lambda: view.text("panel-ledger-0-change") == "a" * 120, "data")

    def beyond() -> list[list[Any]]:
        return view.js(
            "return [document.documentElement, ...document.querySelectorAll('.table__frame, .card')]"
            ".map((frame) => [frame.id || frame.tagName, frame.scrollWidth - frame.clientWidth])"
            ".filter(([, pixels]) => pixels > 0)"
        )

    assert beyond() == []
    label = "getComputedStyle(document.getElementById('page-impact-latency_ms-now'), '::before').content"
    assert view.js(f"return {label}") == '"Now"'
    view.open(dashboard)
    view.until(lambda: "a" * 120 in view.text("panel-verdict-interval"), "data")
    assert beyond() == []


def test_the_expected_follows_the_load(serve: Any, view: Any) -> None:
    """Beside what is measured stands what the baseline's service would show, computed as the server does."""

    def loaded(number: int) -> dict[str, float]:
        load = 100.0 + number % 41 if number != 260 else 900.0
        level = 1.0 if number <= 200 else 0.5
        return faster(0) | {"offered_ops_sec": load, "cpu_utilization": level * (10.0 + load / 10.0)}

    dashboard = serve(history=0)
    dashboard.tick(200, loaded)
    view.open(dashboard).until_drawn()
    assert len(view.js("return document.getElementById('chart-cpu').data")) == 1
    dashboard.monitor.experiment.record_last(150, "before", "")
    view.until_at(dashboard.tick(61, loaded))
    view.until(lambda: view.path("chart-cpu", 1), "expected line drawn")
    assert view.text("chart-cpu").count("expected at this load") == 1
    _, cpu = view.data("chart-cpu", 0)
    _, drawn = view.data("chart-cpu", 1)
    baseline = dashboard.monitor.experiment.state().baselines[0]
    one: Any = Expectation.of(baseline, "cpu_utilization")
    load = load_of(dashboard.monitor.snapshot.recent.values[-len(drawn) :])
    expected = [None if value != value else value for value in one.at(load).tolist()]  # noqa: PLR0124 - NaN
    assert drawn[-2] is None
    assert [None if value is None else round(value, 6) for value in drawn] == [
        None if value is None else round(value, 6) for value in expected
    ]
    assert drawn[-1] == pytest.approx(2 * cpu[-1], rel=0.02)
    view.js("document.getElementById('chart-latency').focus()")
    view.js(
        "document.getElementById('chart-latency').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'End', bubbles: true}))"
    )
    view.until(lambda: "mean expected at this load" in view.text("chart-latency"), "named in the label")
    view.js("document.querySelector('#range-picker [data-seconds=\"300\"]').click()")
    view.until(lambda: len(view.data("chart-cpu", 1)[0]) > 200, "five minutes drawn")
    assert sum(value is None for value in view.data("chart-cpu", 1)[1]) == 1
    dashboard.monitor.experiment.delete(baseline.id)
    view.until_at(dashboard.tick(1, loaded))
    view.until(lambda: len(view.js("return document.getElementById('chart-cpu').data")) == 1, "gone")
    assert view.problems() == []


@pytest.mark.parametrize("seconds", [60, 300, 900])
def test_words_on_the_charts_hide_nothing(serve: Any, view: Any, seconds: int) -> None:
    """The names of what is expected and of a change stand where no line is, on no ground of their own."""
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    dashboard.monitor.experiment.record_last(100, "before", "")
    dashboard.tick(20, faster)
    dashboard.monitor.experiment.mark("cache on")
    dashboard.tick(39, faster)
    view.open(dashboard).until_drawn()
    view.js("document.querySelector(`#range-picker [data-seconds='${arguments[0]}']`).click()", seconds)
    view.until(lambda: seconds == 60 or len(view.data("chart-cpu", 1)[0]) > 60, "drawn")
    view.until_at(dashboard.tick(1, faster))
    for words in ("#chart-latency .chart-expected", "#chart-memory .chart-expected", "#chart-cpu .chart-change"):
        view.until(lambda words=words: view.js(COVERED, words)[1], f"{words} shown")
        assert view.js(COVERED, words) == [0, True, "none", "rgba(0, 0, 0, 0)"], words
    assert view.problems() == []


def test_the_intervals_are_drawn_over_time(serve: Any, view: Any) -> None:
    """Asked for once when the page is opened, then they grow with each patch; a change begins them anew."""
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    dashboard.monitor.experiment.record_last(100, "before", "")
    dashboard.monitor.experiment.mark("cache on")
    dashboard.tick(60, faster)

    def corners() -> int:
        line = "document.querySelector('.course[data-metric=latency_ms] .course__line')"
        return view.js(f"return ({line}?.getAttribute('d') ?? '').split('L').length")

    view.open(dashboard, "impact")
    view.until(lambda: corners() > 5, "drawn")
    assert dashboard.requests("impact/course") == 1
    before = corners()
    view.until_at(dashboard.tick(3, faster))
    assert corners() == before + 3
    assert dashboard.requests("impact/course") == 1
    dashboard.monitor.experiment.mark("cache off")
    view.until_at(dashboard.tick(1, faster))
    view.until(lambda: not view.js("return document.querySelector('.course__empty').hidden"), "begun anew")
    view.until_at(dashboard.tick(60, faster))
    view.until(lambda: corners() > 5, "drawn again")
    assert dashboard.requests("impact/course") <= 3
    assert view.problems() == []


def test_a_baseline_from_elsewhere_says_so(serve: Any, view: Any) -> None:
    """As soon as it is compared with, and no longer."""
    dashboard = serve(history=0)
    dashboard.tick(150, faster)
    experiment = dashboard.monitor.experiment
    own = experiment.record_last(100, "own", "")
    foreign = experiment.add(replace(own, fingerprint=own.fingerprint | {"host": "<b>other</b>"}))
    view.open(dashboard, "impact")
    view.until(lambda: view.seq == dashboard.seq, "data")
    view.until_at(dashboard.tick(1, faster))
    assert view.attribute("page-impact-elsewhere", "hidden") is not None
    experiment.activate(foreign.id)
    view.until_at(dashboard.tick(1, faster))
    assert "recorded on host <b>other</b>; this monitor runs on host " in view.text("page-impact-elsewhere")
    assert view.attribute("page-impact-elsewhere", "hidden") is None
    experiment.activate(own.id)
    view.until_at(dashboard.tick(1, faster))
    assert view.attribute("page-impact-elsewhere", "hidden") is not None
    assert view.problems() == []


def test_a_server_that_does_not_answer_is_said_in_the_dialog(serve: Any, view: Any) -> None:
    """Nothing is lost of what was written."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.click("record-button")
    fill(view, "baseline-name", "kept")
    dashboard.stop()
    view.click("baseline-last")
    view.until(lambda: "does not answer" in view.text("baseline-error"), "said so")
    assert view.js("return document.getElementById('baseline-name').value") == "kept"
    view.problems()


def test_a_change_that_nobody_noted_is_found_and_marked(serve: Any, view: Any) -> None:
    """Without being asked for; with a click, where it was."""

    def stepped(number: int) -> dict[str, float]:
        return faster(0) | {"latency_ms": (100.0 + number % 5) * (1.0 if number <= 3300 else 0.5)}

    dashboard = serve(history=0)
    # What searches by itself does so in the background.
    dashboard.monitor.experiment.start()
    dashboard.tick(3900, stepped)
    view.open(dashboard, "impact")
    view.until(lambda: view.seq == dashboard.seq, "data")
    dashboard.tick(1, stepped)
    view.until(lambda: "Latency \u221250 %" in view.text("panel-suggestions-list"), "found")
    view.js("document.querySelector('[data-suggested]').click()")
    view.until(lambda: not dashboard.monitor.experiment.state().suggestions, "noted")
    dashboard.tick(1, stepped)
    view.until(lambda: view.js("return document.getElementById('panel-suggestions-0').hidden"), "marked")
    [marker] = dashboard.monitor.experiment.state().markers
    assert marker.text == "Latency -50 %"
    view.click("suggestions-search")
    view.until(lambda: view.text("panel-suggestions-status") == "Searched: nothing found.", "nothing more")
    assert view.js("return document.activeElement.id") == "suggestions-search"


def test_a_proof_is_asked_for_by_keyboard(serve: Any, view: Any) -> None:
    """What can be switched is offered, its length is said; a refusal stands below the button."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.click("nav-impact")
    assert view.attribute("panel-proof", "hidden") is not None
    view.until_at(dashboard.tick(1, switches={"cache": True, "pool": False}))
    assert view.attribute("panel-proof", "hidden") is None
    assert view.js("return document.getElementById('proof-optimization').value") == "cache"
    view.driver.find_element("id", "proof-pairs").send_keys("4")
    assert view.text("proof-pace") == "4 pairs of twice 40 s, about 5 min 20 s"
    view.driver.find_element("id", "proof-start").send_keys("\n")
    refusal = "Not done: the target offers no switches now."
    view.until(lambda: view.text("proof-error") == refusal, "refused")
    assert all("400" in problem for problem in view.problems())


def test_a_baseline_that_is_shorter_than_asked_says_why(serve: Any, view: Any) -> None:
    """It is recorded, and the dialog stays open until that was read."""
    dashboard = serve(history=0)
    dashboard.tick(200, faster)
    view.open(dashboard).until_drawn()
    view.click("record-button")
    fill(view, "baseline-name", "before")
    view.click("baseline-last")
    view.until(lambda: view.text("baseline-told"), "told")
    assert view.text("baseline-told") == "Recorded, but 200 s of the 300 s asked for: no more was measured."
    assert view.text("baseline-error") == ""
    assert len(dashboard.monitor.experiment.state().baselines) == 1
    view.js("document.getElementById('baseline-dialog').close()")
    view.click("record-button")
    assert view.text("baseline-told") == ""


def test_what_is_open_for_reading_offers_nothing_to_change(serve: Any, view: Any) -> None:
    """No button, no key: the reason instead. What only shows something stays."""
    dashboard = serve(history=0, read_only="day.csv is open for reading only")
    dashboard.tick(200, faster, switches={"message_batching": True})
    view.open(dashboard).until_drawn()
    seen = "[...document.querySelectorAll('{}')].filter((one) => one.checkVisibility()).map((one) => one.id)"
    for page in ("nav-live", "nav-impact"):
        view.click(page)
        assert view.js(f"return {seen.format('[data-writes]')}") == []
        assert view.js(f"return {seen.format('#export-link, #theme-button')}") == ["export-link", "theme-button"]
    for key, dialog in (("b", "baseline"), ("m", "marker")):
        view.js(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))")
        assert not view.js(f"return document.getElementById('{dialog}-dialog').open")
    view.until(lambda: "open for reading only" in view.text("live-region"), "the reason is announced")
