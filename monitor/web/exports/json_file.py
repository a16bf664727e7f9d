"""`/export.json`: the same rows as one JSON document, `[timestamp, value, ...]` each; null is unknown."""

from collections.abc import Iterator
from typing import Final

from monitor.core.wire import encode
from monitor.web.exports.table import Table, pieces

_PIECE_ROWS: Final = 240


def document(table: Table) -> Iterator[bytes]:
    """Yield the document in pieces of 240 rows, what names them with the first."""
    names = {
        "from": table.start,
        "to": table.end,
        "resolution": table.resolution.value,
        "columns": ["timestamp", *(column.name for column in table.columns)],
        "units": ["ms", *(column.unit for column in table.columns)],
    }
    before = encode(names)[:-1].decode() + ',"rows":['
    for timestamp, values in pieces(table, _PIECE_ROWS):
        rows = encode(values).decode()[2:-2].split("],[")
        moments = timestamp.tolist()
        yield (before + ",".join(f"[{moment},{row}]" for moment, row in zip(moments, rows, strict=True))).encode()
        before = ","
    yield b"]}" if before == "," else f"{before}]}}".encode()
