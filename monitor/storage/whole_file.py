"""Files that are there whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Write beside the old file, to the disk, then put it in its place; makes the folder. Raises OSError."""
    folder = file.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        Path(written).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(written).unlink()
        raise
    _sync(folder)


def _sync(folder: Path) -> None:
    """Have the new name on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
