"""`hub-monitor open FILE`: an exported CSV in the same pages; nothing is sampled, nothing can be changed.

All of it but the last sample becomes a history of its own, and that sample is played.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from monitor.commands.command import Parser
from monitor.commands.replay import MOST_HOURS, SETTINGS, Play, own_folder, show, span
from monitor.core.errors import SettingsError
from monitor.core.metric import COLUMNS
from monitor.core.record import Record
from monitor.core.rollup import DAY_MS, HOUR_MS
from monitor.core.sample import Sample
from monitor.core.session import Header, header_line, sample_line
from monitor.sources.csv_export import CsvExport
from monitor.sources.session import Session
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention

_EVER: Final = 36_600 * DAY_MS
_AT_ONCE: Final = 3600


@dataclass(frozen=True, slots=True)
class _Imported:
    """What was read: who and how often, the first moment (epoch ms), and the last sample."""

    header: Header
    start: int
    last: Sample


def main(argv: Sequence[str]) -> NoReturn:
    """Become a server that shows an exported CSV; raises SettingsError that names line and rule."""
    parser = Parser(
        prog="hub-monitor open",
        description="Show a CSV from /export.csv in the same pages; nothing is sampled, nothing can be changed.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="a CSV of samples")
    parser.add_settings(SETTINGS)
    given = parser.read(argv)
    file = Path(given.texts["file"])
    with own_folder() as folder:
        found = _import(file, folder)
        last = folder / "end.jsonl"
        last.write_bytes(header_line(found.header) + sample_line(found.last))
        play = Play(
            str(last),
            last_words=f"this is {file.name}, which ends here; nothing is sampled, and nothing can be changed",
            read_only=f"{file.name} is open for reading only; nothing can be changed in it",
        )
        about = f"{file}, {span(found.start, found.last.timestamp)}, read-only"
        show(given, folder, Session.check(last), play, found.start, about)


def _import(file: Path, folder: Path) -> _Imported:
    """Write all samples but the last into a history in `folder`."""
    target = file.name[:200]
    export = CsvExport(file)
    store = HistoryFile(folder, target, Retention(_EVER, _EVER, _EVER))
    moments: list[int] = []
    waiting: list[Record] = []
    try:
        for record in export.records():
            waiting.append(record)
            moments.append(record.timestamp)
            if len(waiting) > _AT_ONCE:
                store.write(waiting[:-1], ())
                waiting = waiting[-1:]
        if not waiting:
            raise SettingsError(f"{file}: line 2: there is no sample in it")
        if max(moments) - min(moments) > MOST_HOURS * HOUR_MS:
            raise SettingsError(f"{file}: must cover {MOST_HOURS} hours at the most")
        store.write(waiting[:-1], ())
    finally:
        store.close()
    header = Header(target=target, interval_ms=_interval(moments))
    return _Imported(header, moments[0], _sample(waiting[-1], target, cpu_of_one_core=export.cpu_of_one_core))


def _interval(moments: list[int]) -> int:
    """Return the time between two samples, ms, as a collection interval can be."""
    steps = np.diff(moments)
    usual = float(np.median(steps)) if len(steps) else 1000.0
    return min(60_000, max(1000, 1000 * round(usual / 1000)))


def _sample(record: Record, target: str, *, cpu_of_one_core: bool) -> Sample:
    values = zip(COLUMNS, record.values.tolist(), strict=True)
    known = {metric: value for metric, value in values if not math.isnan(value)}
    return Sample(
        target=target,
        timestamp=record.timestamp,
        at=0.0,
        lateness=0.0,
        values=known,
        answered=record.answered,
        errors={"target": "it did not answer"} if record.answered is False else {},
        cpu_of_one_core=cpu_of_one_core,
    )
