"""The Alerts page in a real browser: acknowledging, filtering, reading what happened and how often."""

from typing import Any

import pytest
from selenium_axe_python import Axe

from browser.dashboard import Dashboard, wave
from browser.test_access import serious
from monitor.core.rule import RULES

ACTIVE = "#alerts-active .alarm"
SEEN = "#alerts-acknowledged .alarm"
OVER = "#alerts-over .alarm"
HOSTILE = '<img src=x onerror="window.ran=1">&"'


def rule(name: str, threshold: float = 100.0, **changed: Any) -> dict[str, Any]:
    return {
        "name": name,
        "metric": "latency_ms",
        "condition": "above",
        "threshold": threshold,
        "severity": "warning",
        "for_secs": 0,
        "keep_firing_secs": 0,
        "cooldown_secs": 0,
    } | changed


def slow(latency: float) -> Any:
    return lambda number: wave(number) | {"latency_ms": latency}


def watched(serve: Any, *rules: dict[str, Any]) -> Dashboard:
    """Serve a target that only these rules watch. Its samples are old enough for the server's clock."""
    dashboard: Dashboard = serve(5, skew=-600)
    # Each answer waits for what it changed to be on the disk.
    dashboard.monitor.writer.open()
    dashboard.monitor.writer.start()
    for one in RULES:
        dashboard.monitor.alerting.replace(one.id, one.document() | {"enabled": False})
    for one in rules:
        dashboard.monitor.alerting.add(one)
    dashboard.tick()
    return dashboard


def shown(view: Any, dashboard: Dashboard) -> None:
    view.open(dashboard, "alerts")
    view.until_page("alerts")
    view.until(lambda: view.seq is not None, "data")
    view.until(lambda: not view.text("alerts-lead").startswith("Reading"), "read")


def count(view: Any, rows: str) -> int:
    return view.js("return document.querySelectorAll(arguments[0]).length", rows)


