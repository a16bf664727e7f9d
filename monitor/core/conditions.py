"""Whether the present may be compared with the baseline at all."""

import math
from collections import deque
from typing import Final

import numpy as np

from monitor.core.baseline import Baseline, load_of, saturated
from monitor.core.histogram import Floats
from monitor.core.metric import COLUMN
from monitor.core.tail import TAIL

_LEAST_TICKS: Final = 10
_COMPARABLE_SHARE: Final = 0.5
_GAP_SHARE: Final = 0.1
_GAP_TICKS: Final = 600
_SATURATION_TICKS: Final = 60
_THROUGHPUT: Final = "throughput_ops_sec"
_MEMORY: Final = "memory_mb"


class Conditions:
    """Counts what an honest comparison needs: seconds that were measured, at a load that the baseline knows."""

    def __init__(self, baseline: Baseline) -> None:
        """Judge the seconds to come by what the baseline has seen."""
        self._baseline = baseline
        self._compared = baseline.compared
        self._measured = {metric: deque[bool](maxlen=_GAP_TICKS) for metric in self._compared}
        self._loads = self._matched = 0
        self._load = 0.0
        self._age: float | None = None
        self._recent: deque[Floats] = deque(maxlen=_SATURATION_TICKS)

    def add(self, row: Floats, age: float | None, slow: float) -> bool:
        """Take a second (metrics,), the age of the target's process and the share of slow operations.

        Tell whether its load is comparable.
        """
        self._age = age
        self._recent.append(row)
        for metric, measured in self._measured.items():
            measured.append(not math.isnan(slow if metric == TAIL else row[COLUMN[metric]]))
        load = float(load_of(row))
        if self._baseline.load is None or math.isnan(load):
            return True
        inside = load in self._baseline.load
        self._loads += 1
        self._matched += inside
        self._load += load
        return inside

    def miss(self, ticks: int) -> None:
        """Count seconds of which there is no sample."""
        for measured in self._measured.values():
            measured.extend([False] * min(ticks, _GAP_TICKS))

    @property
    def load_share(self) -> float | None:
        """Return the share of seconds at a comparable load, None without a load."""
        return self._matched / self._loads if self._loads else None

    @property
    def mean_load(self) -> float | None:
        """Return the mean load, None without one."""
        return self._load / self._loads if self._loads else None

    def objection(self, metric: str) -> str:
        """Say why the metric must not be compared, "" where it may."""
        return self._gap(metric) or self._mismatch(metric) or self._demand(metric) or self._youth(metric)

    def _gap(self, metric: str) -> str:
        measured = self._measured[metric]
        gaps = len(measured) - sum(measured)
        if len(measured) >= _LEAST_TICKS and gaps > _GAP_SHARE * len(measured):
            return f"{gaps} of the last {len(measured)} samples lack it"
        return ""

    def _mismatch(self, metric: str) -> str:
        if not self._compared[metric].by_load:
            return ""
        share, load, before = self.load_share, self.mean_load, self._baseline.mean_load
        if self._loads < _LEAST_TICKS or share is None or load is None or share >= _COMPARABLE_SHARE:
            return ""
        times = f"load {load / before:.2f} times the baseline's; " if before else ""
        return f"{times}{100 * share:.0f} % of seconds comparable"

    def _demand(self, metric: str) -> str:
        if metric != _THROUGHPUT or len(self._recent) < _LEAST_TICKS or self._baseline.saturated:
            return ""
        if saturated(np.array(self._recent)):
            return ""
        return "demand-bound: all that was asked for was done, then and now"

    def _youth(self, metric: str) -> str:
        then, now = self._baseline.process_age, self._age
        if metric != _MEMORY or then is None or now is None or now >= then:
            return ""
        return f"provisional: the process is {then - now:.0f} s younger than it was in the baseline"
