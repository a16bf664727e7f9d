"""`/export.csv`: for spreadsheets and scripts.

The first column is `timestamp_utc` (ISO 8601, milliseconds), the others are names of columns with the display unit
in brackets where there is one: `latency_ms [ms]`. An empty cell where nothing was measured, nothing made up for
samples that are missing. Every cell is a number or a time of ours, every header a text of the metric table, and so
no cell can be a formula.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from monitor.core.wire import encode
from monitor.web.exports.table import Column, Table, pieces

_LINE: Final = "\r\n"
_PIECE_ROWS: Final = 240


def header(column: Column) -> str:
    """Return the column's header."""
    return f"{column.name} [{column.unit}]" if column.unit else column.name


def lines(table: Table) -> Iterator[bytes]:
    """Yield the file in pieces of 240 rows, the headers with the first of them."""
    head = ",".join(["timestamp_utc", *map(header, table.columns)]) + _LINE
    for timestamp, values in pieces(table, _PIECE_ROWS):
        moments = np.datetime_as_string(timestamp.view("datetime64[ms]"), unit="ms", timezone="UTC").tolist()
        # JSON of a matrix is CSV between its brackets, and comes out a hundred times faster than cell by cell.
        rows = encode(values).decode()[2:-2].replace("null", "").split("],[")
        piece = "".join(f"{moment},{row}{_LINE}" for moment, row in zip(moments, rows, strict=True))
        yield (head + piece).encode()
        head = ""
    if head:
        yield head.encode()