def texts(view: Any, rows: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map((row) => row.innerText)"
    return [text.replace("\u00a0", " ") for text in view.js(script, rows)]


def press(view: Any, selector: str) -> None:
    element = view.browser.find_element(selector)
    view.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.click()


def test_an_alert_is_acknowledged_with_a_name_and_a_note(serve: Any, view: Any) -> None:
    """It moves to those that were seen, the name is remembered, and its end moves it to the history."""
    dashboard = watched(serve, rule("Slow"), rule("Slower", 200.0, severity="critical"))
    shown(view, dashboard)
    assert "Nothing asks for you" in view.text("panel-active")
    dashboard.tick(values=slow(300.0))
    view.until(lambda: count(view, ACTIVE) == 2, "two alerts")
    first, second = texts(view, ACTIVE)
    assert first.split()[:6] == ["critical", "Slower", "300", "ms", ">", "200"]
    assert second.split()[:6] == ["warning", "Slow", "300", "ms", ">", "100"]
    dashboard.tick(3, values=slow(310.0))
    view.until(lambda: "310 ms > 200 ms" in texts(view, ACTIVE)[0], "the value moves on")
    view.until(lambda: "for 3 s" in texts(view, ACTIVE)[0], "its time, too")
    press(view, f"{ACTIVE} [data-alert-action='acknowledge']")
    assert "Slower" in view.text("alerts-dialog-what")
    view.browser.find_element("#alerts-dialog-by").send_keys("Ann")
    view.browser.find_element("#alerts-dialog-note").send_keys(HOSTILE)
    press(view, "#alerts-dialog-send")
    view.until(lambda: count(view, SEEN) == 1, "seen")
    assert f"Acknowledged by Ann: “{HOSTILE}”" in texts(view, SEEN)[0]
    assert view.js("return window.ran") is None
    assert not view.js("return document.getElementById('alerts-dialog').open")
    (kept,) = [alert for alert in dashboard.monitor.alerting.state.active if not alert.asks]
    assert (kept.acknowledged_by, kept.note) == ("Ann", HOSTILE)
    press(view, f"{ACTIVE} [data-alert-action='dismiss']")
    assert view.js("return document.getElementById('alerts-dialog-by').value") == "Ann"
    press(view, "#alerts-dialog-send")
    view.until(lambda: count(view, ACTIVE) == 0 and count(view, SEEN) == 2, "dismissed")
    assert any("silent until it is over" in row for row in texts(view, SEEN))
    dashboard.tick(values=slow(20.0))
    view.until(lambda: count(view, SEEN) == 0, "over")
    view.until(lambda: len([row for row in texts(view, OVER) if "Over" in row]) == 2, "in the history")
    assert view.problems() == []


def test_all_are_acknowledged_at_once(serve: Any, view: Any) -> None:
    """However many there are; rows beyond fifty are made when they are asked for."""
    dashboard = watched(serve, *(rule(f"Slow {number}") for number in range(70)))
    dashboard.tick(values=slow(300.0))
    shown(view, dashboard)
    view.until(lambda: count(view, ACTIVE) == 50, "fifty")
    press(view, "#panel-active .rows__more")
    assert count(view, ACTIVE) == 70
    press(view, "#alerts-all")
    assert view.text("alerts-dialog-what") == "70 alerts"
    press(view, "#alerts-dialog-send")
    view.until(lambda: not dashboard.monitor.alerting.state.asking, "all are acknowledged", 20)
    view.until(lambda: count(view, ACTIVE) == 0, "none asks")
    assert count(view, SEEN) == 50
    assert "70 acknowledged" in view.text("alerts-lead")


def test_what_is_pending_is_counted_and_the_cooldown_named(serve: Any, view: Any) -> None:
    """How long it has been bad of how long it may; then what holds it back."""
    dashboard = watched(serve, rule("Slow", for_secs=30), rule("Tired", cooldown_secs=600))
    dashboard.tick(values=slow(300.0))
    dashboard.tick(values=slow(20.0))
    shown(view, dashboard)
    dashboard.tick(2, values=slow(300.0))
    view.until(lambda: len(texts(view, ".alarm-pending")) == 2, "pending")
    slow_one, tired = texts(view, ".alarm-pending")
    assert " of 30 s" in slow_one
    assert "held back by its cooldown for" in tired


def test_the_history_is_filtered_and_read(serve: Any, view: Any) -> None:
    """By words, severity, rule and period; a row opens to what happened and leads to the charts of its time."""
    dashboard = watched(serve, rule("Slow"), rule("Slower", 200.0, severity="critical"))
    for latency in (150.0, 20.0, 300.0, 20.0):
        dashboard.tick(2, values=slow(latency))
    shown(view, dashboard)
    view.until(lambda: count(view, OVER) == 3, "three are over")
    press(view, "#alerts-severity option[value='critical']")
    view.until(lambda: count(view, OVER) == 1, "one is critical")
    press(view, f"{OVER} .alarm__toggle")
    log = texts(view, f"{OVER} .alarm-log__line")
    assert [line.splitlines()[-1] for line in log] == ["Fired at 300 ms", "Over at 20 ms"]
    assert "300 ms" in view.js(
        "return document.querySelector('#alerts-over .alarm__facts').textContent.replaceAll('\\u00a0', ' ')"
    )
    press(view, "#alerts-clear")
    view.until(lambda: count(view, OVER) == 3, "all again")
    view.browser.find_element("#alerts-search").send_keys("slower")
    view.until(lambda: count(view, OVER) == 1, "found")
    view.browser.find_element("#alerts-search").send_keys("xyz")
    view.until(lambda: "None of the alerts" in view.text("alerts-over-none"), "nothing fits")
    press(view, "#alerts-clear")
    fired = dashboard.monitor.alerting.state.ended[0].fired_at
    press(view, f"{OVER} a[data-goes]")
    view.until_page("history")
    start, end = view.js(
        "return ['from', 'to'].map((name) => Number(new URLSearchParams(location.search).get(name)))"
    )
    assert start < fired < end
    assert view.problems() == []


def test_how_often_each_rule_fired(serve: Any, view: Any) -> None:
    """Counts, times and a hint where it is too often; another period is asked for; its rule is a click away."""
    dashboard = watched(serve, rule("Slow"), rule("Slower", 200.0, severity="critical"))
    for latency in [150.0, 20.0] * 11 + [300.0, 20.0]:
        dashboard.tick(1, values=slow(latency))
    shown(view, dashboard)
    rows = "#alerts-frequency tbody tr"
    view.until(lambda: count(view, rows) == 2, "two rules")
    first, second = texts(view, rows)
    assert [word in first for word in ("Slow", "12 \u00d7", "noisy", "12 s")] == [True] * 4
    assert [word in second for word in ("Slower", "1 \u00d7", "noisy")] == [True, True, False]
    assert "more than 10 times" in view.text("alerts-frequency-note")
    press(view, "[data-alerts-from='all']")
    view.until(lambda: "of all that are kept" in view.text("panel-frequency"), "all")
    assert "noisy" not in texts(view, rows)[0]
    press(view, f"{rows} a")
    view.until_page("settings")
    assert view.js("return location.pathname").endswith("/settings")


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_the_page_is_usable_with_five_hundred_alerts(serve: Any, view: Any, width: int, theme: str) -> None:
    """Fifty rows at a time, no sideways scrolling, nothing serious for axe, an alert and the dialog open."""
    view.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    rules = [rule(f"A rule with a rather long name for a narrow screen {number}") for number in range(25)]
    dashboard = watched(serve, *rules, rule("Still slow", 10.0))
    for latency in [150.0, 20.0] * 20:
        dashboard.tick(1, values=slow(latency))
    view.cdp(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
    )
    shown(view, dashboard)
    view.until(lambda: count(view, OVER) == 50, "fifty")
    assert view.text("alerts-over-count") == "500 of 500"
    press(view, f"{OVER} .alarm__toggle")
    assert view.js("return document.documentElement.scrollWidth") <= width
    axe = Axe(view.driver)
    axe.inject()
    found = serious(axe)
    press(view, f"{ACTIVE} [data-alert-action='acknowledge']")
    found += serious(axe)
    assert found == []
    assert view.problems() == []
