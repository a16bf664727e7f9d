"""Recording a baseline and marking a change, as a person does it."""

from typing import Any

from browser.dashboard import wave


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
    assert view.text("baseline-error").startswith("Not done: name")
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
    assert view.text("page-impact-0-change") == "cache on"
    view.click("panel-baselines-0-pin")
    view.until(lambda: dashboard.monitor.experiment.state().baselines[0].pinned, "pinned")
    view.until_at(dashboard.tick(1, faster))
    assert view.attribute("panel-baselines-0-delete", "hidden") is not None
    view.click("panel-baselines-0-pin")
    view.until(lambda: not dashboard.monitor.experiment.state().baselines[0].pinned, "unpinned")
    view.until_at(dashboard.tick(1, faster))
    view.click("panel-baselines-0-delete")
    view.until(lambda: not dashboard.monitor.experiment.state().baselines, "deleted")
    view.until_at(dashboard.tick(1, faster))
    assert view.text("panel-verdict-figure") == "No baseline yet"
    # The refusal of the empty name is in the console, and nothing else.
    assert all("400" in problem for problem in view.problems())


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
    assert view.text("proof-pace") == "4 pairs of twice 40 s, 5 min 20 s in all."
    view.driver.find_element("id", "proof-start").send_keys("\n")
    refusal = "Not done: optimization the target offers no switches now."
    view.until(lambda: view.text("proof-error") == refusal, "refused")
    assert all("400" in problem for problem in view.problems())
