"""Parts of the layout that no callback touches, as markup instead of Dash components.

Dash's renderer wraps each component, keeps a record of it, and visits all of them on every change of its state.
An island is one component, whatever is in it: assets/islands.js writes its markup into it when Dash has built the
page. The elements, their ids and their attributes are the same either way: patches and styles see no difference.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from html import escape
from typing import Any, Final

from dash.development.base_component import Component

from monitor.ui.component import Element

ATTRIBUTE: Final = "data-html"
_PLAIN: Final = "dash_html_components"
_NAMES: Final = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex"}
_VOID: Final = frozenset({"br", "hr", "img", "input", "wbr"})
_NO_ATTRIBUTES: Final = frozenset({"children", "disable_n_clicks"})


def with_islands(layout: Element, called: AbstractSet[str]) -> Element:
    """Return the layout with each largest part that is plain and static as one component.

    `called` are the ids that callbacks name: their elements stay components, and so does what they are in.
    """
    children = _children(layout)
    kept = [
        (_island(child) if _static(child, called) else with_islands(child, called))
        if isinstance(child, Component)
        else child
        for child in children
    ]
    return _copy(layout, children=kept) if kept else layout


def _static(part: object, called: AbstractSet[str]) -> bool:
    """Tell whether nothing in it needs Dash."""
    if not isinstance(part, Component):
        return True
    node = part.to_plotly_json()
    if node["namespace"] != _PLAIN or node["props"].get("id") in called:
        return False
    return all(_static(child, called) for child in _children(part))


def _island(part: Element) -> Element:
    children = _children(part)
    if not any(isinstance(child, Component) for child in children):
        return part
    markup = "".join(piece for child in children for piece in _markup(child))
    return _copy(part, children=None, **{ATTRIBUTE: markup})


def _copy(part: Element, **changed: object) -> Element:
    """Return the component with some properties changed; without children where it had none."""
    return type(part)(**part.to_plotly_json()["props"] | changed)


def _children(part: Element) -> list[Any]:
    children = getattr(part, "children", None)
    if children is None:
        return []
    return list(children) if isinstance(children, (list, tuple)) else [children]


def _markup(part: object) -> Iterator[str]:
    if not isinstance(part, Component):
        yield escape(str(part))
        return
    node = part.to_plotly_json()
    tag = node["type"].lower()
    yield f"<{tag}"
    for name, value in node["props"].items():
        if name in _NO_ATTRIBUTES or value is None or value is False:
            continue
        yield f" {_NAMES.get(name, name)}" + ("" if value is True else f'="{escape(str(value))}"')
    yield ">"
    if tag in _VOID:
        return
    for child in _children(part):
        yield from _markup(child)
    yield f"</{tag}>"
