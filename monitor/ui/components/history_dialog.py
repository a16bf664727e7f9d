"""Any part of the past, by words or by two moments: a native dialog."""

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.dialog import dialog_head

_WORDS_LENGTH = 40


class HistoryDialog:
    """Closed until asked for. The moments are the browser's own fields, in the viewer's zone."""

    def layout(self) -> Element:
        """Return the dialog; the browser's part puts the fields of the moments into it."""
        relative = html.Textarea(
            id="history-relative",
            rows=1,
            maxLength=_WORDS_LENGTH,
            placeholder="now-6h",
            className="dialog__input",
            disable_n_clicks=True,
        )
        return html.Dialog(
            [
                dialog_head("history", "Choose a range"),
                html.Div(
                    [
                        html.Label("Up to now, since", htmlFor="history-relative"),
                        relative,
                        html.Small("now-90s, now-15m, now-6h or now-7d; it moves on with the time"),
                    ],
                    className="dialog__field",
                ),
                html.Div(_button("history-apply-relative", "Show up to now"), className="dialog__buttons"),
                html.Div(
                    [_moment("history-from", "From"), _moment("history-to", "To")],
                    className="history-dialog__moments",
                ),
                html.Div(_button("history-apply-moments", "Show from … to"), className="dialog__buttons"),
                html.P(id="history-error", className="switch__error", role="alert"),
            ],
            id="history-dialog",
            className="shortcuts dialog",
            **{"aria-labelledby": "history-dialog-title"},
        )


def _moment(element_id: str, title: str) -> Element:
    return html.Div(
        html.Label(title, htmlFor=element_id), className="dialog__field", **{"data-moment": element_id}
    )


def _button(element_id: str, words: str) -> Element:
    return html.Button(words, id=element_id, type="button", className="btn btn-primary", disable_n_clicks=True)
