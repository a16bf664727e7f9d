"""What the viewer can do: pause, ranges, theme, keys, hover, pages."""

import time
from typing import Any

from browser.dashboard import wave
from browser.view import CHARTS


def test_pause_stops_the_page_and_loses_nothing(serve: Any, view: Any) -> None:
    """Paused, the page stands still and says so; resumed, it has all that came meanwhile."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    view.until_live(dashboard)
    view.click("pause-button")
    assert view.attribute("pause-button", "aria-pressed") == "true"
    assert view.text("pause-label") == "Resume"
    view.until_pill("Paused")
    before = {chart: view.path(chart) for chart in CHARTS}
    value = view.text("card-throughput_ops_sec-value")
    for _ in range(12):
        dashboard.tick(values=lambda number: {"throughput_ops_sec": 1000.0 + number % 2})
    view.until(lambda: view.seq == dashboard.seq, "what came is kept")
    time.sleep(0.3)
    assert {chart: view.path(chart) for chart in CHARTS} == before
    assert view.text("card-throughput_ops_sec-value") == value
    view.browser.find_element("body").send_keys(" ")
    view.until(lambda: view.attribute("pause-button", "aria-pressed") == "false", "resumed")
    view.frame()
    _, y = view.data("chart-throughput")
    assert y[-12:] == [1000.0 + n % 2 for n in range(dashboard.number - 11, dashboard.number + 1)]
    assert view.text("card-throughput_ops_sec-value") != value


def test_a_paused_page_draws_what_the_viewer_asks_for(serve: Any, view: Any) -> None:
    """A pause holds the data, not the viewer: another range is drawn, then stands; so is a chart scrolled to."""
    dashboard = serve(history=400)
    view.cdp("Emulation.setDeviceMetricsOverride", width=390, height=600, deviceScaleFactor=1, mobile=True)
    view.open(dashboard)
    view.until(lambda: view.seq == dashboard.seq, "data")
    view.until_at(dashboard.tick())
    paused_at = dashboard.number
    view.click("pause-button")
    assert view.path("chart-errors") == ""
    view.until_at(dashboard.tick(5))
    show = "document.getElementById(arguments[0]).scrollIntoView({block: 'center'})"
    view.js(show, "chart-errors")
    view.until(lambda: view.path("chart-errors"), "drawn in sight")
    assert view.data("chart-errors")[1][-1] == wave(paused_at)["error_rate"], "as of the pause"
    view.js("document.getElementById('range-300').click()")
    view.until(lambda: len(view.data("chart-errors")[0]) > 200, "five minutes are drawn")
    before = view.path("chart-errors")
    answers = dashboard.requests("_dash-update")
    dashboard.tick(22)
    view.until(lambda: dashboard.requests("_dash-update") > answers + 1, "asked again", 12)
    view.until_at(dashboard.seq)
    assert view.path("chart-errors") == before, "stands from then on"
    view.js("document.getElementById('pause-button').click()")
    view.until(lambda: view.path("chart-errors") != before, "goes on")


def test_ranges_are_drawn_from_the_server_and_remembered(serve: Any, view: Any) -> None:
    """A longer range shows older samples on a clock axis; it survives a reload; 60 s slides again."""
    dashboard = serve(history=400)
    view.open(dashboard).until_drawn()
    view.click("range-300")
    assert view.attribute("range-300", "aria-pressed") == "true"
    assert view.attribute("range-60", "aria-pressed") == "false"
    assert view.attribute("export-link", "href") == "/export.csv?from=now-5m"
    view.until(lambda: len(view.data("chart-cpu")[0]) > 200, "five minutes are drawn")
    layout = "return document.querySelector('#chart-cpu').layout.xaxis"
    axis = view.js(layout)
    assert axis["range"][1] - axis["range"][0] == 300_000
    assert all(len(label) == 5 and label[2] == ":" for label in axis["ticktext"])
    before = view.path("chart-cpu")
    view.until_at(dashboard.tick())
    assert view.path("chart-cpu") == before, "live points are not drawn on a longer range"
    view.driver.refresh()
    view.until(
        lambda: len(view.js("return document.querySelector('#chart-cpu')?.data?.[0].x") or []) > 200,
        "range kept",
    )
    assert view.attribute("range-300", "aria-pressed") == "true"
    view.browser.find_element("body").send_keys("1")
    view.until(lambda: view.js(layout)["range"] == [-60, 0], "sliding minute")
    assert view.js(layout)["ticktext"][-1] == "now"
    before = view.path("chart-cpu")
    view.until_at(dashboard.tick())
    assert view.path("chart-cpu") != before


def test_a_longer_range_moves_on(serve: Any, view: Any) -> None:
    """The range callback asks again every five seconds."""
    dashboard = serve(history=400)
    view.open(dashboard).until_drawn()
    view.click("range-300")
    view.until(lambda: len(view.data("chart-cpu")[0]) > 200, "five minutes are drawn")
    end = "return document.querySelector('#chart-cpu').layout.xaxis.range[1]"
    first = view.js(end)
    dashboard.tick(10)
    view.until(lambda: view.js(end) == first + 10_000, "ten seconds later", 8)


def test_theme_recolours_the_charts_without_a_redraw(serve: Any, view: Any) -> None:
    """Text, grid and lines change colour by style sheet alone; the choice is remembered, else the system's is."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    assert view.js("return document.documentElement.dataset.bsTheme") == "light"
    view.js(
        "window.calls = 0; for (const name of ['react', 'animate', 'newPlot', 'restyle', 'relayout'])"
        " { const inner = Plotly[name]; Plotly[name] = (...all) => { window.calls += 1; return inner(...all); }; }"
    )
    look = (
        "const of = (s, p) => getComputedStyle(document.querySelector(s))[p];"
        "return [of('#chart-cpu .xtick text', 'fill'), of('#chart-cpu .ygrid', 'stroke'),"
        " of('#chart-cpu .js-line', 'stroke'), of('body', 'backgroundColor')]"
    )
    light = view.js(look)
    view.click("theme-button")
    dark = view.js(look)
    assert all(before != after for before, after in zip(light, dark, strict=True)), (light, dark)
    assert view.js("return window.calls") == 0
    assert "light" in view.attribute("theme-button", "aria-label")
    view.driver.refresh()
    assert view.js("return document.documentElement.dataset.bsTheme") == "dark"
    view.js("localStorage.clear()")
    view.driver.refresh()
    assert view.js("return document.documentElement.dataset.bsTheme") == "light"
    view.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    view.until(lambda: view.js("return document.documentElement.dataset.bsTheme") == "dark", "follows the system")


