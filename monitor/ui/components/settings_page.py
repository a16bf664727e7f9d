"""The rules, the channels, and the settings in force, which are read-only."""

from collections.abc import Mapping

import dash_bootstrap_components as dbc
import orjson
from dash import html

from monitor.ui.alert_words import SEVERITY
from monitor.ui.component import Element
from monitor.ui.components.channels_panel import ChannelsPanel
from monitor.ui.components.panel import panel
from monitor.ui.components.rules_panel import RulesPanel
from monitor.ui.components.shortcuts import shortcut_list
from monitor.ui.watched import watched_document


class SettingsPage:
    """What can be changed here, each setting with its value, and the keyboard shortcuts."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Show these values by name; secrets are not among them."""
        self._settings = dict(settings)

    def layout(self) -> Element:
        """Return the page."""
        rows = [
            html.Tr([html.Th(name, scope="row"), html.Td(value or "(empty)")])
            for name, value in self._settings.items()
        ]
        table = dbc.Table(
            [
                html.Thead(html.Tr([html.Th("Setting", scope="col"), html.Th("Value", scope="col")])),
                html.Tbody(rows),
            ],
            class_name="settings__table",
        )
        note = html.P(
            "Read-only. Change them on the command line, by MONITOR_* in the environment or in monitor.toml, "
            "and start again.",
            className="panel__caption",
        )
        return html.Div(
            [
                html.H1("Settings", className="page__title"),
                RulesPanel().layout(),
                ChannelsPanel().layout(),
                html.Div(
                    [
                        panel("panel-settings", "In force", "sliders", [note, table]),
                        panel("panel-shortcuts", "Keyboard", "keyboard", [shortcut_list()]),
                    ],
                    className="settings",
                ),
            ],
            id="page-settings",
            className="page",
            hidden=True,
            **{
                "data-watched": orjson.dumps(watched_document()).decode(),
                "data-severities": orjson.dumps({one.value: word.icon for one, word in SEVERITY.items()}).decode(),
            },
        )
