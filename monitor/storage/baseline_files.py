"""Baselines as one JSON file each."""

import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from monitor.core.baseline import Baseline
from monitor.core.baseline_document import from_json, to_json
from monitor.core.errors import InvalidInputError, StoreError
from monitor.storage.whole_file import write_whole

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
        for file in self._files():
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
        """Put the new file in the place of the old one."""
        try:
            write_whole(self._path(baseline.id), to_json(baseline))
        except OSError as error:
            raise StoreError(f"the baseline could not be kept: {error.strerror or error}") from None

    def delete(self, identity: str) -> None:
        """Remove the file; no error where there is none."""
        try:
            self._path(identity).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"the baseline could not be deleted: {error.strerror or error}") from None

    def _files(self) -> list[Path]:
        try:
            return sorted(file for file in self._folder.iterdir() if file.suffix == _SUFFIX)
        except FileNotFoundError:
            return []
        except OSError as error:
            log.warning("baselines not read", extra={"reason": error.strerror})
            return []

    def _path(self, identity: str) -> Path:
        if not _IDENTITY.fullmatch(identity):
            raise StoreError("no baseline has such an id")
        return self._folder / f"{identity}{_SUFFIX}"


def _read(file: Path) -> Baseline:
    if file.stat().st_size > _LARGEST_BYTES:
        raise InvalidInputError("file", "is larger than any baseline")
    baseline = from_json(file.read_bytes())
    if file.stem != baseline.id:
        raise InvalidInputError("baseline.id", f"must be {file.stem!r}, as the file is called")
    return baseline
