"""The frame of a table: it scrolls within its panel where it is too wide for a phone."""

from collections.abc import Sequence

from dash import html

from monitor.ui.component import Element


def table(name: str, headings: Sequence[Element], rows: Sequence[Element]) -> Element:
    """Return a table whose frame has the class `table__frame--<name>`."""
    parts = [html.Thead(html.Tr(list(headings))), html.Tbody(list(rows))]
    return html.Div(
        html.Table(parts, className="table"), className=f"table__frame table__frame--{name}", tabIndex=0
    )
