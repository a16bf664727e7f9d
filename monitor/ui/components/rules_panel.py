"""The rules by which alerts are raised, on the Settings page. The browser's part asks /api/v1/rules for them."""

from typing import Final

import orjson
from dash import html

from monitor.core.rule import RULES
from monitor.ui.component import Element
from monitor.ui.components.editor_dialog import editor_button, editor_dialog
from monitor.ui.components.panel import panel
from monitor.ui.components.table import table

_HEADINGS: Final = ("On", "Rule", "Bad is", "Severity", "Now", "From")
_NOTE: Final = (
    "When one of these finds a bad value for long enough, an alert is raised. Changes count from the next sample "
    "on, for everybody; an alert that is open goes on."
)


class RulesPanel:
    """A table of all rules, and the dialog in which one is written."""

    def layout(self) -> Element:
        """Return the panel without rules; it knows those of the program, to tell which were edited."""
        headings = [
            *(html.Th(title, scope="col") for title in _HEADINGS),
            html.Th(html.Span("Change", className="visually-hidden"), scope="col"),
        ]
        body = [
            html.P(_NOTE, className="panel__caption"),
            table("rules", "Rules", headings, [], id="rules"),
            html.P("Reading the rules …", id="rules-note", className="panel__caption"),
            html.P(id="rules-error", className="switch__error", role="alert"),
            editor_dialog("rule", "Rule"),
            html.Div(
                id="rules-packaged",
                hidden=True,
                **{"data-rules": orjson.dumps([rule.document() for rule in RULES]).decode()},
            ),
        ]
        return panel("panel-rules", "Rules", "bell", body, editor_button("rule", "New rule"))
