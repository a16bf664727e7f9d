"""`python -m monitor.web.exports.parquet_writer`: rows on standard input, the pieces of a Parquet file on output.

Input is a line of JSON, `{"columns": [[name, unit], ...], "resolution": ...}`, then blocks: how many rows (int64),
their timestamps (int64, epoch ms) and their values (float64, row by row, NaN = unknown). Each block, and the end,
is answered by a length (int64) and so many bytes.
"""

import io
import json
import os
import struct
import sys
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

GROUP_ROWS: Final = 7200
_LENGTH: Final = struct.Struct("<q")
_NICENESS: Final = 15


class _Pieces(io.RawIOBase):
    """Takes what is written; a file of which what was taken away is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()
        self._taken = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        view = memoryview(data)
        self._waiting += view
        return view.nbytes

    def tell(self) -> int:
        return self._taken + len(self._waiting)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        piece, self._waiting = bytes(self._waiting), bytearray()
        self._taken += len(piece)
        return piece


def main(source: IO[bytes], sink: IO[bytes]) -> None:
    """Write what comes, a row group at a time."""
    # Before the imports, which take longest: the sampler and the viewers come first.
    os.nice(_NICENESS)
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    pa.set_cpu_count(1)
    head = json.loads(source.readline())
    fields = [pa.field("timestamp", pa.timestamp("ms", "UTC"), nullable=False)]
    fields += [pa.field(name, pa.float64(), metadata={"unit": unit}) for name, unit in head["columns"]]
    schema = pa.schema(fields, metadata={"resolution": head["resolution"]})
    pieces = _Pieces()
    waiting: list[pa.RecordBatch] = []
    with pq.ParquetWriter(pieces, schema, compression="zstd") as writer:
        while length := source.read(_LENGTH.size):
            (rows,) = _LENGTH.unpack(length)
            timestamp = np.frombuffer(source.read(8 * rows), np.int64)
            values = np.frombuffer(source.read(8 * rows * (len(fields) - 1)), np.float64).reshape(rows, -1)
            arrays = [pa.array(timestamp, pa.timestamp("ms", "UTC"))]
            arrays += [pa.array(np.ascontiguousarray(column), from_pandas=True) for column in values.T]
            waiting.append(pa.record_batch(arrays, schema))
            if sum(map(len, waiting)) >= GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(waiting), row_group_size=2 * GROUP_ROWS)
                waiting = []
            _answer(sink, pieces.take())
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=2 * GROUP_ROWS)
    _answer(sink, pieces.take())


def _answer(sink: IO[bytes], piece: bytes) -> None:
    sink.write(_LENGTH.pack(len(piece)))
    sink.write(piece)
    sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
