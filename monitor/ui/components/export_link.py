"""The range on screen as a CSV file."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


class ExportLink:
    """A plain link, so that it can be copied for curl; the browser keeps its range in step."""

    def layout(self) -> Element:
        """Return the link for the last 60 s."""
        return html.A(
            [icon("download"), html.Span("Export CSV", className="export-link__word")],
            id="export-link",
            href="/export.csv?from=now-60s",
            title="Every sample of the range shown, as CSV",
            className="btn btn-outline-secondary export-link",
            download="",
        )
