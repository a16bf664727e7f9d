"""A CSV that this program has exported, read back: samples as records."""

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from monitor.core.errors import SettingsError
from monitor.core.metric import COLUMN, COLUMNS, METRIC
from monitor.core.record import Record
from monitor.core.session import LINE_BYTES, MOST_SAMPLES

TIME: Final = "timestamp_utc"
ONE_CORE: Final = "% of one core"


class CsvExport:
    """Reads the file once, in constant memory. Whatever breaks a rule raises SettingsError with line and rule."""

    def __init__(self, file: Path) -> None:
        """Read `file` when its records are asked for."""
        self._file = file
        self.cpu_of_one_core = False
        """Whether the header says so; known with the first record."""

    def records(self) -> Iterator[Record]:
        """Yield the samples, oldest first."""
        lines = self._lines()
        _, head = next(lines, (1, ""))
        metrics = self._metrics(head)
        places = [COLUMN[metric] for metric in metrics]
        answered = COLUMN["answered"]
        last = -1
        for number, line in lines:
            if not line:
                continue
            if number > MOST_SAMPLES + 1:
                raise self._wrong(number, f"there are more than {MOST_SAMPLES} samples")
            cells = line.split(",")
            if len(cells) != len(metrics) + 1:
                raise self._wrong(number, f"must have {len(metrics) + 1} cells, as the first line has")
            values = np.full(len(COLUMNS), np.nan)
            try:
                values[places] = [float(cell) if cell else math.nan for cell in cells[1:]]
            except ValueError:
                raise self._no_number(number, metrics, cells[1:]) from None
            if np.isinf(values).any() or "nan" in line.lower() or "_" in line:
                raise self._no_number(number, metrics, cells[1:])
            said = values[answered]
            moment = self._moment(number, cells[0])
            if moment <= last:
                raise self._wrong(number, f"{TIME}: must be later than in the row before: oldest first, each once")
            last = moment
            yield Record(moment, values, None if math.isnan(said) else bool(said))

    def _lines(self) -> Iterator[tuple[int, str]]:
        number = 0
        try:
            with self._file.open("rb") as stream:
                while line := stream.readline(LINE_BYTES + 1):
                    number += 1
                    if len(line) > LINE_BYTES:
                        raise self._wrong(number, f"is longer than {LINE_BYTES} bytes")
                    yield number, line.decode("utf-8-sig" if number == 1 else "ascii").rstrip("\r\n")
        except UnicodeDecodeError:
            raise self._wrong(number, "is not text of an export") from None
        except OSError as error:
            raise SettingsError(f"{self._file}: cannot be read: {error.strerror or error}") from None

    def _metrics(self, head: str) -> list[str]:
        first, *names = head.split(",")
        if first != TIME:
            raise self._wrong(1, f"must begin with {TIME}: only a CSV from /export.csv can be opened")
        found: list[str] = []
        for cell in names:
            name, _, unit = cell.removesuffix("]").partition(" [")
            if name.removesuffix("_min") != name and name.removesuffix("_min") in METRIC:
                raise self._wrong(1, f"{name}: rows of minutes or hours cannot be opened, only those of samples")
            if name not in METRIC or name in found:
                raise self._wrong(1, f"{cell[:60]!r} must be a metric's id with its unit, each once")
            one_core = name == "cpu_utilization" and unit == ONE_CORE
            if unit != METRIC[name].unit and not one_core:
                raise self._wrong(1, f"{name}: the unit must be {METRIC[name].unit or 'none'}")
            self.cpu_of_one_core |= one_core
            found.append(name)
        if not found:
            raise self._wrong(1, "must name a metric at the least")
        return found

    def _moment(self, number: int, cell: str) -> int:
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise self._wrong(number, f"{TIME}: must be ISO 8601 with its offset, not {cell[:40]!r}")
        return round(moment.timestamp() * 1000)

    def _no_number(self, number: int, metrics: list[str], cells: list[str]) -> SettingsError:
        def finite(cell: str) -> bool:
            try:
                return "_" not in cell and math.isfinite(float(cell))
            except ValueError:
                return not cell

        metric, cell = next((pair for pair in zip(metrics, cells, strict=True) if not finite(pair[1])), (TIME, ""))
        return self._wrong(number, f"{metric}: must be a number or empty, not {cell[:40]!r}")

    def _wrong(self, number: int, rule: str) -> SettingsError:
        return SettingsError(f"{self._file}: line {number}: {rule}")
