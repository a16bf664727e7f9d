"""What one page alone needs: loaded when it is first shown, and what is said where that fails."""

from typing import Any

from browser.past import with_past

OWN = "assets/pages/"
HISTORY = "/dashboard/assets/pages/history/chart.js"
BODY = "return !document.getElementById('history-body').hidden"


def test_a_page_is_loaded_when_it_is_first_shown(serve: Any, view: Any) -> None:
    """The Live page asks for none of the others' files; each of theirs is asked for once."""
    dashboard = with_past(serve, 0.5)
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    assert asked(view) == []
    for page in ("impact", "history", "live", "impact", "history"):
        view.click(f"nav-{page}")
        view.until_page(page)
    view.until(lambda: view.js(BODY), "the history is drawn", 15)
    files = asked(view)
    assert {name.split("/")[0] for name in files} == {"history", "impact"}
    assert len(files) == len(set(files))
    assert view.problems() == []


def test_what_did_not_load_is_said_and_tried_again(serve: Any, view: Any) -> None:
    """On that page alone, by its button, and when the viewer comes back to it."""
    dashboard = with_past(serve, 0.5)
    view.cdp("Network.clearBrowserCache")
    view.open(dashboard).until_drawn()
    dashboard.refuse.add(HISTORY)
    view.click("nav-history")
    view.until(lambda: said(view), "said")
    assert "Try again" in view.text("page-problem")
    view.click("nav-live")
    assert not said(view)
    view.click("nav-history")
    view.until(lambda: said(view), "tried in vain")
    view.click("page-retry")
    view.until(lambda: dashboard.requests(HISTORY) == 3, "tried a third time")
    view.until(lambda: said(view), "said again")
    dashboard.refuse.clear()
    view.click("page-retry")
    view.until(lambda: view.js(BODY), "the history is drawn", 15)
    assert not said(view)
    assert all(HISTORY in problem for problem in view.problems())


def test_a_page_comes_by_itself_when_the_server_is_back(serve: Any, view: Any) -> None:
    """The stream's return tells that it is."""
    dashboard = with_past(serve, 0.5)
    view.cdp("Network.clearBrowserCache")
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    dashboard.refuse.add(HISTORY)
    view.click("nav-history")
    view.until(lambda: said(view), "said")
    dashboard.refuse.clear()
    dashboard.cut()
    view.until(lambda: view.js(BODY), "the history is drawn", 20)
    assert not said(view)
    view.problems()


def test_keys_do_nothing_of_the_live_page_on_one_that_is_on_its_way(serve: Any, view: Any) -> None:
    """`2` would choose a range of the Live page, `e` its file."""
    dashboard = with_past(serve, 0.5)
    view.cdp("Network.clearBrowserCache")
    view.open(dashboard).until_drawn()
    dashboard.refuse.add(HISTORY)
    view.click("nav-history")
    view.until(lambda: said(view), "said")
    view.js(
        "window.exported = 0;"
        "document.getElementById('export-link').addEventListener('click',"
        " (event) => { event.preventDefault(); window.exported += 1; })"
    )
    view.browser.find_element("body").send_keys("2e")
    view.frame()
    assert view.js("return window.exported") == 0
    assert view.attribute("range-60", "aria-pressed") == "true"
    view.click("nav-live")
    view.browser.find_element("body").send_keys("2e")
    view.until(lambda: view.js("return window.exported") == 1, "exported")
    assert view.attribute("range-60", "aria-pressed") == "false"
    view.problems()


def asked(view: Any) -> list[str]:
    """Return the pages' own files that were asked for, as `page/name`."""
    addresses = view.js("return performance.getEntriesByType('resource').map((one) => one.name)")
    return [address.split(OWN)[1].split("?")[0] for address in addresses if OWN in address]


def said(view: Any) -> bool:
    return view.js("return !document.getElementById('page-problem').hidden")
