"""Two transports, one patch: the socket, the interval callback in its place, and the way back from an outage."""

import time
from itertools import pairwise
from typing import Any

from websockets.sync.client import connect


def test_polling_takes_over_when_there_is_no_socket(serve: Any, view: Any) -> None:
    """A network that lets no WebSocket through still gives a page that moves each second, and says how."""
    dashboard = serve()
    dashboard.refuse.add("/ws")
    view.open(dashboard).until_drawn()
    for _ in range(3):
        view.until_at(dashboard.tick(), timeout=4)
    assert view.until_pill("Polling") == "Polling"
    _, y = view.data("chart-throughput")
    assert y[-3:] == [600.0 + number % 7 for number in range(dashboard.number - 2, dashboard.number + 1)]
    # A way that opens later is taken.
    dashboard.refuse.clear()
    view.js("window.dispatchEvent(new Event('online'))")
    view.until_live(dashboard)


def test_a_full_house_polls(serve: Any, view: Any) -> None:
    """Where the last seat is taken (close code 1013) the page polls instead of knocking."""
    dashboard = serve(max_connections=1)
    with connect(f"ws://127.0.0.1:{dashboard.port}/ws"):
        view.open(dashboard).until_drawn()
        view.until_at(dashboard.tick(), timeout=4)
        view.until_pill("Polling")
        knocks = dashboard.requests("/ws")
        view.until_at(dashboard.tick(), timeout=4)
        assert dashboard.requests("/ws") == knocks


def test_an_open_socket_is_reconciled_every_ten_seconds(serve: Any, view: Any) -> None:
    """The interval callback stays in use beside the socket, asks for the full state, and changes nothing."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    view.js(
        "window.asked = []; const inner = window.fetch;"
        "window.fetch = (url, options) => { if (String(url).includes('_dash-update'))"
        " window.asked.push(JSON.parse(options.body).state[0].value); return inner(url, options); }"
    )
    # What the server holds wins over what a script did to the page.
    view.js("window.hubMonitor.live.model.points.series.get('chart-cpu')[0].fill(1)")
    with dashboard.living():
        view.until(lambda: view.js("return window.asked.length"), "asked", 15)
        view.until(lambda: 1 not in view.data("chart-cpu")[1], "reconciled", 5)
    assert view.js("return window.asked") == [{}]


def test_restart_is_told_and_survived_without_a_reload(serve: Any, view: Any) -> None:
    """The page says that the server is gone, greys what is old, and goes on with the next run by itself."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    view.js("window.same = true")
    first = dashboard.epoch
    dashboard.stop()
    view.until_pill("Reconnecting", timeout=3)
    assert "is-stale" not in view.body
    view.until(lambda: "is-stale" in view.body, "greyed after three intervals", 6)
    assert "live" not in view.pill.lower()
    assert "Connection lost" in view.text("live-region")
    dashboard.start(history=30)
    assert dashboard.epoch != first
    view.until(lambda: view.epoch == dashboard.epoch, "the new run is on the page", 20)
    view.until_live(dashboard)
    assert "is-stale" not in view.body
    view.until_at(dashboard.tick())
    _, y = view.data("chart-throughput")
    assert len(y) == dashboard.seq, "the old run's points are gone"
    assert view.js("return window.same") is True
    view.problems()


def test_restart_is_survived_by_polling_alone(serve: Any, view: Any) -> None:
    """Dash leaves its interval disabled after a request that nobody answered; the page starts it again."""
    dashboard = serve()
    dashboard.refuse.add("/ws")
    view.open(dashboard).until_drawn()
    view.until_pill("Polling")
    dashboard.stop()
    view.until(lambda: "is-stale" in view.body, "greyed", 8)
    dashboard.start(history=30)
    view.until(lambda: view.epoch == dashboard.epoch, "the new run is on the page", 15)
    view.until_at(dashboard.tick(), timeout=8)
    view.problems()


def test_a_broken_line_leaves_no_hole(serve: Any, view: Any) -> None:
    """Samples taken while the page was cut off are on its charts after it is back."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    epoch = view.epoch
    dashboard.refuse |= {"/ws", "/dashboard/_dash-update-component"}
    dashboard.cut()
    view.until_pill("Reconnecting")
    dashboard.tick(20)
    dashboard.refuse.clear()
    view.until_at(dashboard.tick(), timeout=15)
    assert view.epoch == epoch
    x, y = view.data("chart-throughput")
    assert None not in y
    assert all(later - sooner == 1 for sooner, later in pairwise(x))
    view.problems()


def test_a_patch_with_a_hole_is_not_drawn_but_asked_for(serve: Any, view: Any) -> None:
    """A patch that begins after what the page has makes it ask for everything; one it has is dropped."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_live(dashboard)
    patch = (
        "const live = window.hubMonitor.live; return live.apply({type: 'page', epoch: live.model.epoch,"
        " seq: live.model.seq + arguments[1], from: live.model.seq + arguments[0],"
        " t: live.model.t + 1000 * arguments[1],"
        " props: {}, points: {t: []}, axes: {}})"
    )
    assert view.js(patch, 5, 6) == "hole"
    assert view.js(patch, -9, -8) == "had"
    view.until_at(dashboard.tick())
    assert view.seq == dashboard.seq


def test_a_silent_server_is_stalled_not_live(serve: Any, view: Any) -> None:
    """With an open socket and no samples nothing says live; the age of the data ticks by itself."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    view.until_pill("Live")
    pill = view.until_pill("Stalled", 6)
    assert "data" in pill
    assert "is-stale" in view.body
    view.until(lambda: view.pill != pill, "the age ticks", 3)
    dashboard.tick()
    view.until_pill("Live", 3)
    assert "is-stale" not in view.body


def test_a_hidden_tab_rests_and_catches_up_with_one_request(serve: Any, view: Any) -> None:
    """Nobody looks: no request. Somebody looks again, an hour later: one, and the page is right."""
    dashboard = serve()
    dashboard.refuse.add("/ws")
    view.open(dashboard).until_drawn()
    view.until_pill("Polling")
    hide = (
        "Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => arguments[0]});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    view.js(f"const say = (...arguments) => {{ {hide} }}; say('hidden')")
    time.sleep(0.5)
    hidden = time.monotonic()
    dashboard.tick(400)
    time.sleep(3.5)
    assert dashboard.requests("_dash-update", since=hidden) == 0
    shown = time.monotonic()
    view.js(f"const say = (...arguments) => {{ {hide} }}; say('visible')")
    view.until_at(dashboard.seq, timeout=2)
    assert dashboard.requests("_dash-update", since=shown) == 1
    x, y = view.data("chart-throughput")
    assert len(y) in {60, 61}
    assert min(x) >= -60
