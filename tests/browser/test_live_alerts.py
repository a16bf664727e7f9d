"""Alerts on the Live page: seen at once, answered once, counted in the bar and in the title."""

from collections.abc import Mapping
from typing import Any

import pytest
from selenium_axe_python import Axe

from browser.dashboard import Dashboard, wave
from browser.test_access import serious

ID = "panel-alerts"
TITLE = "return document.title"
SEEN = (
    "return [...document.querySelectorAll(arguments[0])]"
    ".filter((one) => one.checkVisibility({visibilityProperty: true})).map((one) => one.textContent)"
)
WIDTHS = (
    "return [...document.querySelectorAll(`#${arguments[0]} .chart-alert:not([hidden])`)]"
    ".map((one) => [one.className, one.getBoundingClientRect().width])"
)
HIDE = (
    "Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => 'hidden'});"
    "document.dispatchEvent(new Event('visibilitychange'))"
)
FAKE = """
const [permission, answer] = arguments;
window.shown = [];
window.Notification = class extends EventTarget {
  static permission = permission;
  static async requestPermission() { return (this.permission = answer ?? 'granted'); }
  constructor(title, { body }) { super(); window.shown.push(`${title}: ${body}`); }
};
"""


def calm(number: int) -> dict[str, float]:
    return wave(number) | {"memory_mb": 30.0, "latency_ms": 20.0, "throughput_ops_sec": 900.0}


def slow(number: int) -> dict[str, float]:
    return calm(number) | {"latency_ms": 162.0}


def busy(number: int) -> dict[str, float]:
    return calm(number) | {"latency_ms": 162.0, "cpu_utilization": 97.0}


def at_once(dashboard: Dashboard, *rules: str, **changes: Any) -> None:
    """Let the rules fire with the first bad value and end with the first good one."""
    alerting = dashboard.monitor.alerting
    for rule in alerting.state.rules:
        if rule.id in (rules or {"high-latency", "high-cpu-usage"}):
            quick: Mapping[str, Any] = {"for_secs": 0, "keep_firing_secs": 0, "cooldown_secs": 0}
            alerting.replace(rule.id, {**rule.document(), **quick, **changes})


@pytest.fixture
def dashboard(serve: Any) -> Dashboard:
    made: Dashboard = serve(history=0)
    made.tick(70, calm)
    at_once(made)
    return made


@pytest.fixture
def other(view: Any) -> Any:
    """A second window; it is closed in the end."""
    first = view.driver.current_window_handle
    view.driver.switch_to.new_window("window")
    second = view.driver.current_window_handle
    view.driver.switch_to.window(first)
    yield first, second
    view.driver.switch_to.window(second)
    view.driver.close()
    view.driver.switch_to.window(first)


def test_a_bad_sample_is_on_the_page_in_the_bar_and_in_the_title(dashboard: Dashboard, view: Any) -> None:
    """With the value, the limit and how bad it is; when it is over all of it goes."""
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    view.until_at(dashboard.tick(1, calm))
    assert view.text(f"{ID}-empty-word") == "Nothing is wrong"
    assert view.js(TITLE) == "Hub Monitor"
    view.until_at(dashboard.tick(1, slow))
    assert view.text(f"{ID}-0-name") == "High Latency"
    assert view.text(f"{ID}-0-sign-word") == "warning"
    assert view.text(f"{ID}-0-wrong") == "162 ms > 150 ms"
    assert view.text(f"{ID}-count") == "1 active"
    assert view.js(TITLE) == "(1) Hub Monitor"
    assert view.text("nav-alerts") == "Alerts1 new, warning"
    assert view.js("return document.querySelector('#nav-alerts .asking').className") == "asking asking--warning"
    assert "metric-card--warning" in view.attribute("card-latency_ms", "class")
    view.until_at(dashboard.tick(1, busy))
    assert view.js(TITLE) == "(2) Hub Monitor"
    assert view.js("return document.querySelector('#nav-alerts .asking').className") == "asking asking--critical"
    assert view.text(f"{ID}-0-name") == "High CPU Usage", "the most severe comes first"
    view.click("nav-settings")
    view.until(lambda: view.js(TITLE) == "(2) Settings · Hub Monitor", "title of another page")
    view.click("nav-live")
    view.until_at(dashboard.tick(1, calm))
    assert view.js(TITLE) == "Hub Monitor"
    assert view.js("return document.querySelector('#nav-alerts .asking').hidden")
    assert view.text(f"{ID}-empty-word") == "Nothing is wrong"
    assert view.problems() == []


