"""An icon that says nothing to a screen reader; the word beside it does."""

from dash import html

from monitor.ui.component import Element


def icon(name: str, *, element_id: str | None = None) -> Element:
    """Return a Bootstrap icon by its name, for example "bell"."""
    settings = {"aria-hidden": "true"} | ({"id": element_id} if element_id else {})
    return html.I(className=f"bi bi-{name}", **settings)
