"""Rules written in a real browser: refused at the field, kept, turned off, reset and deleted."""

from pathlib import Path
from typing import Any

import pytest
from selenium_axe_python import Axe

from browser.dashboard import Dashboard, wave
from browser.test_access import serious
from monitor.core.rule import RULES

NAMES = (
    "return [...document.querySelectorAll('#rules tbody tr')].map((row) => row.querySelector('th').textContent)"
)


def settings(serve: Any, view: Any, **how: Any) -> Dashboard:
    dashboard: Dashboard = serve(5, **how)
    # Each answer waits for what it changed to be on the disk.
    dashboard.monitor.writer.open()
    dashboard.monitor.writer.start()
    view.open(dashboard, "settings")
    view.until_page("settings")
    view.until(lambda: len(view.js(NAMES)) == len(RULES), "the rules of the program")
    return dashboard


def row(view: Any, name: str) -> str:
    """Return what a rule's row says, each cell after the other."""
    script = (
        "return [...document.querySelectorAll('#rules tbody tr')]"
        ".find((row) => row.querySelector('th').textContent === arguments[0])?.innerText ?? ''"
    )
    return " ".join(view.js(script, name).replace("\u00a0", " ").split())


def press(view: Any, name: str, action: str) -> None:
    button = view.js(
        "return [...document.querySelectorAll('#rules tbody tr')]"
        ".find((row) => row.querySelector('th').textContent === arguments[0])"
        ".querySelector(`[data-rule='${arguments[1]}']`)",
        name,
        action,
    )
    view.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()


def write(view: Any, field: str, text: str) -> None:
    box = view.browser.find_element(f"#rule-field-{field}")
    box.clear()
    box.send_keys(text)


def choose(view: Any, field: str, value: str) -> None:
    view.browser.find_element(f"#rule-field-{field} option[value='{value}']").click()


def is_open(view: Any) -> bool:
    return view.js("return document.getElementById('rule-dialog').open")


def test_a_rule_is_made_and_what_is_refused_is_said_at_its_field(serve: Any, view: Any) -> None:
    """A bad threshold, a name that there is, then a rule that fires at the next sample."""
    dashboard = settings(serve, view)
    view.click("rule-new")
    write(view, "name", "High Latency")
    choose(view, "severity", "critical")
    write(view, "for_secs", "0")
    write(view, "threshold", "fast")
    view.click("rule-save")
    view.until(lambda: view.text("rule-field-threshold-wrong"), "refused")
    assert view.text("rule-field-threshold-wrong").startswith("Must be a number from")
    assert view.attribute("rule-field-threshold", "aria-invalid") == "true"
    write(view, "threshold", "100")
    assert view.attribute("rule-field-clear", "placeholder") == "95"
    view.click("rule-save")
    view.until(lambda: view.text("rule-field-name-wrong"), "refused")
    assert view.text("rule-field-name-wrong") == "There is a rule of the id high-latency."
    assert view.text("rule-field-threshold-wrong") == ""
    write(view, "name", "Slow checkout")
    choose(view, "guard-metric", "throughput_ops_sec")
    write(view, "guard-value", "10")
    assert view.text("rule-sentence") == (
        "Raises a critical alert as soon as Latency is above 100 ms, only while Throughput is above 10 ops/s; "
        "over when it was 95 ms or better for 10 s; at most once in 5 min."
    )
    view.browser.find_element("#rule-field-threshold").send_keys("\ue007")
    view.until(lambda: row(view, "Slow checkout"), "listed")
    assert not is_open(view)
    made = dashboard.monitor.alerting.state.rules[-1]
    assert (made.id, made.threshold, made.for_seconds, made.guard.value) == ("slow-checkout", 100.0, 0.0, 10.0)
    assert "Latency > 100 ms only while Throughput > 10 ops/s critical quiet made here" in row(
        view, "Slow checkout"
    )
    dashboard.tick(values=lambda number: wave(number) | {"latency_ms": 200.0})
    view.until(lambda: "fires" in row(view, "Slow checkout"), "it fires")
    # The browser notes each answer that is a refusal; there were two.
    assert [problem for problem in view.problems() if "Failed to load resource" not in problem] == []


