"""Recording a baseline and marking a change: two native dialogs. The browser's part sends what is in them."""

from typing import Final

from dash import html

from monitor.ui.component import WRITES, Element
from monitor.ui.components.dialog import dialog_head

LENGTHS: Final = ((75, "75 s"), (300, "5 minutes"), (600, "10 minutes"), (900, "15 minutes"), (1800, "30 minutes"))
"""Seconds of a baseline that are offered; longer ones find smaller changes."""
DEFAULT_SECONDS: Final = 300
_NAME_LENGTH: Final = 80
_TEXT_LENGTH: Final = 120


class ExperimentDialogs:
    """Closed until asked for."""

    def layout(self) -> Element:
        """Return both dialogs."""
        lengths = [
            html.Option(title, value=str(seconds), selected="selected" if seconds == DEFAULT_SECONDS else None)
            for seconds, title in LENGTHS
        ]
        length = html.Select(lengths, id="baseline-seconds", className="dialog__input")
        baseline = [
            html.P(
                "What the service does now, to compare with after a change. “The last” takes what is behind you, "
                "back to the newest noted change at most; “the next” begins now: change nothing meanwhile."
            ),
            _field("baseline-name", "Name", _line("baseline-name", _NAME_LENGTH, "before the new cache")),
            _field("baseline-seconds", "Length", length),
            _buttons(
                _button("baseline-last", "Record the last", primary=True),
                _button("baseline-next", "Record the next"),
            ),
        ]
        marker = [
            html.P("What did you change just now? What comes after it is compared with the baseline anew."),
            _field("marker-text", "Change", _line("marker-text", _TEXT_LENGTH, "pool 64 → 128")),
            _buttons(_button("marker-send", "Mark it", primary=True)),
        ]
        return html.Div(
            [_dialog("baseline", "Record baseline", baseline), _dialog("marker", "Mark a change", marker)],
        )


def _dialog(name: str, title: str, body: list[Element]) -> Element:
    return html.Dialog(
        [
            dialog_head(name, title),
            *body,
            html.P(id=f"{name}-told", className="dialog__told"),
            html.P(id=f"{name}-error", className="switch__error", role="alert"),
        ],
        id=f"{name}-dialog",
        className="shortcuts dialog",
        **{"aria-labelledby": f"{name}-dialog-title"} | WRITES,
    )


def _field(element_id: str, title: str, control: Element) -> Element:
    return html.Div([html.Label(title, htmlFor=element_id), control], className="dialog__field")


def _line(element_id: str, most: int, example: str) -> Element:
    """Return a field for one line; Dash's own html has no input."""
    return html.Textarea(
        id=element_id,
        rows=1,
        maxLength=most,
        placeholder=example,
        className="dialog__input",
        disable_n_clicks=True,
    )


def _button(element_id: str, words: str, *, primary: bool = False) -> Element:
    kind = "btn-primary" if primary else "btn-outline-secondary"
    return html.Button(words, id=element_id, type="button", className=f"btn {kind}", disable_n_clicks=True)


def _buttons(*buttons: Element) -> Element:
    return html.Div(list(buttons), className="dialog__buttons")
