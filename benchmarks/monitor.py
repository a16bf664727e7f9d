"""A Monitor that keeps what it sees in a folder, put together as `monitor.bootstrap` does, without a server."""

import random
from pathlib import Path
from typing import Final

from monitor.core.rollup import DAY_MS
from monitor.core.window import Window
from monitor.engine.alerting import Alerting
from monitor.engine.experiment import Experiment
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.latency_history import LatencyHistory
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.engine.prover import Prover
from monitor.engine.viewers import Viewers
from monitor.storage.archive import Archive
from monitor.storage.baseline_files import BaselineFiles
from monitor.storage.history_file import HistoryFile
from monitor.storage.notes_file import NotesFile
from monitor.storage.proof_file import ProofFile
from monitor.storage.retention import Retention

_WARM_UP_SECONDS: Final = 5
_RETENTION: Final = Retention(DAY_MS, 30 * DAY_MS, 730 * DAY_MS)


def build_monitor(target: str, folder: Path, clock: Clock, capacity: int) -> Monitor:
    """Return one of a second's interval with a rolling frame of `capacity` rows; nothing of it is started."""
    window = Window(capacity)
    latency = LatencyHistory(capacity // 60 + 1)
    writer = HistoryWriter(HistoryFile(folder, target, _RETENTION), Archive(folder, target), clock, 1.0)
    experiment = Experiment(
        ExperimentSetup(target, window, latency, 1000, _WARM_UP_SECONDS),
        store=BaselineFiles(folder / "baselines"),
        entries=writer,
        notes=NotesFile(folder / "notes.json", target),
    )
    return Monitor(
        target=target,
        epoch="bench",
        interval=1.0,
        window=window,
        latency=latency,
        experiment=experiment,
        prover=Prover(
            None,
            interval=1.0,
            warm_up=_WARM_UP_SECONDS,
            keep=experiment.keep,
            notes=ProofFile(folder / "proof.json", target),
            chance=random.Random(1),
        ),
        alerting=Alerting(target, writer, clock, 1.0),
        writer=writer,
        clock=clock,
        viewers=Viewers(100),
    )
