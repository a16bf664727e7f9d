"""What is kept: how much, how fast it is there after a restart, how fast a chart of it is made."""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.day import ROWS
from benchmarks.figure import Figure, Plan, at_most, known
from benchmarks.kept import RETENTION, TARGET, keep, seconds
from monitor.core.latency_log import LatencyLog
from monitor.core.metric import COLUMNS, HEADLINE
from monitor.core.period import METRICS as PERIOD
from monitor.core.rollup import DAY_MS, MINUTE_MS
from monitor.core.window import Rows, Window
from monitor.engine.history import History
from monitor.storage.archive import Archive
from monitor.storage.history_file import HistoryFile
from monitor.ui.chart import CHARTS

_METRICS = [metric for chart in CHARTS for metric in chart.metrics]
_RUNS = 7


def measure(plan: Plan) -> list[Figure]:
    """Make a month, then measure in this process what the server does with it."""
    del plan
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        now = round(time.time() * 1000)
        keep(folder, now)
        filled = [_refill(folder, now) for _ in range(3)]
        window, log, _ = filled[-1]
        history = History(window, log.past, Archive(folder, TARGET), 1000)
        day = [_chart(history, now - DAY_MS, now) for _ in range(_RUNS)]
        month = [_chart(history, now - 30 * DAY_MS, now) for _ in range(_RUNS)]
        week = [_chart(history, now - 7 * DAY_MS, now) for _ in range(_RUNS)]
        pages = [_page(history, now - 30 * DAY_MS, now) for _ in range(_RUNS)]
        tidied = _tidy(folder, now)
        size = _sizes(folder)
    return [
        at_most(
            "24 h read from the disk at the start",
            1.0,
            statistics.median(one[2] for one in filled),
            "s",
            decimals=2,
            worst=f"{max(one[2] for one in filled):.2f} s",
        ),
        _milliseconds("chart of 24 h, six charts' metrics, 2,000 points", day),
        _milliseconds("the same of 30 days", month),
        known("the same of 7 days", f"{statistics.median(week):.0f} ms", f"{max(week):.0f} ms"),
        _milliseconds("History page of 30 days, six metrics and all latencies, 400 spans", pages),
        at_most("a piece of retention", 50, statistics.median(tidied), "ms", worst=f"{max(tidied):.1f} ms"),
        at_most(f"disk per day, {len(COLUMNS)} metrics of full precision", 45, size["day"], "MB", decimals=1),
        known("- of it minutes and hours", f"{size['rollups']:.1f} MB"),
    ]


def _milliseconds(name: str, times: list[float]) -> Figure:
    return at_most(name, 150, statistics.median(times), "ms", decimals=0, worst=f"{max(times):.0f} ms")


def _refill(folder: Path, now: int) -> tuple[Window, LatencyLog, float]:
    window, log = Window(ROWS), LatencyLog()
    began = time.monotonic()
    for records in Archive(folder, TARGET).samples(now - DAY_MS, now):
        window.extend(Rows(np.zeros(len(records), np.int64), records.timestamp, records.values))
        measured = records.measured
        log.extend(records.timestamp[measured], records.latency[measured], records.total[measured])
    took = seconds(began)
    assert len(window) >= ROWS - 1
    return window, log, took


def _chart(history: History, start: int, end: int) -> float:
    began = time.monotonic()
    found = history.excerpt(start, end, _METRICS, 2000).series(_METRICS)
    took = 1000.0 * seconds(began)
    assert 100 < len(found.timestamp) <= 2000
    return took


def _page(history: History, start: int, end: int) -> float:
    began = time.monotonic()
    found, _ = history.spans(start, end, [*HEADLINE[:6], *PERIOD], 400)
    took = 1000.0 * seconds(began)
    assert found.histograms.any()
    return took


def _tidy(folder: Path, now: int) -> list[float]:
    """Let half a day become too old."""
    short = type(RETENTION)(DAY_MS // 2, RETENTION.minutes, RETENTION.hours)
    store = HistoryFile(folder, TARGET, short)
    store.open()
    times = []
    more = True
    while more:
        began = time.monotonic()
        more = store.tidy(now)
        times.append(1000.0 * seconds(began))
    store.close()
    return times


def _sizes(folder: Path) -> dict[str, float]:
    """Return MB of a day, from the bytes of what is left: half a day of samples, 30 days of minutes."""
    import sqlite3  # noqa: PLC0415 - for this figure alone

    connection = sqlite3.connect(folder / "history.db")
    (samples, blocks) = connection.execute("SELECT sum(length(payload)), count(*) FROM samples").fetchone()
    (rollups,) = connection.execute("SELECT sum(length(payload)) FROM rollups").fetchone()
    connection.close()
    per_day = rollups / 31 / 1e6
    page_share = 1.05  # pages are not full
    return {"day": page_share * (samples / blocks * DAY_MS / MINUTE_MS / 1e6 + per_day), "rollups": per_day}
