"""Frames of the live streams, made once per tick whoever reads them."""

from collections.abc import Callable
from typing import Any, Final

from monitor.core import wire
from monitor.core.health import Health
from monitor.core.snapshot import Snapshot
from monitor.core.window import Rows
from monitor.engine.monitor import Monitor
from monitor.engine.rendering import Rendering
from monitor.web.stream.websocket import text_frame

PagePatch = Callable[[Snapshot | None, Snapshot], bytes]
"""JSON that takes a page from the first snapshot (None: from nothing) to the second."""

_KEPT: Final = 64


class Frames:
    """Whole WebSocket frames as bytes, the same for every reader."""

    def __init__(self, monitor: Monitor, page_patch: PagePatch) -> None:
        """Make frames of `monitor`'s snapshots."""
        self._monitor = monitor
        self._page_patch = page_patch
        self._metrics = Rendering(self._render_metrics, lambda snapshot, history: (snapshot.seq, history), _KEPT)
        self._page = Rendering(
            lambda before, now: text_frame(page_patch(before, now)),
            lambda before, now: (before and before.seq, now.seq),
            _KEPT,
        )

    def object(self, snapshot: Snapshot, history: int, health: Health | None = None) -> dict[str, Any]:
        """Return the frame as an object with the last `history` points."""
        return wire.frame(snapshot, self._rows(snapshot, history), health)

    def metrics(self, snapshot: Snapshot, history: int) -> bytes:
        """Return the frame of the default stream."""
        return self._metrics(snapshot, history)

    def gap(self, snapshot: Snapshot, history: int, first: int) -> bytes:
        """Return the frame for a reader that lost what came between seq `first` and this snapshot."""
        gap = {"from": first, "to": snapshot.seq - 1}
        return text_frame(wire.encode(self.object(snapshot, max(history, wire.HISTORY_ROWS)) | {"gap": gap}))

    def first(self, snapshot: Snapshot, history: int) -> bytes:
        """Return a reader's first frame, its health judged now: the snapshot may be old."""
        return text_frame(wire.encode(self.object(snapshot, history, self._monitor.health())))

    def page(self, before: Snapshot | None, now: Snapshot) -> bytes:
        """Return the frame of the page's stream."""
        return self._page(before, now)

    def first_page(self, before: Snapshot | None, now: Snapshot) -> bytes:
        """Return a page's first frame, with the snapshot's age."""
        return text_frame(wire.aged(self._page_patch(before, now), self._monitor.age(now)))

    def _render_metrics(self, snapshot: Snapshot, history: int) -> bytes:
        return text_frame(wire.encode(self.object(snapshot, history)))

    def _rows(self, snapshot: Snapshot, count: int) -> Rows:
        """Return the `count` rows that end with the snapshot's own."""
        if count <= len(snapshot.recent) or len(snapshot.recent) >= len(self._monitor.window):
            return snapshot.recent.tail(count)
        newest = self._monitor.snapshot or snapshot
        rows = self._monitor.window.last(count + newest.seq - snapshot.seq)
        return rows[rows.seq <= snapshot.seq].tail(count)