def test_the_title_is_written_only_when_it_changes(dashboard: Dashboard, view: Any) -> None:
    """A title that is written each second flickers in some browsers."""
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick(1, slow))
    view.js(
        "window.titles = [];"
        "new MutationObserver(() => window.titles.push(document.title))"
        ".observe(document.querySelector('title'), {childList: true, characterData: true, subtree: true})"
    )
    for _ in range(3):
        view.until_at(dashboard.tick(1, slow))
    view.until_at(dashboard.tick(1, busy))
    assert view.js("return window.titles") == ["(2) Hub Monitor"]


def test_a_hidden_page_counts_in_its_title(dashboard: Dashboard, view: Any) -> None:
    """There the title is all that can be seen; a paused page counts, too."""
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    view.until_at(dashboard.tick(1, calm))
    view.click("pause-button")
    view.js(HIDE)
    dashboard.tick(1, slow)
    view.until(lambda: view.js(TITLE) == "(1) Hub Monitor", "counted")
    assert view.text(f"{ID}-empty-word") == "Nothing is wrong", "the page itself stands"


def test_seen_in_one_window_is_seen_in_the_other(dashboard: Dashboard, view: Any, other: Any) -> None:
    """The answer shows at once where it was clicked, and everywhere with the next sample."""
    first, second = other
    dashboard.tick(1, slow)
    for window in (second, first):
        view.driver.switch_to.window(window)
        view.open(dashboard).until_drawn()
        view.until_live(dashboard)
        dashboard.tick(1, slow)
    view.click(f"{ID}-0-acknowledge")
    view.until(lambda: view.attribute(f"{ID}-0", "data-done") == "acknowledge", "answered")
    assert dashboard.monitor.alerting.state.asking == ()
    view.until_at(dashboard.tick(1, slow))
    for window in (first, second):
        view.driver.switch_to.window(window)
        view.until_at(dashboard.seq)
        assert view.text(f"{ID}-count") == "0 active · 1 acknowledged"
        assert view.text(f"{ID}-0-by") == "acknowledged"
        assert view.attribute(f"{ID}-0-acknowledge", "aria-disabled") == "true"
        assert view.js(TITLE) == "Hub Monitor"
    view.driver.switch_to.window(first)
    view.until_at(dashboard.tick(2, slow))
    assert view.attribute(f"{ID}-0", "data-done") is None, "the samples say it"
    asked = dashboard.requests("/acknowledge")
    view.click(f"{ID}-0-acknowledge")
    view.frame()
    assert dashboard.requests("/acknowledge") == asked == 1


def test_a_browser_signs_with_the_name_that_was_given_on_the_alerts_page(dashboard: Dashboard, view: Any) -> None:
    """Who has seen it stands at the alert."""
    view.open(dashboard).until_drawn()
    view.js("hubMonitor.signature.write('Ann')")
    view.until_at(dashboard.tick(1, slow))
    view.click(f"{ID}-0-acknowledge")
    view.until(lambda: not dashboard.monitor.alerting.state.asking, "acknowledged")
    view.until_at(dashboard.tick(1, slow))
    assert view.text(f"{ID}-0-by") == "acknowledged by Ann"


