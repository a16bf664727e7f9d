"""The keys that the page knows."""

from typing import Final

from dash import html

from monitor.ui.component import Element
from monitor.ui.components.dialog import dialog_head
from monitor.ui.components.range_picker import RANGES
from monitor.ui.format import MINUS

SHORTCUTS: Final = (
    ("Space", "pause and resume"),
    (f"1 to {len(RANGES)}", f"range from {RANGES[0].title} to {RANGES[-1].title}; on History the buttons there"),
    ("b", "record a baseline"),
    ("m", "mark a change"),
    ("e", "export the range as CSV"),
    ("← →", "read the chart in focus"),
    (f"+ {MINUS}", "History: zoom into the chart in focus, and out"),
    ("t", "light or dark"),
    ("?", "this list"),
    ("Esc", "close"),
)


def shortcut_list() -> Element:
    """Return the keys and what they do."""
    rows = [
        html.Div([html.Dt(html.Kbd(key)), html.Dd(words)], className="shortcuts__row") for key, words in SHORTCUTS
    ]
    return html.Dl(rows, className="shortcuts__list")


class ShortcutsDialog:
    """A native dialog, opened and closed by the browser's own means."""

    def layout(self) -> Element:
        """Return the closed dialog."""
        return html.Dialog(
            [
                dialog_head("shortcuts", "Keyboard"),
                shortcut_list(),
            ],
            id="shortcuts-dialog",
            className="shortcuts",
            **{"aria-labelledby": "shortcuts-dialog-title"},
        )
