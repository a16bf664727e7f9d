"""A page whose feature is not here yet: says what will be on it and what serves until then."""

from dataclasses import dataclass
from typing import Final

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


@dataclass(frozen=True, slots=True)
class LaterPage:
    """Name, title and icon of the page, what will stand there, and what to do until then."""

    name: str
    title: str
    icon: str
    will: str
    meanwhile: str

    def layout(self) -> Element:
        """Return the page."""
        return html.Div(
            [
                html.H1(self.title, className="page__title"),
                html.Section(
                    html.Div(
                        [
                            icon(self.icon),
                            html.P("Not in this version yet", className="empty__title"),
                            html.P(self.will, className="empty__text"),
                            html.P(self.meanwhile, className="empty__text"),
                        ],
                        className="empty empty--page",
                    ),
                    className="card panel",
                ),
            ],
            id=f"page-{self.name}",
            className="page",
            hidden=True,
        )


LATER_PAGES: Final = (
    LaterPage(
        "alerts",
        "Alerts",
        "bell",
        "Here limits are set per metric, and each alert is listed with its duration, acknowledgement and note.",
        "Until then nothing is judged; /metrics gives every figure to an alerting system that you already run.",
    ),
)