def test_a_dismissed_alert_goes_until_it_fires_anew(dashboard: Dashboard, view: Any) -> None:
    """Silent until it is over."""
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick(1, slow))
    view.click(f"{ID}-0-dismiss")
    view.until(lambda: not dashboard.monitor.alerting.state.active, "dismissed")
    view.until_at(dashboard.tick(1, slow))
    assert view.attribute(f"{ID}-0", "hidden") is not None
    assert view.js(TITLE) == "Hub Monitor"
    view.until_at(dashboard.tick(1, calm))
    view.until_at(dashboard.tick(1, slow))
    assert view.text(f"{ID}-0-name") == "High Latency"
    assert view.js(TITLE) == "(1) Hub Monitor"


def test_what_did_not_work_is_said(dashboard: Dashboard, view: Any) -> None:
    """The alert goes on asking; the next attempt takes the sentence away."""
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick(1, slow))
    path = f"/api/v1/alerts/{view.text(f'{ID}-0-id')}/acknowledge"
    dashboard.refuse.add(path)
    view.click(f"{ID}-0-acknowledge")
    said = f"return document.querySelector('#{ID} [data-alert-error]').textContent"
    view.until(lambda: view.js(said), "said")
    assert view.js(said) == "Not done: the server does not answer."
    assert view.attribute(f"{ID}-0", "data-done") is None
    dashboard.refuse.clear()
    view.click(f"{ID}-0-acknowledge")
    view.until(lambda: not view.js(said), "taken away")
    assert dashboard.monitor.alerting.state.asking == ()
    view.problems()


def test_alerts_are_answered_by_keyboard(dashboard: Dashboard, view: Any) -> None:
    """Each button has the alert's name in its own, and keeps the focus when it has done its work."""
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick(1, slow))
    names = [
        view.browser.find_element(f"#{ID}-0-{action}").accessible_name for action in ("acknowledge", "dismiss")
    ]
    assert names == ["Acknowledge High Latency", "Dismiss High Latency"]
    view.js(f"document.getElementById('{ID}-count').focus()")
    view.driver.switch_to.active_element.send_keys("\ue004")
    assert view.js("return document.activeElement.id") == f"{ID}-0-acknowledge"
    view.driver.switch_to.active_element.send_keys("\ue007")
    view.until(lambda: not dashboard.monitor.alerting.state.asking, "acknowledged")
    view.until_at(dashboard.tick(1, slow))
    assert view.js("return document.activeElement.id") == f"{ID}-0-acknowledge"
    view.js(f"document.getElementById('{ID}-count').click()")
    view.until(lambda: view.js("return location.pathname") == "/dashboard/alerts", "the Alerts page")


def test_durations_go_on_by_the_time_of_the_data(serve: Any, view: Any) -> None:
    """Whatever the clock of the server says."""
    dashboard = serve(history=0, skew=-3600.0)
    dashboard.tick(70, calm)
    at_once(dashboard)
    dashboard.tick(15, slow)
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.seq)
    assert view.text(f"{ID}-0-for") in {"14 s", "15 s"}
    view.until_at(dashboard.tick(60, slow))
    assert view.text(f"{ID}-0-for") in {"1 min 14 s", "1 min 15 s"}


def test_health_is_told_with_its_reasons_and_unknown_when_the_data_is_old(dashboard: Dashboard, view: Any) -> None:
    """What it lacks of 100 can be read without a pointer; old data is not healthy."""
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick(61, busy))
    view.until_live(dashboard)
    assert float(view.text("panel-health-score-value")) < 50
    assert view.text("panel-health-score-word") == "unhealthy"
    assert view.text("panel-health-uptime").startswith("100 % of ")
    view.js("document.querySelector('#panel-health-why').click()")
    assert view.js("return document.getElementById('panel-health-reasons').open")
    reasons = [view.text(f"panel-health-why-{place}") for place in range(5)]
    assert any(reason.startswith("High CPU Usage \u2212") for reason in reasons), reasons
    view.until(lambda: "is-stale" in view.body, "old", 15)
    assert view.js(SEEN, ".ring__label *") == ["unknown"]
    view.until_at(dashboard.tick(1, calm))
    view.until(lambda: "is-stale" not in view.body, "fresh")
    assert view.js(SEEN, ".ring__label *")[1] in {"unhealthy", "degraded"}


