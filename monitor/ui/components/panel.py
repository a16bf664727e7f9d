"""The frame of a panel: icon, title, and what stands at the right of its head."""

from collections.abc import Sequence

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


def panel(
    panel_id: str,
    title: str,
    icon_name: str,
    body: Sequence[Element],
    aside: Element | None = None,
    words: str = "",
) -> Element:
    """Return a titled section; its heading has the id `<panel_id>-title`. `words` are classes beside "panel"."""
    heading = html.H2([icon(icon_name), html.Span(title)], id=f"{panel_id}-title", className="panel__title")
    return html.Section(
        [html.Div([heading, aside] if aside is not None else [heading], className="panel__head"), *body],
        id=panel_id,
        className=f"card panel {words}".strip(),
        **{"aria-labelledby": f"{panel_id}-title"},
    )
