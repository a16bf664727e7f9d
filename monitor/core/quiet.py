"""The history in which nothing was changed, from which a baseline learns how much its metrics wander."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from monitor.core.marker import Marker
from monitor.core.rollup import HOUR_MS
from monitor.core.window import Rows, Window

HISTORY_MS: Final = 6 * HOUR_MS


def quiet(window: Window, end: int, markers: Iterable[Marker], warm_up: int) -> list[Rows]:
    """Return up to six hours before `end` (epoch ms), cut at the markers and `warm_up` seconds after each."""
    start = end - HISTORY_MS
    changes = sorted(marker.at for marker in markers if start < marker.at < end)
    parts = [(start, end)] if not changes else [(start, changes[0])]
    parts += [(change + 1000 * warm_up, stop) for change, stop in pairwise([*changes, end])]
    return [Rows.joined(window.parts(first, stop - 1)) for first, stop in parts if first < stop]