def test_a_rule_is_changed_turned_off_and_deleted(serve: Any, view: Any) -> None:
    """An edited one of the program can be made as it was; an own one goes after a second press."""
    dashboard = settings(serve, view)
    press(view, "High Latency", "edit")
    write(view, "threshold", "175")
    view.click("rule-save")
    view.until(lambda: "Latency > 175 ms for 5 s" in row(view, "High Latency"), "changed")
    assert "the program, edited" in row(view, "High Latency")
    press(view, "High Latency", "reset")
    assert "Sure?" in view.js("return getComputedStyle(document.querySelector('[data-armed]'), '::after').content")
    press(view, "High Latency", "reset")
    view.until(lambda: "Latency > 150 ms" in row(view, "High Latency"), "as it was")
    assert "edited" not in row(view, "High Latency")
    press(view, "High CPU Usage", "turn")
    view.until(lambda: row(view, "High CPU Usage").startswith("off "), "off")
    assert "not watched" in row(view, "High CPU Usage")
    assert not next(r for r in dashboard.monitor.alerting.state.rules if r.id == "high-cpu-usage").enabled
    # Made by somebody else: it comes with the next sample.
    dashboard.monitor.alerting.add(
        {"name": "Another", "metric": "verdict", "condition": "equal", "threshold": -1, "severity": "info"}
    )
    dashboard.tick()
    view.until(lambda: "Verdict is worse" in row(view, "Another"), "listed")
    press(view, "Another", "delete")
    press(view, "Another", "delete")
    view.until(lambda: "Another" not in view.js(NAMES), "deleted")
    assert len(dashboard.monitor.alerting.state.rules) == len(RULES)
    assert view.problems() == []


def test_a_link_leads_to_one_rule(serve: Any, view: Any) -> None:
    """As the Alerts page has it; the address forgets it."""
    dashboard = settings(serve, view)
    view.open(dashboard, "settings?rule=high-error-rate")
    view.until_page("settings")
    view.until(lambda: is_open(view), "opened")
    assert view.js("return document.getElementById('rule-field-name').value") == "High Error Rate"
    assert view.js("return location.search") == ""


def test_what_is_read_only_offers_nothing_to_change(serve: Any, view: Any) -> None:
    """The rules are still to be read."""
    dashboard = settings(serve, view, read_only="day.csv is open for reading only")
    seen = "return [...document.querySelectorAll('[data-writes]')].filter((one) => one.checkVisibility()).length"
    assert view.js(seen) == 0
    assert "on" in row(view, "High Latency").split()
    view.open(dashboard, "settings?rule=high-error-rate")
    view.until_page("settings")
    view.until(lambda: len(view.js(NAMES)) == len(RULES), "the rules")
    assert not is_open(view)


def test_rules_of_the_settings_file_are_read_only(serve: Any, view: Any, tmp_path: Path) -> None:
    """They say where they are changed."""
    file = tmp_path / "monitor.toml"
    rule = {"name": "Disk slow", "metric": "latency_ms", "condition": "above", "severity": "info"}
    lines = ["[[rules]]", "threshold = 9", *(f'{field} = "{text}"' for field, text in rule.items())]
    file.write_text("\n".join(lines))
    dashboard = serve(5, file=file)
    view.open(dashboard, "settings")
    view.until_page("settings")
    view.until(lambda: row(view, "Disk slow"), "listed")
    assert "read-only" in row(view, "Disk slow")
    assert "monitor.toml" in row(view, "Disk slow")
    hint = "return document.querySelector('#rules [title*=\"monitor.toml\"]').title"
    assert view.js(hint) == "set in monitor.toml: change it there, and start again"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_editor(serve: Any, view: Any, theme: str) -> None:
    """On the page, and in the dialog on a phone, which is no wider than it."""
    view.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    view.cdp("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True)
    settings(serve, view)
    axe = Axe(view.driver)
    axe.inject()
    found = serious(axe)
    assert view.js("return document.documentElement.scrollWidth") <= 390
    for dialog in ("rule", "channel"):
        view.click(f"{dialog}-new")
        view.click(f"{dialog}-save")
        view.until(lambda: view.js("return document.querySelector('[aria-invalid]') !== null"), "refused")
        found += serious(axe)
        assert view.js("return document.documentElement.scrollWidth") <= 390
        view.js(f"document.getElementById('{dialog}-dialog').close()")
    assert found == []
