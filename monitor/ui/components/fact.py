"""A word and its figure on one line, with or without a bar below."""

from dash import html

from monitor.ui.component import Element, Props
from monitor.ui.format import NO_DATA, known, with_unit


def fact(title: str, element_id: str, description: str = "", *, bar: str = "") -> Element:
    """Return a line of a definition list: the figure is the element with the id, `bar` the id of a bar below."""
    return html.Div(
        [html.Dt(title), html.Dd(NO_DATA, id=element_id), *([meter(bar)] if bar else [])],
        className="fact",
        **({"title": description} if description else {}),
    )


def meter(element_id: str) -> Element:
    """Return a bar; its length is the css property --share in percent. The figure beside it says the same."""
    return html.Dd(html.Div(id=element_id, className="meter__fill"), className="meter", **{"aria-hidden": "true"})


def fact_props(element_id: str, value: float | None, unit: str, *, whole: bool = False) -> Props:
    """Return what a fact shows, quiet where there is no data."""
    return {
        element_id: {
            "text": with_unit(value, unit, whole=whole),
            "class": "" if known(value) else "fact__none",
        }
    }


def meter_props(element_id: str, percent: float | None) -> Props:
    """Return a bar's length for 0..100, empty where there is no data."""
    share = min(max(percent, 0.0), 100.0) if percent is not None and known(percent) else 0.0
    return {element_id: {"style": {"--share": f"{share:.1f}%"}}}
