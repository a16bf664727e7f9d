"""What is wrong. There are no rules yet, and the panel says so."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel


class AlertsPanel:
    """The place of the active alerts."""

    def layout(self) -> Element:
        """Return the empty state: what will appear here."""
        body = html.Div(
            [
                icon("bell-slash"),
                html.P("No limits are set", className="empty__title"),
                html.P(
                    "Once rules can be set, each alert will stand here with figure, limit and duration. "
                    "This version has none: nothing is judged, so an empty list does not mean that all is well.",
                    className="empty__text",
                ),
            ],
            className="empty",
        )
        return panel("panel-alerts", "Active alerts", "bell", [body])
