"""One watched target: owns its rolling frame and numbers its samples."""

import threading
from collections.abc import Mapping
from typing import Final

import numpy as np

from monitor.core.health import Health, Uptime, judge
from monitor.core.histogram import Floats
from monitor.core.latency_log import LatencyLog
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.sample import Sample
from monitor.core.score import Score, score_rows
from monitor.core.snapshot import Snapshot, Ticks
from monitor.core.summary import SPAN_SECONDS, summarize
from monitor.core.window import Window
from monitor.engine.feed import Feed
from monitor.engine.ports import Clock
from monitor.engine.viewers import View, Viewers

RECENT_ROWS: Final = 2 * SPAN_SECONDS


class Monitor:
    """Takes samples, keeps 24 h of them, publishes a Snapshot per sample."""

    def __init__(
        self, *, target: str, epoch: str, interval: float, capacity: int, clock: Clock, viewers: Viewers
    ) -> None:
        """Watch `target` every `interval` seconds, keeping `capacity` samples; `epoch` names this server run."""
        self.target = target
        self.epoch = epoch
        self.interval = interval
        self.feed = Feed()
        self.window = Window(capacity)
        self._latency = LatencyLog()
        self._uptime = Uptime(0, 0)
        self._switches: Mapping[str, bool] = {}
        self._seq = 0
        self._clock = clock
        self._viewers = viewers
        # Guards the frame's writer, the latency log, the uptime counts and seq: one sample is taken at a time.
        self._lock = threading.Lock()

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        """Take one sample: append it, summarise, publish."""
        row = np.full(len(COLUMNS), np.nan)
        for metric, value in sample.values.items():
            if metric in COLUMN:
                row[COLUMN[metric]] = value
        row[~np.isfinite(row)] = np.nan
        with self._lock:
            self._seq += 1
            score = self._score(sample.timestamp, row)
            if score is not None:
                row[COLUMN["optimization_score"]] = score.value
            self.window.append(self._seq, sample.timestamp, row)
            if sample.latency is not None:
                self._latency.append(sample.timestamp, sample.latency)
            if sample.answered is not None:
                self._uptime = Uptime(self._uptime.answered + sample.answered, self._uptime.expected + 1)
            if sample.switches:
                self._switches = dict(sample.switches)
            recent = self.window.last(RECENT_ROWS)
            snapshot = Snapshot(
                epoch=self.epoch,
                seq=self._seq,
                target=self.target,
                interval=self.interval,
                sample=sample,
                recent=recent,
                summaries=summarize(recent, sample.timestamp),
                latency=self._latency.seconds(sample.timestamp - SPAN_SECONDS * 1000 + 1, sample.timestamp + 1),
                uptime=self._uptime,
                ticks=ticks,
                score=score,
                switches=self._switches,
                switchable=sample.switchable,
                viewers=self._viewers.count(View.PAGE),
            )
            self.feed.publish(snapshot)

    @property
    def snapshot(self) -> Snapshot | None:
        """Return the state after the newest sample."""
        return self.feed.latest

    def health(self) -> Health:
        """Judge now how far the newest sample can be trusted."""
        snapshot = self.snapshot
        if snapshot is None:
            return judge(None, self.interval, answered=None, errors=())
        return judge(
            self._clock.monotonic() - snapshot.sample.at,
            self.interval,
            answered=snapshot.sample.answered,
            errors=tuple(f"{source}: {reason}" for source, reason in snapshot.sample.errors.items()),
        )

    def _score(self, now: int, row: Floats) -> Score | None:
        """Score the mechanisms over the last minute, this row included."""
        past = self.window.last(RECENT_ROWS)
        minute = past.values[past.timestamp > now - SPAN_SECONDS * 1000]
        return score_rows(np.vstack([minute, row]))
