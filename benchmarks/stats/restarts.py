"""A target that restarts under a comparison, from its exposition to the verdict, many times over."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.stats.service import START_MS
from benchmarks.stats.worlds import World
from monitor.core.experiment import ExperimentState
from monitor.core.histogram import Floats
from monitor.core.marker import Origin
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.rollup import DAY_MS
from monitor.core.sample import Sample
from monitor.core.verdict import Verdict
from monitor.core.window import Window
from monitor.engine.clock import SystemClock
from monitor.engine.experiment import Experiment
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.latency_history import LatencyHistory
from monitor.net.address import parse_address
from monitor.sources.preset import load_preset
from monitor.sources.prometheus import PrometheusSource
from monitor.storage.archive import Archive
from monitor.storage.baseline_files import BaselineFiles
from monitor.storage.history_file import HistoryFile
from monitor.storage.notes_file import NotesFile
from monitor.storage.retention import Retention

_OPERATIONS, _CPU_SECONDS = 500.0, 0.4
_RETENTION: Final = Retention(DAY_MS, DAY_MS, DAY_MS)
_MAP: Final = {
    "throughput_ops_sec": {"counter": "operations_total"},
    "offered_ops_sec": {"counter": "offered_total"},
    "cpu_utilization": {"counter": "process_cpu_seconds_total"},
    "started_at": {"gauge": "process_start_time_seconds"},
}
_METRICS: Final = ("throughput_ops_sec", "cpu_utilization")


@dataclass(frozen=True, slots=True)
class Restarted:
    """`sound`: no rate was smaller or larger than what happened, and one second only is missing.

    `shown`: the state says it, and how much of the warm-up is left. `unchanged`: the verdicts at the end are those
    of the same seconds without it.
    """

    sound: bool
    shown: bool
    unchanged: bool


@dataclass(frozen=True, slots=True)
class RestartTrial:
    """Nothing changes, but that all counters begin at 0 again `at` seconds after the baseline.

    `told`: the target exposes when it was started, as most do. Noise of 2 %.
    """

    told: bool = True
    at: int = 100
    warm_up: int = 30
    history: int = 900
    baseline: int = 300
    looks: int = 600

    def run(self, world: World, runs: int, seed: int) -> list[Restarted]:
        """Return what was seen in each run."""
        random = np.random.default_rng(seed)
        return [self._run(1.0 + 0.02 * world(random, 2, self._begin + self.looks)) for _ in range(runs)]

    @property
    def _begin(self) -> int:
        return self.history + self.baseline

    def _run(self, levels: Floats) -> Restarted:
        reset = self._begin + self.at
        rows, states = self._watch(levels, reset)
        _, quiet = self._watch(levels, None)
        rates = rows[1:, [COLUMN[metric] for metric in _METRICS]]
        happened = levels[:, 1:] * np.array([[_OPERATIONS], [100.0 * _CPU_SECONDS]])
        missing = np.isnan(rates)
        low, high = happened.min(axis=1) - 1.0, happened.max(axis=1) + 1.0
        sound = missing.sum(axis=0).tolist() == [1, 1] and bool(((rates > low) & (rates < high) | missing).all())
        return Restarted(sound, self._shown(states[reset]), _verdicts(states[-1]) == _verdicts(quiet[-1]))

    def _shown(self, state: ExperimentState) -> bool:
        if not self.told:
            return not state.markers
        [marker] = state.markers
        impact = state.impact
        return marker.origin is Origin.RESTART and impact is not None and impact.warm_up == self.warm_up

    def _watch(self, levels: Floats, reset: int | None) -> tuple[Floats, list[ExperimentState]]:
        """Return each second's row and what is known after it."""
        window = Window(len(levels.T))
        source = PrometheusSource(
            parse_address("target", "http://127.0.0.1/metrics"), load_preset("map", _MAP), 1.0
        )
        rows, states = [], []
        with tempfile.TemporaryDirectory() as made:
            # Not started: nothing is done in the background, where a simulated clock would overtake it.
            folder = Path(made)
            experiment = Experiment(
                ExperimentSetup("hub", window, LatencyHistory(1), 1000, self.warm_up),
                store=BaselineFiles(folder),
                entries=HistoryWriter(
                    HistoryFile(folder, "hub", _RETENTION), Archive(folder, "hub"), SystemClock(), 1.0
                ),
                notes=NotesFile(folder / "notes", "hub"),
            )
            for second, text in enumerate(self._expositions(levels, reset)):
                reading = source.take(text.encode(), float(second))
                at = START_MS + 1000 * second
                row = np.full(len(COLUMNS), np.nan)
                for metric, value in reading.values.items():
                    row[COLUMN[metric]] = value
                sample = Sample("hub", at, float(second), 0.0, reading.values, True, started_at=reading.started_at)
                states.append(experiment.observe(sample, row))
                rows.append(row)
                window.append(second + 1, at, row)
                if second + 1 == self._begin:
                    experiment.record_last(self.baseline, "before", "")
        return np.array(rows), states

    def _expositions(self, levels: Floats, reset: int | None) -> Iterator[str]:
        operations = cpu = offered = 0.0
        started = START_MS / 1000.0 - 3600.0
        for second, (work, load) in enumerate(levels.T.tolist()):
            if second == reset:
                operations = cpu = offered = 0.0
                started = START_MS / 1000.0 + second
            operations += _OPERATIONS * work
            cpu += _CPU_SECONDS * load
            offered += 1.2 * _OPERATIONS
            yield (
                f"operations_total {operations}\noffered_total {offered}\n"
                f"process_cpu_seconds_total {cpu}\n"
                + (f"process_start_time_seconds {started}\n" if self.told else "")
            )


def _verdicts(state: ExperimentState) -> dict[str, Verdict]:
    return {} if state.impact is None else {one.metric: one.verdict for one in state.impact.metrics}
