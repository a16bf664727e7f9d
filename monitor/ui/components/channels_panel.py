"""How people are told of alerts, on the Settings page. The browser's part asks /api/v1/channels."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.editor_dialog import editor_button, editor_dialog
from monitor.ui.components.panel import panel


class ChannelsPanel:
    """A list of the channels and how they stand, and the dialog in which one is written."""

    def layout(self) -> Element:
        """Return the panel without channels."""
        none = html.P(
            "Nobody is told of alerts yet but those who look at this page. Add a mail server, Slack, a webhook "
            "or any address that Apprise knows; a test message shows whether it works.",
            id="channels-none",
            className="panel__empty",
            hidden=True,
        )
        body = [
            html.Ul(id="channels", className="channels"),
            none,
            html.P("Reading the channels …", id="channels-note", className="panel__caption"),
            html.P(id="channels-error", className="switch__error", role="alert"),
            editor_dialog("channel", "Channel"),
        ]
        return panel("panel-channels", "Who is told", "send", body, editor_button("channel", "New channel"))
