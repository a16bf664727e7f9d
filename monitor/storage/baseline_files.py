"""Baselines as one JSON file each."""

import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from monitor.core.baseline import Baseline
from monitor.core.baseline_document import from_json, to_json
from monitor.core.errors import InvalidInputError, StoreError

log = logging.getLogger(__name__)

_SUFFIX: Final = ".json"
_ASIDE: Final = ".unreadable"
_IDENTITY: Final = re.compile(r"b[0-9]{1,20}", re.ASCII)
_LARGEST_BYTES: Final = 1 << 20


class BaselineFiles:
    """Files `<id>.json` in one folder, which is made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`."""
        self._folder = folder

    def load(self) -> list[Baseline]:
        """Return the baselines in the folder, oldest first. A file that is none is renamed and reported."""
        found = []
        for file in sorted(self._folder.glob(f"*{_SUFFIX}")):
            try:
                found.append(_read(file))
            except OSError as error:
                log.warning("baseline not read", extra={"file": file.name, "reason": error.strerror})
            except InvalidInputError as problem:
                log.warning("baseline set aside", extra={"file": file.name, "reason": str(problem)})
                with suppress(OSError):
                    file.rename(file.with_suffix(_ASIDE))
        return sorted(found, key=lambda baseline: baseline.start)

    def save(self, baseline: Baseline) -> None:
        """Write the file beside the old one, to the disk, then put it in its place."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, written = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(to_json(baseline))
                    file.flush()
                    os.fsync(file.fileno())
                Path(written).replace(self._path(baseline.id))
            except BaseException:
                with suppress(OSError):
                    Path(written).unlink()
                raise
            self._sync_folder()
        except OSError as error:
            raise StoreError(f"the baseline could not be kept: {error.strerror or error}") from None

    def delete(self, identity: str) -> None:
        """Remove the file; no error where there is none."""
        try:
            self._path(identity).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"the baseline could not be deleted: {error.strerror or error}") from None

    def _path(self, identity: str) -> Path:
        if not _IDENTITY.fullmatch(identity):
            raise StoreError("no baseline has such an id")
        return self._folder / f"{identity}{_SUFFIX}"

    def _sync_folder(self) -> None:
        """Have the new name on the disk, too."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(file: Path) -> Baseline:
    if file.stat().st_size > _LARGEST_BYTES:
        raise InvalidInputError("file", "is larger than any baseline")
    baseline = from_json(file.read_bytes())
    if file.stem != baseline.id:
        raise InvalidInputError("baseline.id", f"must be {file.stem!r}, as the file is called")
    return baseline
