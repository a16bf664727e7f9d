"""What the next start goes on with, as one JSON file."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from monitor.core.errors import StoreError
from monitor.core.experiment import ExperimentNotes
from monitor.core.marker import Marker, Origin
from monitor.storage.whole_file import write_whole

log = logging.getLogger(__name__)


class NotesFile:
    """One file for one target; what another target left there is not read."""

    def __init__(self, file: Path, target: str) -> None:
        """Keep `target`'s notes in `file`."""
        self._file = file
        self._target = target

    def read(self) -> ExperimentNotes:
        """Return what was written last; a file that is none is reported and counts as nothing noted."""
        try:
            document = orjson.loads(self._file.read_bytes())
            if document["target"] == self._target:
                return ExperimentNotes(
                    None if document["active"] is None else str(document["active"]),
                    tuple(_marker(one) for one in document["markers"]),
                )
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("notes not read", extra={"file": self._file.name, "reason": str(error)})
        return ExperimentNotes()

    def write(self, notes: ExperimentNotes) -> None:
        """Put the new file in the place of the old one."""
        document = {
            "target": self._target,
            "active": notes.active,
            "markers": [
                {"id": one.id, "at": one.at, "text": one.text, "origin": one.origin.value} for one in notes.markers
            ],
        }
        try:
            write_whole(self._file, orjson.dumps(document))
        except OSError as error:
            raise StoreError(f"markers could not be kept: {error.strerror or error}") from None


def _marker(document: Mapping[str, Any]) -> Marker:
    return Marker(str(document["id"]), int(document["at"]), str(document["text"]), Origin(document["origin"]))
