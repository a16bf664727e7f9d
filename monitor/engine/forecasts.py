"""Where each metric is going, worked out once a minute for everybody."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.approach import Approach, approaches
from monitor.core.forecast import Forecast, forecast
from monitor.core.histogram import Floats
from monitor.core.metric import METRICS, PERCENTILES
from monitor.core.minutes import minute_means
from monitor.core.refusal import Refusal
from monitor.core.rollup import MINUTE_MS
from monitor.core.rule import Rule
from monitor.core.window import Integers
from monitor.engine.monitor import Monitor
from monitor.engine.rendering import Rendering

HORIZONS: Final = (15, 30, 60, 120)
"""Minutes ahead. A few fixed ones, so that a minute's work has an end, whoever asks for what."""
DEFAULT_HORIZON: Final = 30
HISTORY_MINUTES: Final = 24 * 60
RECENT_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is said of a metric's next `horizon` minutes.

    at: epoch ms at which the newest whole minute ended and the first minute ahead begins, None before any sample.
    recent: (RECENT_MINUTES,) means of the minutes before it, NaN = unknown; (0,) before any sample.
    approaches: when the rules of the metric would be breached by its present trend.
    """

    metric: str
    horizon: int
    at: int | None
    recent: Floats
    forecast: Forecast | Refusal
    approaches: tuple[Approach, ...]

    @property
    def began(self) -> Integers:
        """Return epoch ms at which the minutes of `recent` begin, as many."""
        count = len(self.recent)
        return (self.at or 0) + MINUTE_MS * np.arange(-count, 0, dtype=np.int64)

    @property
    def timestamp(self) -> Integers:
        """Return epoch ms at which the minutes ahead begin (horizon,); none without a forecast."""
        if self.at is None or isinstance(self.forecast, Refusal):
            return np.empty(0, np.int64)
        return self.at + MINUTE_MS * np.arange(self.horizon, dtype=np.int64)


class Forecasts:
    """Forecasts of a Monitor's metrics from the minutes of its rolling frame."""

    def __init__(self, monitor: Monitor) -> None:
        """Look at this monitor; nothing is worked out before somebody asks."""
        self._monitor = monitor
        self._made = Rendering(
            self._make,
            lambda metric, horizon, at, rules: (metric, horizon, at, rules),
            len(METRICS) * len(HORIZONS),
        )

    def outlook(self, metric: str, horizon: int = DEFAULT_HORIZON) -> Outlook:
        """Return what is said of the next `horizon` minutes, one of HORIZONS, after the newest whole one."""
        newest = self._monitor.window.last(1).timestamp
        at = int(newest[0]) // MINUTE_MS * MINUTE_MS if len(newest) else None
        alerts = self._monitor.alerting.state
        rules = tuple(rule for rule in alerts.rules if alerts.enabled and rule.metric == metric)
        return self._made(metric, horizon, at, rules)

    def means(self, metric: str, end: int) -> Floats:
        """Return the means of the last 24 h of minutes up to `end` (epoch ms, a whole minute), NaN = unknown."""
        start = end - HISTORY_MINUTES * MINUTE_MS
        parts = self._monitor.window.parts(start, end - 1)
        means = minute_means(parts, metric, start, HISTORY_MINUTES, self._monitor.interval_ms)
        if metric not in PERCENTILES:
            return means
        # Of all operations of the minute: a mean of percentiles is none.
        edges = start + MINUTE_MS * np.arange(HISTORY_MINUTES + 1, dtype=np.float64)
        return np.where(np.isnan(means), np.nan, self._monitor.history.percentiles([metric], edges)[metric])

    def _make(self, metric: str, horizon: int, at: int | None, rules: tuple[Rule, ...]) -> Outlook:
        means = np.empty(0) if at is None else self.means(metric, at)
        # No metric of the table can be below 0.
        made = forecast(means, horizon, least=0.0)
        return Outlook(metric, horizon, at, means[-RECENT_MINUTES:], made, approaches(rules, metric, means))