def test_hover_marks_the_same_instant_on_all_charts(serve: Any, view: Any) -> None:
    """One label with the clock time and every trace's value, a mark on each chart, at the same instant."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    box = view.js(
        "const box = document.querySelector('#chart-latency').getBoundingClientRect();"
        "return [box.x, box.y, box.width, box.height]"
    )
    view.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] / 2, y=box[1] + box[3] / 2)
    visible = "return [...document.querySelectorAll('.chart-mark')].filter((m) => !m.hidden).length"
    view.until(lambda: view.js(visible) == 6, "six marks")
    places = view.js(
        "return [...document.querySelectorAll('.chart-mark')].map((m) => "
        "m.getBoundingClientRect().x - m.closest('.live-chart').getBoundingClientRect().x)"
    )
    assert max(places) - min(places) <= 1
    label = view.js("return document.querySelector('#chart-latency .chart-label').innerText")
    at = view.js("return document.querySelector('.chart-label__time').textContent")
    assert len(at) == 8
    assert at.count(":") == 2
    rows = view.js(
        "return [...document.querySelectorAll('.chart-label__row')]"
        ".map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    assert [name for _, name, _ in rows] == ["p50", "p95", "p99"], label
    assert all(value.endswith(" ms") for _, _, value in rows)
    # The label follows the data while the pointer rests.
    view.until_at(dashboard.tick())
    assert view.js("return document.querySelector('.chart-label__time').textContent") != at
    view.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=5, y=5)
    view.until(lambda: view.js(visible) == 0, "no mark left")


def test_a_gap_is_read_out_as_no_data(serve: Any, view: Any) -> None:
    """Where nothing was measured the label says so."""
    dashboard = serve(history=30)
    dashboard.tick(2, values=lambda _: {"cpu_utilization": 5.0})
    view.open(dashboard)
    view.until(lambda: view.path("chart-cpu"), "drawn")
    view.js("document.querySelector('#chart-throughput').focus()")
    view.browser.find_element("#chart-throughput").send_keys("\ue012")  # arrow left
    view.until(
        lambda: view.js("return document.querySelector('.chart-label__value')?.textContent") == "no data",
        "no data",
    )


def test_keys_reach_everything(serve: Any, view: Any) -> None:
    """Every control can be reached by Tab with a visible focus, and the shortcuts do what the dialog says."""
    dashboard = serve(history=120)
    dashboard.tick(switches={"message_batching": True, "memory_pools": True, "load_balancer": False})
    view.open(dashboard).until_drawn()
    wanted = set(
        view.js(
            "return [...document.querySelectorAll('a[href], button')].filter((e) => e.offsetParent !== null)"
            ".map((e) => e.id || e.textContent.trim())"
        )
    )
    assert {"pause-button", "theme-button", "range-300", "switch-message_batching", "export-link"} <= wanted
    body = view.browser.find_element("body")
    view.js("document.activeElement.blur()")
    reached, invisible = set(), []
    for _ in range(len(wanted) + 12):
        view.driver.switch_to.active_element.send_keys("\ue004")
        name, ring = view.js(
            "const e = document.activeElement; const s = getComputedStyle(e);"
            "return [e.id || e.textContent.trim(), s.outlineStyle !== 'none' || s.boxShadow !== 'none']"
        )
        reached.add(name)
        if not ring and view.js("return document.activeElement !== document.body"):
            invisible.append(name)
    assert wanted <= reached, wanted - reached
    assert invisible == []
    view.js("document.activeElement.blur()")
    body.send_keys("?")
    assert view.js("return document.getElementById('shortcuts-dialog').open") is True
    body.send_keys(" ")
    assert view.attribute("pause-button", "aria-pressed") == "false", "keys are the dialog's while it is open"
    view.driver.switch_to.active_element.send_keys("\ue00c")
    view.until(lambda: view.js("return !document.getElementById('shortcuts-dialog').open"), "closed")
    body.send_keys("t")
    assert view.js("return document.documentElement.dataset.bsTheme") == "dark"
    body.send_keys("2")
    assert view.attribute("range-300", "aria-pressed") == "true"


def test_pages_change_without_a_reload(serve: Any, view: Any) -> None:
    """Each page has its address, its title and its mark in the bar; charts live on when one comes back."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.js("window.same = true")
    view.click("nav-settings")
    view.until(lambda: view.js("return document.title") == "Settings · Hub Monitor", "title")
    assert view.driver.current_url.endswith("/dashboard/settings")
    assert view.attribute("nav-settings", "aria-current") == "page"
    assert view.attribute("nav-live", "aria-current") is None
    assert view.js("return document.getElementById('page-live').hidden") is True
    dashboard.tick(3)
    view.driver.back()
    view.until(lambda: view.js("return document.title") == "Hub Monitor", "title")
    view.until_at(dashboard.seq)
    view.until(lambda: view.data("chart-throughput")[1][-1] == 600.0 + dashboard.number % 7, "drawn on return")
    assert view.js("return window.same") is True


def test_a_notice_is_said_once_by_the_live_region(serve: Any, view: Any) -> None:
    """A target that stops answering is shown and said; so is its return. Values are never said."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    assert view.text("live-region") == ""
    dashboard.tick(values=lambda _: {}, answered=False, errors={"target": "refused"})
    view.until(lambda: "does not answer" in view.text("live-region"), "said", 4)
    dashboard.tick()
    view.until(lambda: "answers again" in view.text("live-region"), "said", 4)
    assert view.js("return document.querySelectorAll('[aria-live], [role=status]').length") == 1
