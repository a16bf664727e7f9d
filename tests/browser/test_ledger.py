"""The ledger sorted by the viewer, in a real browser."""

import csv
import io
from typing import Any

from browser.dashboard import Dashboard
from monitor.core.ledger import LedgerRow
from monitor.core.verdict import Verdict

ROWS = [
    # change, verdict, percent, watched
    ("pool 9", Verdict.BETTER, 12.5, 45),
    ("pool 10", Verdict.WORSE, -30.0, 3700),
    ("=cmd", Verdict.NOT_ENOUGH_DATA, None, 600),
    ("batch", Verdict.NO_DIFFERENCE, 0.2, 45),
]


def add(
    dashboard: Dashboard, number: int, change: str, verdict: Verdict, percent: float | None, watched: int
) -> None:
    ends = (None, None) if percent is None else (percent - 1, percent + 1)
    row = LedgerRow(f"b-{number}", 1000 * number, change, "before", verdict, percent, *ends, watched)
    dashboard.monitor.experiment._ledger.add(row)


def ledger(serve: Any, view: Any) -> Dashboard:
    dashboard: Dashboard = serve()
    for number, row in enumerate(ROWS):
        add(dashboard, number, *row)
    view.open(dashboard, "impact")
    view.until_page("impact")
    view.until(lambda: view.seq == dashboard.seq, "data")
    view.until_at(dashboard.tick())
    return dashboard


def order(view: Any) -> list[str]:
    """Return the changes in the order in which they are seen."""
    return view.js(
        "return [...document.querySelectorAll('#panel-ledger tbody tr')].filter((row) => row.offsetParent)"
        ".sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)"
        ".map((row) => row.cells[1].textContent)"
    )


def press(view: Any, title: str, keys: str = "") -> None:
    """Click the heading, or go to it and type."""
    button = view.js(
        "return [...document.querySelectorAll('#panel-ledger th button')]"
        ".find((button) => button.textContent === arguments[0])",
        title,
    )
    if keys:
        view.js("arguments[0].focus()", button)
        view.driver.switch_to.active_element.send_keys(keys)
    else:
        view.js("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", button)
        button.click()


def sorted_by(view: Any) -> list[list[str]]:
    return view.js(
        "return [...document.querySelectorAll('#panel-ledger th[aria-sort]')]"
        ".map((heading) => [heading.textContent, heading.getAttribute('aria-sort')])"
    )


def test_every_column_sorts_both_ways(serve: Any, view: Any) -> None:
    """By what its texts mean; equals stand newest first, and what is unknown is last either way."""
    ledger(serve, view)
    assert sorted_by(view) == [["When", "descending"]]
    assert order(view) == ["batch", "=cmd", "pool 10", "pool 9"]
    for title, up, down in (
        ("When", ["pool 9", "pool 10", "=cmd", "batch"], ["batch", "=cmd", "pool 10", "pool 9"]),
        ("Change", ["=cmd", "batch", "pool 9", "pool 10"], ["pool 10", "pool 9", "batch", "=cmd"]),
        ("Against", ["batch", "=cmd", "pool 10", "pool 9"], ["batch", "=cmd", "pool 10", "pool 9"]),
        ("Overall", ["pool 10", "batch", "pool 9", "=cmd"], ["pool 9", "batch", "pool 10", "=cmd"]),
        ("95 % interval", ["pool 10", "batch", "pool 9", "=cmd"], ["pool 9", "batch", "pool 10", "=cmd"]),
        ("Verdict", ["pool 9", "batch", "=cmd", "pool 10"], ["pool 10", "=cmd", "batch", "pool 9"]),
        ("Watched", ["batch", "pool 9", "=cmd", "pool 10"], ["pool 10", "=cmd", "batch", "pool 9"]),
    ):
        press(view, title)
        assert (sorted_by(view), order(view)) == ([[title, "ascending"]], up)
        press(view, title)
        assert (sorted_by(view), order(view)) == ([[title, "descending"]], down)


