"""What must not happen on any page: errors, requests elsewhere, sideways scrolling, hostile text that runs."""

from typing import Any

import pytest

from browser.view import CHARTS

HOSTILE = '<img src=x onerror="window.ran=1">"\'&<b>bold</b> javascript:alert(1) \u202e'


def test_no_errors_no_violations_no_foreign_requests(serve: Any, view: Any) -> None:
    """A tour of the page leaves the console clean and the network at home."""
    dashboard = serve(history=400)
    view.problems()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    for button in ("range-300", "theme-button", "pause-button", "pause-button", "range-60", "shortcuts-button"):
        view.click(button)
    view.js("document.querySelector('[data-closes=shortcuts-dialog]').click()")
    assert not view.js("return document.getElementById('shortcuts-dialog').open")
    for page in ("nav-impact", "nav-history", "nav-alerts", "nav-settings", "nav-live"):
        view.click(page)
    view.until_at(dashboard.tick())
    assert view.problems() == []
    asked = view.js("return performance.getEntriesByType('resource').map((e) => e.name)")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(f"http://127.0.0.1:{dashboard.port}/")] == []


def test_content_security_policy_is_strict(serve: Any, view: Any) -> None:
    """The page runs under a policy without eval and without inline scripts, which the browser enforces."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    policy = view.js("return fetch(location.href).then((r) => r.headers.get('Content-Security-Policy'))")
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe" not in scripts
    view.js(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)"
    )
    assert view.js("return window.ran") is None
    assert len(view.problems()) > 0, "the browser reports what it forbade"


def test_hostile_text_is_shown_as_it_is(serve: Any, view: Any) -> None:
    """A target's name, a source's error: whatever they say, it is text."""
    dashboard = serve(target=HOSTILE)
    view.open(dashboard).until_drawn()
    dashboard.tick(answered=False, errors={HOSTILE: HOSTILE})
    view.until(lambda: HOSTILE in view.text("notice-text"), "the sentence is shown literally")
    assert view.text("target-name") == HOSTILE
    assert view.js("return document.querySelectorAll('#notice img, #notice b, #target-name img').length") == 0
    assert view.js("return window.ran") is None
    assert view.problems() == []


@pytest.mark.parametrize("width", [360, 390, 768, 1920])
def test_no_sideways_scrolling(serve: Any, view: Any, width: int) -> None:
    """From a small phone to a wide screen nothing is wider than the window."""
    dashboard = serve()
    dashboard.tick(switches={"message_batching": True, "memory_pools": True, "load_balancer": False})
    view.cdp(
        "Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 500
    )
    view.open(dashboard)
    view.until(lambda: view.seq == dashboard.seq, "data")
    view.until(lambda: view.text("connection-text"), "layout")
    for chart in CHARTS:
        view.js("document.getElementById(arguments[0]).scrollIntoView({block: 'center'})", chart)
        view.until(lambda: view.path(chart), f"{chart} drawn in sight")  # noqa: B023 - called within the turn
    wide, inner = view.js("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert inner == width
    assert wide <= inner
    if width < 500:
        view.click("menu-button")
        assert view.attribute("menu-button", "aria-expanded") == "true"
        view.click("nav-settings")
        view.until(lambda: view.attribute("menu-button", "aria-expanded") == "false", "menu closed")


def test_charts_below_the_fold_are_drawn_when_they_come_into_sight(serve: Any, view: Any) -> None:
    """What nobody sees costs nothing; what comes into sight is up to date."""
    dashboard = serve()
    view.cdp("Emulation.setDeviceMetricsOverride", width=390, height=600, deviceScaleFactor=1, mobile=True)
    view.open(dashboard)
    view.until(lambda: view.seq == dashboard.seq, "data")
    view.until_at(dashboard.tick())
    assert view.path("chart-errors") == ""
    view.js("document.getElementById('chart-errors').scrollIntoView()")
    view.until(lambda: view.path("chart-errors"), "drawn in sight", 3)
    assert view.data("chart-errors")[0][-1] == 0
