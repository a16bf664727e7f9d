"""How fresh the page is and by which way its data comes. Its words belong to the browser, which alone knows."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


class ConnectionPill:
    """An icon and a word; the browser sets both and the class that colours them."""

    def layout(self) -> Element:
        """Return the pill as it stands before the first connection."""
        return html.Div(
            [icon("three-dots", element_id="connection-icon"), html.Span("Connecting", id="connection-text")],
            id="connection-pill",
            className="connection-pill connection-pill--connecting",
        )