def test_nothing_is_judged_of_old_data(dashboard: Dashboard, view: Any) -> None:
    """A list without alerts does not say then that all is well."""
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    view.until_at(dashboard.tick(1, calm))
    assert view.js(SEEN, f"#{ID} .status") == ["Nothing is wrong"]
    view.until(lambda: "is-stale" in view.body, "old", 15)
    assert view.js(SEEN, f"#{ID} .status") == ["Nothing is judged: no data"]


def test_charts_show_limits_and_alerts(dashboard: Dashboard, view: Any) -> None:
    """A near limit is a line, a far one is named in the head; an alert is a band, named by the label."""
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    assert view.js(SEEN, "#chart-latency .chart-limit") == []
    assert view.text("chart-latency-limit") == "limit 150 ms"
    assert view.text("chart-connections-limit") == ""
    view.until_at(dashboard.tick(20, lambda n: slow(n) | {"latency_p99_ms": 190.0}))
    assert view.js(SEEN, "#chart-latency .chart-limit") == ["limit 150 of the mean"]
    [[kind, width]] = view.js(WIDTHS, "chart-latency")
    area = view.js("return document.querySelector('#chart-latency')._fullLayout._size.w")
    assert kind == "chart-alert chart-alert--warning"
    assert width == pytest.approx(area * 19 / 60, abs=3)
    assert view.js(WIDTHS, "chart-cpu") == []
    view.until_at(dashboard.tick(10, calm))
    [[_, width]] = view.js(WIDTHS, "chart-latency")
    assert width == pytest.approx(area * 20 / 60, abs=3), "it has ended"
    view.js("document.getElementById('chart-latency').focus()")
    view.driver.switch_to.active_element.send_keys("\ue012")
    for _ in range(14):
        view.driver.switch_to.active_element.send_keys("\ue012")
    assert view.js(SEEN, ".chart-label__alert") == ["High Latency (warning)"]
    view.driver.switch_to.active_element.send_keys("\ue010")
    assert view.js(SEEN, ".chart-label__alert") == []
    view.js("document.getElementById('range-300').click()")
    view.until(lambda: len(view.data("chart-latency")[0]) > 60, "five minutes")
    wide = pytest.approx(area * 20 / 300, abs=3)
    view.until(lambda: view.js(WIDTHS, "chart-latency")[0][1] == wide, "a band of 20 of 300 s")


def test_news_are_announced_once(dashboard: Dashboard, view: Any) -> None:
    """The beginning and the end; what went on when the page was opened is no news."""
    dashboard.tick(1, slow)
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    view.js(
        "window.said = [];"
        "new MutationObserver(() => window.said.push(document.getElementById('live-region').textContent))"
        ".observe(document.getElementById('live-region'), {childList: true, characterData: true, subtree: true})"
    )
    view.until_at(dashboard.tick(3, busy))
    view.until(lambda: len(view.js("return window.said")) == 1, "said")
    assert view.js("return window.said[0]") == "Alert: High CPU Usage, critical: 97.0 % > 90 %"
    view.until_at(dashboard.tick(3, slow))
    view.until(lambda: len(view.js("return window.said")) == 2, "said")
    assert view.js("return window.said[1]") == "High CPU Usage is over"


