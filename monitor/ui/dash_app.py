"""The Dash application: mounts the page and answers its callbacks."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Final

import orjson
from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate
from flask import Flask
from plotly.offline import get_plotlyjs_version

from monitor.core.wire import aged
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Switchboard
from monitor.ui.address import BASE, POLL
from monitor.ui.islands import with_islands
from monitor.ui.page import Page
from monitor.ui.page_files import FOLDER, address, page_files
from monitor.ui.ranges import Ranges

_BOOT: Final = "boot.js"
_STYLES: Final = ("vendor/bootstrap/bootstrap.min.css", "vendor/icons/bootstrap-icons.min.css")
_PLOTLY: Final = f"{BASE}_dash-component-suites/plotly/package_data/plotly.min.js"
_TOLD: Final = ("python_version", "dash_version", "plotly_version", "dash_version_url", "ddk_version", "end_id")
"""Versions, which only help an attacker; and the mark of a page load, which serves background callbacks alone and
would make each page's polls an address of their own."""
_UNUSED: Final = re.compile(r"<script [^>]*(?:/deps/polyfill@|/dash_table/bundle)[^>]*></script>\s*")
"""Scripts that Dash sends to every page: what browsers of today have built in, and a table that no page shows."""
_CONFIG: Final = re.compile(r"(<script id=\"_dash-config\"[^>]*>)(.*?)(</script>)", re.DOTALL)

# boot.js blocks on purpose: it sets the theme before the first paint. Plotly is asked for early and runs after the
# renderer has asked for the layout: nothing of Dash's needs it, the charts are drawn by charts.js.
_INDEX: Final = """<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<meta name="color-scheme" content="dark light">
<title>{{%title%}}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
<link rel="preload" as="script" href="{plotly}">
<script src="{boot}"></script>
{{%css%}}
</head>
<body>
{{%app_entry%}}
<noscript>This page needs JavaScript. The same figures without it: /api/v1/snapshot and /export.csv.</noscript>
{{%config%}}
{{%scripts%}}
<script src="{plotly}" defer></script>
{{%renderer%}}
</body>
</html>"""


class _Application(Dash):  # type: ignore[misc]  # Dash is not typed throughout, so its class is Any here
    """Dash without the versions of everything in its page, and without scripts that it does not need."""

    def interpolate_index(self, **parts: str) -> str:
        """Fill the template, without what only helps an attacker, and what helps nobody."""

        def strip(match: re.Match[str]) -> str:
            config = orjson.loads(match[2])
            kept = {name: value for name, value in config.items() if name not in _TOLD}
            return f"{match[1]}{orjson.dumps(kept).decode()}{match[3]}"

        parts["config"] = _CONFIG.sub(strip, parts["config"])
        parts["scripts"] = _UNUSED.sub("", parts["scripts"])
        index: str = super().interpolate_index(**parts)
        return index


def create_dash(
    server: Flask,
    *,
    monitor: Monitor,
    page: Page,
    switchboard: Switchboard | None,
    assets_folder: Path,
    max_data_points: int,
) -> Dash:
    """Mount the page on `server`. Nothing global: two applications can live in one process."""
    bootstrap = version("Bootstrap-Flask")
    app = _Application(
        "monitor",
        server=server,
        url_base_pathname=BASE,
        assets_folder=str(assets_folder),
        assets_ignore=rf"^{re.escape(_BOOT)}$",
        assets_path_ignore=[rf"^{FOLDER}$"],
        external_stylesheets=[f"{BASE}{style}?v={bootstrap}" for style in _STYLES],
        serve_locally=True,
        title="Hub Monitor",
        update_title=None,
        enable_mcp=False,
        add_log_handler=False,
        suppress_callback_exceptions=False,
    )
    plotly = f"{_PLOTLY}?v={get_plotlyjs_version()}"
    app.index_string = _INDEX.format(
        plotly=plotly, boot=address(assets_folder, _BOOT), icon=address(assets_folder, "favicon.svg")
    )
    _register_polling(app, monitor, page)
    _register_ranges(app, Ranges(monitor, max_data_points))
    for switch in page.switches:
        switch.register(app, monitor, switchboard)
    for function, store, prop in (
        ("applyPoll", POLL, "data"),
        ("applyRange", "range-data", "data"),
        ("navigate", "location", "pathname"),
    ):
        app.clientside_callback(ClientsideFunction(namespace="hub", function_name=function), Input(store, prop))
    app.layout = with_islands(page.layout(page_files(assets_folder)), _called(app))
    return app


def _called(app: Dash) -> set[str]:
    """Return the ids that callbacks name, other than by set_props, which is for stores and intervals alone."""
    read = [part for callback in app.callback_map.values() for part in (*callback["inputs"], *callback["state"])]
    return {part["id"] for part in read} | {output.rpartition(".")[0] for output in app.callback_map}


def script_hashes(app: Dash) -> list[str]:
    """Return the CSP hashes of the page's inline scripts; call it when every callback is registered."""
    return list(app.csp_hashes())


def _register_polling(app: Dash, monitor: Monitor, page: Page) -> None:
    def poll(ticks: int | None, cursor: object) -> object:
        """Answer with what the page lacks; the cursor comes from a browser and may be anything."""
        del ticks
        now = monitor.snapshot
        if now is None:
            raise PreventUpdate
        before = None
        if isinstance(cursor, dict) and cursor.get("epoch") == now.epoch and type(cursor.get("seq")) is int:
            before = monitor.feed.get(cursor["seq"])
        if before is not None and before.seq == now.seq:
            raise PreventUpdate
        patch = page.patch(before, now)
        # A page that begins here has to be told how old what it sees is; the others count for themselves.
        return orjson.Fragment(aged(patch, monitor.age(now)) if before is None else patch)

    app.callback(
        Output(POLL, "data"),
        Input("poll-interval", "n_intervals"),
        State("cursor", "data"),
        # A request slower than the interval would never reach the page: the next discards its answer. Dash does
        # not take this back when the server does not answer at all; poll.js does.
        running=[(Output("poll-interval", "disabled"), True, False)],
    )(poll)


def _register_ranges(app: Dash, ranges: Ranges) -> None:
    def draw(ticks: int | None, seconds: object) -> object:
        del ticks
        data = ranges.data(seconds)
        if data is None:
            raise PreventUpdate
        return orjson.Fragment(data)

    app.callback(
        Output("range-data", "data"),
        Input("range-interval", "n_intervals"),
        Input("range", "data"),
        prevent_initial_call=True,
    )(draw)
