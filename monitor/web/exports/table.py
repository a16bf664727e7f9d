"""What an export holds: columns over time, in pieces, whatever the file's format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from monitor.core.histogram import Floats, quantiles
from monitor.core.metric import COLUMN, METRIC, PERCENTILES
from monitor.core.rollup import HOUR_MS, MINUTE_MS, Rollups
from monitor.core.rounding import DECIMALS
from monitor.core.window import Integers
from monitor.engine.history import History


class Resolution(StrEnum):
    """What a row is; one file has rows of one kind."""

    SAMPLE = "sample"
    MINUTE = "minute"
    HOUR = "hour"


WIDTHS: Final = {Resolution.MINUTE: MINUTE_MS, Resolution.HOUR: HOUR_MS}


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of each row, with its display unit ("" where it counts)."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of start..end (epoch ms): a sample each, or a minute or hour each, stamped with its beginning.

    `parts` yields timestamps (n,) epoch ms and values (n, len(columns)), NaN = unknown, oldest first.
    """

    start: int
    end: int
    resolution: Resolution
    columns: tuple[Column, ...]
    parts: Iterator[tuple[Integers, Floats]]

    @classmethod
    def of(
        cls,
        history: History,
        start: int,
        end: int,
        metrics: Sequence[str],
        resolution: Resolution,
        *,
        cpu_of_one_core: bool,
    ) -> "Table":
        """Read metrics of start..end (epoch ms, both included) as rows of one kind.

        `cpu_of_one_core`: the target does not say how many cores it may use.
        """
        units = {metric: METRIC[metric].unit for metric in metrics}
        if cpu_of_one_core and "cpu_utilization" in units:
            units["cpu_utilization"] = "% of one core"
        if resolution is Resolution.SAMPLE:
            columns = tuple(Column(metric, unit) for metric, unit in units.items())
            return cls(start, end, resolution, columns, _samples(history, start, end, metrics))
        columns = tuple(Column(name, unit) for metric, unit in units.items() for name, _ in _figures(metric))
        width = WIDTHS[resolution]
        return cls(start, end, resolution, columns, _rolled(history, width, start, end, metrics))


def _samples(history: History, start: int, end: int, metrics: Sequence[str]) -> Iterator[tuple[Integers, Floats]]:
    chosen = [COLUMN[metric] for metric in metrics]
    for part in history.samples(start, end):
        yield part.timestamp, part.values[:, chosen]


def _rolled(
    history: History, width: int, start: int, end: int, metrics: Sequence[str]
) -> Iterator[tuple[Integers, Floats]]:
    figures = [figure for metric in metrics for _, figure in _figures(metric)]
    for rollups in history.rollups(width, start, end + 1):
        yield rollups.start, np.stack([figure(rollups) for figure in figures], axis=1)


def _figures(metric: str) -> list[tuple[str, Callable[[Rollups], Floats]]]:
    """Return the columns of a metric in roll-ups, by name.

    A mean of percentiles is not a percentile: of those it is that of all operations of the span instead.
    """
    place = COLUMN[metric]

    def merged(rollups: Rollups) -> Floats:
        return 1000.0 * quantiles(rollups.latency, PERCENTILES[metric])

    middle: tuple[str, Callable[[Rollups], Floats]] = (
        (metric, merged) if metric in PERCENTILES else (f"{metric}_mean", lambda rollups: rollups.mean[:, place])
    )
    return [
        (f"{metric}_min", lambda rollups: rollups.low[:, place]),
        middle,
        (f"{metric}_max", lambda rollups: rollups.high[:, place]),
    ]


def pieces(table: Table, rows: int) -> Iterator[tuple[Integers, Floats]]:
    """Yield the table's rows, rounded as every figure that leaves, contiguous, at most `rows` at once."""
    for timestamp, values in table.parts:
        for begin in range(0, len(timestamp), rows):
            block = np.round(values[begin : begin + rows], DECIMALS)
            yield timestamp[begin : begin + rows], np.ascontiguousarray(block)
