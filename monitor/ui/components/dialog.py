"""What every dialog begins with: its title, and the button that closes it."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


def dialog_head(name: str, title: str) -> Element:
    """Return the head of the dialog `<name>-dialog`; its title, `<name>-dialog-title`, is what labels it."""
    close = html.Button(
        icon("x-lg"),
        type="button",
        className="btn btn-outline-secondary tool-button",
        disable_n_clicks=True,
        **{"aria-label": "Close", "data-closes": f"{name}-dialog"},
    )
    heading = html.H2(title, id=f"{name}-dialog-title", className="panel__title")
    return html.Div([heading, close], className="panel__head")
