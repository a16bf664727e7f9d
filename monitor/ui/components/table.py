"""The frame of a table: on a phone each row is a card of its own, labelled cell by cell."""

from collections.abc import Sequence

from dash import html

from monitor.ui.component import Element


def table(
    name: str, label: str, headings: Sequence[Element], rows: Sequence[Element], **frame: str | bool
) -> Element:
    """Return a table called `label`; its frame has the class `table__frame--<name>` and the properties `frame`."""
    parts = [html.Thead(html.Tr(list(headings))), html.Tbody(list(rows))]
    return html.Div(
        html.Table(parts, className="table", **{"aria-label": label}),
        className=f"table__frame table__frame--{name}",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
        **frame,
    )


def cell(label: str, element_id: str, words: str = "", children: Sequence[Element] = ()) -> Element:
    """Return a cell of the column `label`; `words` are its classes."""
    content = list(children) or None
    return html.Td(content, id=element_id, className=words, **{"data-label": label})
