"""A part of the history, as a chart or a program wants it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.core.histogram import Floats
from monitor.core.series import Series
from monitor.core.window import Integers


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Metrics over shared moments `timestamp` (n,), epoch ms; a column is computed when it is asked for.

    `grain` is the width in ms of what it was made of: the interval between two samples, a minute or an hour.
    `rows` are how many of those were read.
    """

    timestamp: Integers
    grain: int
    rows: int
    _column: Callable[[str], Floats]

    def column(self, metric: str) -> Floats:
        """Return a metric's values (n,), NaN = unknown; one of those for which the excerpt was made."""
        return self._column(metric)

    def series(self, metrics: Sequence[str]) -> Series:
        """Return all of it at once."""
        return Series(self.timestamp, {metric: self.column(metric) for metric in metrics})
