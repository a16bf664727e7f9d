"""One watched target: owns its rolling frame and numbers its samples."""

import math
import threading
from dataclasses import replace
from typing import Final

import numpy as np

from monitor.core.health import Health, Uptime, judge
from monitor.core.histogram import Floats, Histogram, quantiles
from monitor.core.measurement import LARGEST, measured
from monitor.core.metric import COLUMN, COLUMNS, PERCENTILES
from monitor.core.sample import Sample
from monitor.core.score import Score, score_rows
from monitor.core.snapshot import Snapshot, Ticks
from monitor.core.summary import SPAN_SECONDS, summarize
from monitor.core.window import Rows, Window
from monitor.engine.experiment import Experiment
from monitor.engine.feed import Feed
from monitor.engine.latency_history import LatencyHistory
from monitor.engine.ports import Clock
from monitor.engine.prover import Prover
from monitor.engine.viewers import View, Viewers

RECENT_ROWS: Final = 2 * SPAN_SECONDS


class Monitor:
    """Takes samples, keeps 24 h of them, publishes a Snapshot per sample."""

    def __init__(
        self,
        *,
        target: str,
        epoch: str,
        interval: float,
        window: Window,
        latency: LatencyHistory,
        experiment: Experiment,
        prover: Prover,
        clock: Clock,
        viewers: Viewers,
    ) -> None:
        """Watch `target` every `interval` seconds; `epoch` names this server run.

        `window` keeps the samples, `latency` their histograms, `experiment` compares them with a baseline,
        `prover` on with off.
        """
        self.target = target
        self.epoch = epoch
        self.interval = interval
        self.feed = Feed()
        self.window = window
        self.experiment = experiment
        self.prover = prover
        self._latency = latency
        self._uptime = Uptime(0, 0)
        self._seq = 0
        self._clock = clock
        self._viewers = viewers
        # Guards the frame's writer, the uptime counts and seq: one sample is taken at a time.
        self._lock = threading.Lock()

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        """Take one sample: summarise, append, publish. A sample that fails leaves no trace."""
        values = {metric: measured(value) for metric, value in sample.values.items() if metric in COLUMN}
        values = {metric: value for metric, value in values.items() if math.isfinite(value)}
        sample = replace(sample, values=values, latency=_measured(sample.latency))
        row = np.full(len(COLUMNS), np.nan)
        for metric, value in values.items():
            row[COLUMN[metric]] = value
        with self._lock:
            past = self.window.last(RECENT_ROWS - 1)
            score = self._score(past, sample.timestamp, row)
            if score is not None:
                row[COLUMN["optimization_score"]] = score.value
            # Readers find snapshots by seq, so it may not have holes: whatever can fail comes before it grows.
            summaries = summarize(past.plus(self._seq + 1, sample.timestamp, row), sample.timestamp)
            if sample.latency is not None:
                self._latency.append(sample.timestamp, sample.latency)
            latency = self._latency.merged(sample.timestamp - SPAN_SECONDS * 1000 + 1, sample.timestamp + 1)
            if sample.answered is not None:
                self._uptime = Uptime(self._uptime.answered + sample.answered, self._uptime.expected + 1)
            experiment = self.experiment.observe(sample, row, proving=self.prover.proving)
            proof = self.prover.observe(sample)
            self._seq += 1
            self.window.append(self._seq, sample.timestamp, row)
            snapshot = Snapshot(
                epoch=self.epoch,
                seq=self._seq,
                target=self.target,
                interval=self.interval,
                sample=sample,
                recent=self.window.last(RECENT_ROWS),
                summaries=summaries,
                latency=latency,
                uptime=self._uptime,
                ticks=ticks,
                score=score,
                viewers=self._viewers.count(View.PAGE),
                experiment=experiment,
                proof=proof,
            )
            self.feed.publish(snapshot)

    @property
    def interval_ms(self) -> int:
        """Return the collection interval in whole milliseconds."""
        return round(self.interval * 1000)

    @property
    def snapshot(self) -> Snapshot | None:
        """Return the state after the newest sample."""
        return self.feed.latest

    def percentiles(self, metrics: list[str], edges: Floats) -> dict[str, Floats]:
        """Return those of the metrics that are latency percentiles, ms, of all operations between two edges each.

        edges: (k + 1,) ascending epoch ms, a `Reduction`'s. Each result is (k,); NaN where there were no
        operations, or the percentile is beyond the last bucket.
        """
        wanted = [metric for metric in metrics if metric in PERCENTILES]
        if not wanted:
            return {}
        past = self._latency.past(math.floor(edges[0]), math.ceil(edges[-1]))
        merged = past.merged(edges)
        return {metric: 1000.0 * quantiles(merged, PERCENTILES[metric]) for metric in wanted}

    def age(self, snapshot: Snapshot) -> float:
        """Return how many seconds ago the snapshot's sample was complete."""
        return self._clock.monotonic() - snapshot.sample.at

    def health(self) -> Health:
        """Judge now how far the newest sample can be trusted."""
        snapshot = self.snapshot
        if snapshot is None:
            return judge(None, self.interval, answered=None, errors=())
        return judge(
            self.age(snapshot),
            self.interval,
            answered=snapshot.sample.answered,
            errors=snapshot.sample.failures,
        )

    @staticmethod
    def _score(past: Rows, now: int, row: Floats) -> Score | None:
        """Score the mechanisms over the last minute, this row included."""
        minute = past.values[past.timestamp > now - SPAN_SECONDS * 1000]
        return score_rows(np.vstack([minute, row]))


def _measured(histogram: Histogram | None) -> Histogram | None:
    """Return the histogram, None where it counts more than a target can do; an absurd total is unknown."""
    if histogram is None or not histogram.count <= LARGEST:
        return None
    return replace(histogram, total=measured(histogram.total))
