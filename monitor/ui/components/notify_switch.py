"""Whether this browser makes a sound and shows a message when something new is wrong."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


class NotifySwitch:
    """Belongs to the browser, which remembers it: the server knows nothing of it."""

    def layout(self) -> Element:
        """Return the switch, off."""
        return html.Div(
            [
                html.P(
                    [
                        icon("bell", element_id="notify-icon"),
                        html.Span("Notify me here", id="notify-title"),
                        html.Button(
                            html.Span(className="switch__track", **{"aria-hidden": "true"}),
                            id="notify-switch",
                            type="button",
                            role="switch",
                            className="switch",
                            disable_n_clicks=True,
                            **{
                                "aria-checked": "false",
                                "aria-labelledby": "notify-title",
                                "aria-describedby": "notify-told",
                            },
                        ),
                    ],
                    className="notify__switch",
                ),
                html.P(id="notify-told", className="notify__told"),
            ],
            className="notify",
        )
