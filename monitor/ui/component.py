"""What every component of the page is made of."""

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeAlias

from dash.development.base_component import Component as DashComponent

from monitor.core.snapshot import Snapshot

Element: TypeAlias = DashComponent
"""A node of the static Dash tree."""

Props: TypeAlias = dict[str, Mapping[str, Any]]
"""{DOM id: {property: value}}: what a patch sets. The properties are text, class, title, hidden, aria, style
(a mapping of css properties), spark (an SVG path), checked, sort (what a row is sorted by, a value per column),
disabled (a button that stays in reach), time (epoch ms, shown in the viewer's zone), and since (epoch ms, shown as
how long ago that is)."""


WRITES: Final = {"data-writes": "true"}
"""Attributes of what changes something at the server: not there where nothing may be changed, see Page."""


class Static(Protocol):
    """A part of the page that no sample changes: makes its ids once, and lays itself out once."""

    def layout(self) -> Element:
        """Return the static tree, with class names only."""
        ...


class Component(Static, Protocol):
    """A part of the page that says per snapshot what it shows."""

    def patch(self, snapshot: Snapshot) -> Props:
        """Return every property that the snapshot decides. Pure."""
        ...
