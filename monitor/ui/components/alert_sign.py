"""How bad an alert is, or where it stands: icon, word and colour."""

from dash import html

from monitor.ui.component import Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.impact_words import Word


def alert_sign(element_id: str) -> Element:
    """Return the empty sign."""
    return html.Span(
        [icon("dash", element_id=f"{element_id}-icon"), html.Span(id=f"{element_id}-word")],
        id=element_id,
        className="alert-sign",
    )


def sign_props(element_id: str, word: Word) -> Props:
    """Return what the sign shows."""
    return {
        element_id: {"class": f"alert-sign alert-sign--{word.state}"},
        f"{element_id}-icon": {"class": f"bi bi-{word.icon}"},
        f"{element_id}-word": {"text": word.text},
    }
