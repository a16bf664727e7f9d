"""The past, of any length, in spans."""

from collections.abc import Sequence

from monitor.core import spans
from monitor.core.spans import Spans
from monitor.core.window import Window
from monitor.engine.latency_history import LatencyHistory


class History:
    """Reads what is kept. One reader for all who ask; it keeps nothing itself."""

    def __init__(self, window: Window, latency: LatencyHistory, interval_ms: int) -> None:
        """Read the rolling frame of samples, one each `interval_ms`, and their latency histograms."""
        self._window = window
        self._latency = latency
        self._interval_ms = interval_ms

    @property
    def begins(self) -> int | None:
        """Return the moment of the oldest sample (epoch ms), None before the first."""
        return self._window.begins

    def width(self, start: int, end: int, most: int) -> int:
        """Return how long (ms) the spans of start..end (epoch ms) are when there are `most` (>= 2) or fewer."""
        return spans.width(end - start, most, least=Spans.shortest(self._interval_ms))

    def spans(self, start: int, end: int, metrics: Sequence[str], most: int) -> Spans:
        """Return start <= time < end (epoch ms) in `most` (>= 2) spans or fewer."""
        edges = spans.cut(start, end, self.width(start, end, most))
        parts = self._window.parts(start, end - 1)
        return Spans.of(parts, self._latency.past(start, end), edges, metrics)
