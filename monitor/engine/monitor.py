"""One watched target: owns its rolling frame and numbers its samples."""

import math
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from monitor.core.health import Health, Uptime, judge
from monitor.core.histogram import Floats, Histogram
from monitor.core.measurement import LARGEST, measured
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.record import Record, Records
from monitor.core.sample import Sample
from monitor.core.score import Score, score_rows
from monitor.core.snapshot import Snapshot, Ticks
from monitor.core.summary import SPAN_SECONDS, summarize
from monitor.core.window import Rows, Window
from monitor.engine.alerting import Alerting
from monitor.engine.experiment import Experiment
from monitor.engine.feed import Feed
from monitor.engine.history import History
from monitor.engine.history_writer import HistoryWriter
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
        alerting: Alerting,
        writer: HistoryWriter,
        clock: Clock,
        viewers: Viewers,
    ) -> None:
        """Watch `target` every `interval` seconds; `epoch` names this server run.

        `window` keeps the samples, `latency` their histograms, `experiment` compares them with a baseline,
        `prover` on with off, `alerting` watches over them, `writer` has them kept beyond the life of the process.
        """
        self.target = target
        self.epoch = epoch
        self.interval = interval
        self.feed = Feed()
        self.window = window
        self.experiment = experiment
        self.prover = prover
        self.alerting = alerting
        self.writer = writer
        self.history = History(window, latency.past, writer.archive, round(interval * 1000))
        self.latency = latency
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
        failed = row[COLUMN["throughput_ops_sec"]] * row[COLUMN["error_rate"]] / 100.0
        row[COLUMN["failed_ops_sec"]] = measured(failed)
        row[COLUMN["answered"]] = math.nan if sample.answered is None else 100.0 * sample.answered
        with self._lock:
            past = self.window.last(RECENT_ROWS - 1)
            score = self._score(past, sample.timestamp, row)
            if score is not None:
                row[COLUMN["optimization_score"]] = score.value
            # Readers find snapshots by seq, so it may not have holes: whatever can fail comes before it grows.
            summaries = summarize(past.plus(self._seq + 1, sample.timestamp, row), sample.timestamp)
            if sample.latency is not None:
                self.latency.append(sample.timestamp, sample.latency)
            latency = self.latency.merged(sample.timestamp - SPAN_SECONDS * 1000 + 1, sample.timestamp + 1)
            if sample.answered is not None:
                self._uptime = Uptime(self._uptime.answered + sample.answered, self._uptime.expected + 1)
            experiment = self.experiment.observe(sample, row, proving=self.prover.proving)
            proof = self.prover.observe(sample)
            impact = experiment.impact
            alerts = self.alerting.observe(
                sample, row, summaries, latency, None if impact is None else impact.overall.verdict
            )
            self._seq += 1
            self.window.append(self._seq, sample.timestamp, row)
            self.writer.record(
                Record(sample.timestamp, row, sample.answered, sample.latency, sample.started_at, sample.switches)
            )
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
                durability=self.writer.state,
                alerts=alerts,
            )
            self.feed.publish(snapshot)

    def restore(self, past: Iterable[Records]) -> int:
        """Take in what was measured before this run, oldest first, before its first sample; return how many.

        It gets the seq 0: this run numbers its own samples.
        """
        restored = 0
        with self._lock:
            for records in past:
                self.window.extend(Rows(np.zeros(len(records), np.int64), records.timestamp, records.values))
                self.latency.extend(
                    records.timestamp[records.measured],
                    records.latency[records.measured],
                    records.total[records.measured],
                )
                self.experiment.resume(records)
                restored += len(records)
        return restored

    @property
    def interval_ms(self) -> int:
        """Return the collection interval in whole milliseconds."""
        return round(self.interval * 1000)

    @property
    def snapshot(self) -> Snapshot | None:
        """Return the state after the newest sample."""
        return self.feed.latest

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
            storage=self.writer.state.sentences(round(self._clock.wall() * 1000)),
            remark=snapshot.sample.remark,
            final=snapshot.sample.final,
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
