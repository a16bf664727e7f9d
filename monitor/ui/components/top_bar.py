"""Name, pages, connection, export, shortcuts, theme. On a phone the pages are in a menu."""

from typing import Final

from dash import dcc, html

from monitor.ui.component import WRITES, Element
from monitor.ui.components.connection_pill import ConnectionPill
from monitor.ui.components.export_link import ExportLink
from monitor.ui.components.icon import icon

PAGES: Final = (
    ("live", "Live", ""),
    ("impact", "Impact", "impact"),
    ("history", "History", "history"),
    ("alerts", "Alerts", "alerts"),
    ("settings", "Settings", "settings"),
)
"""Name, title and path below the dashboard's address."""


class TopBar:
    """The page's banner."""

    def __init__(self, base: str) -> None:
        """Link to the pages below `base`, which ends with a slash."""
        self._base = base
        self._pill = ConnectionPill()
        self._export = ExportLink()

    def layout(self) -> Element:
        """Return the banner."""
        links = [
            html.Li(
                dcc.Link(
                    [title, _asking()] if name == "alerts" else title,
                    href=f"{self._base}{path}",
                    id=f"nav-{name}",
                    className="top-bar__page",
                ),
                className="top-bar__item",
            )
            for name, title, path in PAGES
        ]
        return html.Header(
            [
                html.A(
                    [icon("activity"), html.Span("Hub Monitor", className="top-bar__word")],
                    href=self._base,
                    className="top-bar__name",
                ),
                html.Nav(
                    html.Ul(links, className="top-bar__list"),
                    id="pages-menu",
                    className="top-bar__pages",
                    **{"aria-label": "Pages"},
                ),
                html.Div(
                    [
                        self._pill.layout(),
                        self._export.layout(),
                        html.Button(
                            [icon("record-circle"), html.Span("Record baseline", className="top-bar__label")],
                            id="record-button",
                            type="button",
                            title="Record baseline",
                            className="btn btn-primary record-button",
                            disable_n_clicks=True,
                            **{"data-opens": "baseline-dialog"} | WRITES,
                        ),
                        _icon_button("shortcuts-button", "question-lg", "Keyboard shortcuts"),
                        _icon_button("theme-button", "sun", "Switch theme", icon_id="theme-icon"),
                        _icon_button(
                            "menu-button",
                            "list",
                            "Pages",
                            _asking(),
                            **{"aria-expanded": "false", "aria-controls": "pages-menu"},
                        ),
                    ],
                    className="top-bar__tools",
                ),
            ],
            className="top-bar",
        )


def _asking() -> Element:
    """Return the badge that counts the alerts that nobody has seen, with words for those who do not see it."""
    return html.Span(
        [html.Span(), html.Span(className="visually-hidden")],
        className="asking",
        hidden=True,
        **{"data-asking": ""},
    )


def _icon_button(
    button_id: str, name: str, words: str, *beside: Element, icon_id: str | None = None, **settings: str
) -> Element:
    return html.Button(
        [icon(name, element_id=icon_id), *beside],
        id=button_id,
        type="button",
        title=words,
        className="btn btn-outline-secondary tool-button",
        disable_n_clicks=True,
        **{"aria-label": words, **settings},
    )
