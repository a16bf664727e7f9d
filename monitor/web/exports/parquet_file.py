"""`/export.parquet`: the same rows, encoded by a child process: pyarrow costs the server neither time nor memory.

The child gets a line of JSON, then blocks; it answers each block with as much of the file as is ready, see
parquet_writer.py.
"""

import importlib.util
import struct
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from typing import IO, Final

import orjson

from monitor.core.errors import StoreError
from monitor.web.exports.table import Table, pieces

MISSING: Final = "pyarrow is not installed: pip install 'hub-monitor[parquet]'"
LENGTH: Final = struct.Struct("<q")
"""Before each block its rows, before each answer its bytes."""
_PIECE_ROWS: Final = 1200


def is_installed() -> bool:
    """Tell whether the child will find pyarrow."""
    return importlib.util.find_spec("pyarrow") is not None


class ParquetFile:
    """An iterator of the file's pieces; the child runs from the first piece to the last one, or to `close`."""

    def __init__(self, table: Table, closed: Callable[[], object]) -> None:
        """Write `table`; `closed` is called once, when this is closed."""
        self._pieces = _pieces(table)
        self._closed: Callable[[], object] | None = closed

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next piece."""
        try:
            return next(self._pieces)
        except StopIteration:
            # Before the client has the end of it: the next request may be its own.
            self.close()
            raise

    def close(self) -> None:
        """End the child; idempotent."""
        self._pieces.close()
        closed, self._closed = self._closed, None
        if closed is not None:
            closed()


def _pieces(table: Table) -> Generator[bytes, None, None]:
    child = subprocess.Popen(
        [sys.executable, "-m", "monitor.web.exports.parquet_writer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        with child:
            try:
                yield from _encoded(table, child)
            finally:
                # It has said all that it has to say, or nobody listens any more.
                child.kill()
    except BrokenPipeError:
        raise _ended() from None


def _encoded(table: Table, child: subprocess.Popen[bytes]) -> Iterator[bytes]:
    if child.stdin is None or child.stdout is None:
        return
    columns = [[column.name, column.unit] for column in table.columns]
    child.stdin.write(orjson.dumps({"columns": columns, "resolution": table.resolution.value}) + b"\n")
    # What is still in hand where the table cannot be read would meet an ended child, and hide why.
    child.stdin.flush()
    for timestamp, values in pieces(table, _PIECE_ROWS):
        child.stdin.write(LENGTH.pack(len(timestamp)))
        child.stdin.write(timestamp.tobytes())
        child.stdin.write(values.tobytes())
        child.stdin.flush()
        yield _answer(child.stdout)
    child.stdin.close()
    yield _answer(child.stdout)


def _answer(stream: IO[bytes]) -> bytes:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise _ended()
    (length,) = LENGTH.unpack(head)
    piece = stream.read(length)
    if len(piece) < length:
        raise _ended()
    return piece


def _ended() -> StoreError:
    return StoreError("the file could not be made: the process that encodes it has ended")
