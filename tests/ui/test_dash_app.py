"""The Dash application on a server of its own."""

import base64
import hashlib
import re
from pathlib import Path

import orjson
import pytest
from flask import Flask

from monitor.core.errors import SourceError
from monitor.ui.components.top_bar import PAGES
from monitor.ui.dash_app import create_dash, script_hashes
from monitor.ui.page import Page

ASSETS = Path(__file__).parents[2] / "assets"


class Refusing:
    """A switchboard whose target says no."""

    def switch(self, name: str, *, enabled: bool) -> None:
        raise SourceError("the target is busy")


def build(monitor):
    """Return the application and a client of its server."""
    server = Flask("test", static_folder=None)
    dash = create_dash(
        server,
        monitor=monitor,
        page=Page(target="orders", settings={}),
        switchboard=Refusing(),
        assets_folder=ASSETS,
        max_data_points=300,
    )
    return dash, server.test_client()


@pytest.fixture
def client(feeder):
    return build(feeder.monitor)[1]


def call(client, output, inputs, state=()):
    """Call back as the browser does."""

    def listed(pairs):
        return [
            {"id": name.split(".")[0], "property": name.split(".")[1], "value": value} for name, value in pairs
        ]

    element, _, prop = output.rpartition(".")
    return client.post(
        "/dashboard/_dash-update-component",
        json={
            "output": output,
            "outputs": {"id": element, "property": prop},
            "inputs": listed(inputs),
            "state": listed(state),
            "changedPropIds": [inputs[0][0]],
        },
    )


def poll(client, cursor):
    return call(client, "poll.data", [("poll-interval.n_intervals", 1)], [("cursor.data", cursor)])


def test_the_page_tells_no_versions(client):
    """The index says neither Python's version nor Dash's."""
    index = client.get("/dashboard/").text
    assert "python_version" not in index
    assert "dash_version" not in index
    assert "_dash-config" in index


def test_every_page_polls_at_the_same_address(client):
    """Dash would mark each page load in the address of its calls; one answer could not serve them all."""
    assert "end_id" not in client.get("/dashboard/").text


def test_the_page_works_without_any_other_host(client):
    """Everything that the index loads comes from this server."""
    index = client.get("/dashboard/").text
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", index)
    assert addresses
    assert all(address.startswith("/dashboard/") for address in addresses)


def test_every_asset_that_is_linked_exists(client):
    """No link of the index is dead, other than the vendor's files, which another part serves."""
    index = client.get("/dashboard/").text
    for address in re.findall(r"(?:src|href)=\"([^\"]+)\"", index):
        if "/vendor/" not in address:
            with client.get(address) as answer:
                assert answer.status_code == 200, address


def test_files_of_one_page_are_named_and_not_loaded(client):
    """The index has none of assets/pages; the layout has all of them, by page, and each is there."""
    own = sorted(file for file in (ASSETS / "pages").rglob("*") if file.is_file())
    assert {file.suffix for file in own} == {".css", ".js"}
    assert "/pages/" not in client.get("/dashboard/").text
    found = re.search(r'"data-files":"((?:[^"\\]|\\.)*)"', client.get("/dashboard/_dash-layout").text)
    named = orjson.loads(orjson.loads(f'"{found[1]}"'))
    assert set(named) <= {name for name, _, _ in PAGES}
    addresses = [address for page in named.values() for address in page]
    # What two pages share is named for both.
    files = {f"/dashboard/assets/{file.relative_to(ASSETS).as_posix()}" for file in own}
    assert {address.partition("?")[0] for address in addresses} == files
    assert [file for file in named["alerts"] if file in named["settings"]]
    assert not [file for file in named["history"] if file in named["impact"]]
    for address in addresses:
        assert re.search(r"\?m=\d{10}$", address)
        with client.get(address) as answer:
            assert answer.status_code == 200, address


def test_the_theme_is_set_before_the_first_paint(client):
    """boot.js stands in the head, once, and blocks; Plotly is asked for there and keeps nothing waiting."""
    index = client.get("/dashboard/").text
    head, body = index.split("</head>")
    assert index.count("boot.js") == head.count('<script src="/dashboard/assets/boot.js') == 1
    assert '<link rel="preload" as="script" href="/dashboard/_dash-component-suites/plotly/' in head
    assert re.search(r'<script src="[^"]+plotly\.min\.js[^"]*" defer>', body)


def test_each_inline_script_is_in_the_policy(feeder):
    """The hashes for the content security policy cover every script that has no address."""
    dash, client = build(feeder.monitor)
    index = client.get("/dashboard/").text
    inline = re.findall(r"<script(?![^>]*src=)(?![^>]*json)[^>]*>(.*?)</script>", index, re.DOTALL)
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in inline
    }
    assert inline
    assert hashes <= set(script_hashes(dash))


def test_a_page_without_a_cursor_gets_everything(client, feeder):
    """A poll that knows nothing is answered with the full state; one that has it all with nothing."""
    assert poll(client, {}).status_code == 204
    feeder.observe()
    now = feeder.observe()
    full = poll(client, {}).json["response"]["poll"]["data"]
    assert (full["from"], full["seq"]) == (None, 2)
    step = poll(client, {"epoch": now.epoch, "seq": 1}).json["response"]["poll"]["data"]
    assert (step["from"], step["seq"]) == (1, 2)
    assert poll(client, {"epoch": now.epoch, "seq": 2}).status_code == 204


@pytest.mark.parametrize(
    "cursor",
    [
        None,
        [],
        "x",
        7,
        {"epoch": "other", "seq": 1},
        {"epoch": "run-1"},
        {"epoch": "run-1", "seq": "1"},
        {"epoch": "run-1", "seq": -5},
        {"epoch": "run-1", "seq": True},
        {"epoch": "run-1", "seq": 10**30},
    ],
)
def test_a_strange_cursor_gets_everything(client, feeder, cursor):
    """Whatever a browser sends as its place, the answer is a full state, never an error."""
    feeder.observe()
    feeder.observe()
    answer = poll(client, cursor)
    assert answer.status_code == 200
    assert answer.json["response"]["poll"]["data"]["from"] is None


def test_a_range_comes_by_its_own_callback(client, feeder):
    """Five minutes are answered with the charts' points, 60 s with nothing: the live patches have those."""
    feeder.observe()
    inputs = [("range-interval.n_intervals", None), ("range.data", 300)]
    assert call(client, "range-data.data", inputs).json["response"]["range-data"]["data"]["range"] == 300
    inputs[1] = ("range.data", 60)
    assert call(client, "range-data.data", inputs).status_code == 204


def test_a_refused_switch_says_so_on_the_page(client, feeder):
    """The target's refusal comes back as the text below the switch."""
    feeder.observe()
    answer = call(client, "switch-memory_pools-error.children", [("switch-memory_pools.n_clicks", 1)])
    assert answer.json["response"]["switch-memory_pools-error"]["children"] == "Not switched: the target is busy."


def test_two_applications_live_in_one_process(new_feeder):
    """Neither application takes the other's callbacks or data."""
    first, second = new_feeder("run-a"), new_feeder("run-b")
    clients = [build(feeder.monitor)[1] for feeder in (first, second)]
    first.observe()
    second.observe()
    epochs = [poll(client, {}).json["response"]["poll"]["data"]["epoch"] for client in clients]
    assert epochs == ["run-a", "run-b"]
    dependencies = [client.get("/dashboard/_dash-dependencies").json for client in clients]
    assert len(dependencies[0]) == len(dependencies[1])
