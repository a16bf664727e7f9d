"""Changes that nobody noted, searched for in the rolling frame."""

import threading

from monitor.core.marker import Marker
from monitor.core.quiet import HISTORY_MS
from monitor.core.rollup import MINUTE_MS
from monitor.core.suggestion import Suggestion, suggest
from monitor.core.window import Rows, Window


class Suggestions:
    """What was found last. Nothing is searched twice for the same minute and markers, whoever asks."""

    def __init__(self, window: Window, interval_ms: int) -> None:
        """Search the last six hours of `window`."""
        self._window = window
        self._interval_ms = interval_ms
        # Held by whoever searches, alone; what was found is one reference, read without it.
        self._lock = threading.Lock()
        self._searched: tuple[int, tuple[Marker, ...]] | None = None
        self.found: tuple[Suggestion, ...] = ()
        """Oldest first."""

    def search(self, markers: tuple[Marker, ...]) -> tuple[Suggestion, ...]:
        """Return the steps that none of these markers explains, oldest first; takes some milliseconds."""
        with self._lock:
            now = int(self._window.last(1).timestamp.max(initial=0))
            wanted = now // MINUTE_MS, markers
            if wanted != self._searched:
                rows = Rows.joined(self._window.parts(now - HISTORY_MS, now))
                self.found = tuple(suggest(rows, markers, self._interval_ms))
                self._searched = wanted
            return self.found