def test_the_keyboard_sorts_and_stays_where_it_is(serve: Any, view: Any) -> None:
    """Enter and Space press a heading; neither pauses the page, and the focus is not lost."""
    ledger(serve, view)
    press(view, "Overall", "\ue007")
    assert sorted_by(view) == [["Overall", "ascending"]]
    press(view, "Overall", " ")
    assert sorted_by(view) == [["Overall", "descending"]]
    assert view.js("return document.activeElement.textContent") == "Overall"
    assert view.attribute("pause-button", "aria-pressed") == "false"


def test_the_order_holds_while_rows_come_and_change(serve: Any, view: Any) -> None:
    """Patches write rows by place, the newest first; what is seen stays in the order that was chosen."""
    dashboard = ledger(serve, view)
    press(view, "Overall")
    add(dashboard, 9, "late", Verdict.BETTER, 5.0, 10)
    view.until_at(dashboard.tick())
    assert order(view) == ["pool 10", "batch", "late", "pool 9", "=cmd"]
    add(dashboard, 9, "late", Verdict.WORSE, -50.0, 20)
    view.until_at(dashboard.tick())
    assert order(view) == ["late", "pool 10", "batch", "pool 9", "=cmd"]
    view.browser.find_element("body").send_keys(" ")
    assert view.attribute("pause-button", "aria-pressed") == "true"
    press(view, "Overall")
    assert order(view) == ["pool 9", "batch", "pool 10", "late", "=cmd"], "a pause holds the data, not the viewer"
    assert view.problems() == []


def test_what_is_not_of_today_has_its_date(serve: Any, view: Any) -> None:
    """A row may be older than the clock can say; one of today has its second."""
    dashboard = ledger(serve, view)
    assert "1970" in view.text("panel-ledger-0-when")
    now = view.js("return Date.now()")
    said = [view.js("return hubMonitor.clock.stamp(arguments[0])", now - days * 86_400_000) for days in (0, 1)]
    assert [text.count(":") for text in said] == [2, 1]
    at_noon = (
        "return hubMonitor.clock.stamp(new Date(new Date().getFullYear(), 0, 1, 12, 5).getTime() - 1000 * 86400)"
    )
    assert view.js(at_noon).endswith("12:05")
    # At midnight the page writes them anew.
    wanted = view.js("return document.getElementById('panel-ledger-0-when').textContent")
    view.js("document.getElementById('panel-ledger-0-when').textContent = 'stale'")
    view.js("const real = Date.now; Date.now = () => real() + 86_400_000")
    view.until_at(dashboard.tick())
    assert view.js("return document.getElementById('panel-ledger-0-when').textContent") == wanted
    assert view.problems() == []


def test_the_page_is_no_wider_than_a_phone(serve: Any, view: Any) -> None:
    """The table scrolls within its panel, the mark of the order with it."""
    view.cdp("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
    ledger(serve, view)
    # By the keyboard: it is far down the page, and the driver does not scroll an emulated phone.
    press(view, "Watched", "")
    assert view.js("return [document.documentElement.scrollWidth, window.innerWidth]") == [390, 390]


def test_rows_beyond_the_newest_are_in_the_file(serve: Any, view: Any) -> None:
    """The panel says how many there are, and its link leads to all of them."""
    dashboard = ledger(serve, view)
    assert view.attribute("panel-ledger-count", "hidden") is not None
    for number in range(10, 40):
        add(dashboard, number, f"change {number}", Verdict.WORSE, -1.0, 60)
    view.until_at(dashboard.tick())
    assert len(order(view)) == 20
    assert view.text("panel-ledger-count") == "The newest 20 of 34 comparisons; the CSV file has all of them."
    text = view.js(
        "return fetch(document.querySelector('#panel-ledger a[download]').href).then((answer) => answer.text())"
    )
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["change"] for row in read[:3]] == ["pool 9", "pool 10", "'=cmd"]
    assert len(read) == 34