def test_a_browser_is_notified_once(dashboard: Dashboard, view: Any, other: Any) -> None:
    """By one of its windows, of what is new and grave, if it was asked for."""
    first, second = other
    at_once(dashboard, "better-verdict")
    for window in (second, first):
        view.driver.switch_to.window(window)
        view.open(dashboard).until_drawn()
        view.until_live(dashboard)
        view.js(FAKE, "default")
    view.until_at(dashboard.tick(1, slow))
    assert view.js("return window.shown") == [], "nobody asked for it"
    view.click("notify-switch")
    view.until(lambda: view.attribute("notify-switch", "aria-checked") == "true", "on")
    view.until(lambda: "the browser shows a message" in view.text("notify-told"), "allowed")
    view.driver.switch_to.window(second)
    view.until(lambda: view.attribute("notify-switch", "aria-checked") == "true", "on in the other window")
    view.js("window.Notification.permission = 'granted'")
    view.driver.switch_to.window(first)
    view.js(HIDE)
    dashboard.tick(3, busy)
    shown = []
    for window in (first, second):
        view.driver.switch_to.window(window)
        view.until(lambda: view.js(TITLE) == "(2) Hub Monitor", "heard")
        view.driver.execute_async_script("navigator.locks.request('hub-monitor.notified', arguments[0])")
        shown += view.js("return window.shown")
    assert shown == ["High CPU Usage (critical): 97.0 % > 90 %"]


def test_a_browser_that_refuses_says_so(dashboard: Dashboard, view: Any) -> None:
    """What is left is told plainly, and what can be done; it is remembered."""
    view.open(dashboard).until_drawn()
    view.js(FAKE, "denied")
    view.click("notify-switch")
    view.until(lambda: view.text("notify-told"), "told")
    assert "The browser refuses to show messages" in view.text("notify-told")
    view.open(dashboard).until_drawn()
    assert view.attribute("notify-switch", "aria-checked") == "true"
    view.click("notify-switch")
    assert view.attribute("notify-switch", "aria-checked") == "false"
    assert view.text("notify-told") == ""


@pytest.mark.parametrize("width", [360, 390])
def test_alerts_fit_a_phone(dashboard: Dashboard, view: Any, width: int) -> None:
    """The menu has the count; nothing is wider than the window."""
    view.cdp("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=True)
    dashboard.tick(2, busy)
    view.open(dashboard)
    view.until(lambda: view.seq == dashboard.seq, "data")
    view.until_at(dashboard.tick(1, busy))
    assert view.js("return [document.documentElement.scrollWidth, window.innerWidth]") == [width, width]
    assert view.attribute("menu-button", "aria-label") == "Pages, 2 new alerts"
    assert view.js("return document.querySelector('#menu-button .asking').checkVisibility()")
    view.click("menu-button")
    assert view.js("return document.querySelector('#nav-alerts .asking').checkVisibility()")
    view.js("document.getElementById('menu-button').click()")
    for action in ("acknowledge", "dismiss"):
        assert view.browser.find_element(f"#{ID}-0-{action}").size["height"] >= 24


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_alerts(dashboard: Dashboard, view: Any, theme: str) -> None:
    """Of an alert that asks, one that was seen, the reasons of the health, bands and limits, and the switch."""
    view.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    at_once(dashboard, "high-memory-usage", "low-throughput", severity="info")
    dashboard.tick(5, lambda number: busy(number) | {"memory_mb": 90.0, "throughput_ops_sec": 300.0})
    alerting = dashboard.monitor.alerting
    alerting.acknowledge(alerting.state.active[0].id, "Ann", "")
    view.open(dashboard).until_drawn()
    view.until_at(
        dashboard.tick(1, lambda number: busy(number) | {"memory_mb": 90.0, "throughput_ops_sec": 300.0})
    )
    view.js("document.getElementById('panel-health-reasons').open = true")
    view.js(FAKE, "denied")
    view.click("notify-switch")
    view.until(lambda: view.text("notify-told"), "told")
    axe = Axe(view.driver)
    axe.inject()
    with dashboard.living(values=busy):
        assert serious(axe) == []
