"""Changes that nobody noted: found in the history by themselves, and marked with a click."""

from typing import Final

from dash import html

from monitor.core.snapshot import Snapshot
from monitor.core.suggestion import Suggestion
from monitor.ui.component import WRITES, Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.format import MINUS

ROWS: Final = 5
"""The newest; /api/v1/markers/suggestions has all."""


class SuggestionsPanel:
    """One row per step; a row that has nothing to show is hidden. The browser's part marks what is clicked."""

    def __init__(self) -> None:
        self.id = "panel-suggestions"

    def layout(self) -> Element:
        """Return the panel without data."""
        body = [
            html.P(
                "Steps in throughput, latency, memory or CPU in the last six hours that no marker and no step of "
                "the load explains: a deploy? Mark it, and what came after it is compared. A step has to stand "
                "out from all that the metric does by itself, so an hour of history is needed, and waves, drifts "
                "and leaks are none; it is searched every 5 minutes.",
                className="panel__caption",
            ),
            html.Ul([self._row(place) for place in range(ROWS)], id=f"{self.id}-list", className="suggestions"),
            html.P("Nothing was found.", id=f"{self.id}-none", className="panel__empty"),
            html.P(id=f"{self.id}-status", className="panel__caption"),
        ]
        button = html.Button(
            [icon("search"), html.Span("Search now")],
            id="suggestions-search",
            type="button",
            className="btn btn-outline-secondary btn-small",
            disable_n_clicks=True,
        )
        return panel(self.id, "Changes nobody noted", "graph-up", body, button)

    def _row(self, place: int) -> Element:
        row = f"{self.id}-{place}"
        button = html.Button(
            "Mark it",
            type="button",
            className="btn btn-outline-secondary btn-small",
            disable_n_clicks=True,
            **{"data-suggested": str(place)} | WRITES,
        )
        words = html.Span([html.Span(id=f"{row}-time"), " · ", html.Span(id=f"{row}-text")])
        return html.Li(
            [html.Span(id=f"{row}-at", hidden=True), words, button],
            id=row,
            className="suggestions__row",
            hidden=True,
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the newest steps."""
        found = snapshot.experiment.suggestions[-ROWS:]
        props: Props = {f"{self.id}-none": {"hidden": bool(found)}}
        for place in range(ROWS):
            props |= self._shown(place, found[place] if place < len(found) else None)
        return props

    def _shown(self, place: int, one: Suggestion | None) -> Props:
        row = f"{self.id}-{place}"
        if one is None:
            return {row: {"hidden": True}}
        return {
            row: {"hidden": False},
            f"{row}-at": {"text": str(one.at)},
            f"{row}-time": {"time": one.at},
            f"{row}-text": {"text": one.text.replace("-", MINUS)},
        }
