"""The dialog in which a rule or a channel is written; its fields are made by the browser's part."""

from dash import html

from monitor.ui.component import WRITES, Element
from monitor.ui.components.dialog import dialog_head
from monitor.ui.components.icon import icon


def editor_dialog(name: str, title: str) -> Element:
    """Return the closed dialog `<name>-dialog` with places for title, fields, a sentence and what is wrong."""
    save = html.Button(
        "Save", id=f"{name}-save", type="button", className="btn btn-primary", disable_n_clicks=True
    )
    return html.Dialog(
        [
            dialog_head(name, title),
            html.Div(id=f"{name}-fields", className="form"),
            html.P(id=f"{name}-sentence", className="form__sentence"),
            html.Div(save, className="dialog__buttons"),
            html.P(id=f"{name}-error", className="switch__error", role="alert"),
        ],
        id=f"{name}-dialog",
        className="shortcuts dialog dialog--wide",
        **{"aria-labelledby": f"{name}-dialog-title"} | WRITES,
    )


def editor_button(name: str, words: str) -> Element:
    """Return the button `<name>-new` that begins a new one."""
    return html.Button(
        [icon("plus-lg"), html.Span(words)],
        id=f"{name}-new",
        type="button",
        className="btn btn-outline-secondary btn-small",
        disable_n_clicks=True,
        **WRITES,
    )
