"""Changes that nobody noted: found in the history when asked for, and marked with a click."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel


class SuggestionsPanel:
    """Filled by the browser's part alone: nothing of it changes with a tick."""

    def __init__(self) -> None:
        self.id = "panel-suggestions"

    def layout(self) -> Element:
        """Return the panel before anybody asked."""
        body = [
            html.P(
                "Steps in throughput, latency, memory or CPU in the last six hours that no marker and no step of "
                "the load explains: a deploy? Mark it, and what came after it is compared. Half an hour of "
                "history is needed to tell a step from a wave.",
                className="panel__caption",
            ),
            html.Ul(id=f"{self.id}-list", className="suggestions"),
            html.P(id=f"{self.id}-status", className="panel__caption"),
        ]
        button = html.Button(
            [icon("search"), html.Span("Search")],
            id="suggestions-search",
            type="button",
            className="btn btn-outline-secondary btn-small",
            disable_n_clicks=True,
        )
        return panel(self.id, "Changes nobody noted", "graph-up", body, button)
