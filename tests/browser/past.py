"""A history made at once, for pages that show hours of it."""

import time
from typing import Any

import numpy as np

from browser.dashboard import Dashboard, wave
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.metric import COLUMN, COLUMNS

SPIKE = 9000.0


def with_past(serve: Any, hours: float, *, spike_hours_ago: float | None = None, leak: float = 0.0) -> Dashboard:
    """Serve a dashboard that has measured for `hours` until now, one second of it a spike of throughput.

    Its memory grew by `leak` MB an hour, with noise: what strays from a line by nothing else than how its seconds
    fall into minutes tells no trend.
    """
    seconds = round(3600 * hours)
    dashboard: Dashboard = serve(history=0, skew=-1.0)
    monitor = dashboard.monitor
    now = round(time.time()) * 1000 - 2000
    spike = None if spike_hours_ago is None else seconds - round(3600 * spike_hours_ago)
    counts = np.zeros(BUCKETS)
    counts[np.searchsorted(BOUNDS, 0.015)] = 600.0
    latency = Histogram(counts, 9.0)
    noise = np.random.default_rng(1).normal(0.0, 0.5 if leak else 0.0, seconds)
    for number in range(seconds):
        row = np.full(len(COLUMNS), np.nan)
        for metric, value in {**wave(number), "answered": 100.0, "failed_ops_sec": 1.8}.items():
            row[COLUMN[metric]] = value
        row[COLUMN["memory_mb"]] += leak * number / 3600.0 + noise[number]
        if number == spike:
            row[COLUMN["throughput_ops_sec"]] = SPIKE
        at = now - 1000 * (seconds - number)
        monitor.window.append(0, at, row)
        monitor.latency.append(at, latency)
    dashboard.tick()
    return dashboard
