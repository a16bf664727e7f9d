"""The proof that is not paid for yet, as one JSON file that is there only as long."""

import logging
from pathlib import Path

import orjson

from monitor.core.errors import StoreError
from monitor.core.proof_note import ProofNote
from monitor.storage.whole_file import write_whole

log = logging.getLogger(__name__)


class ProofFile:
    """One file for one target; what another target left there is not read."""

    def __init__(self, file: Path, target: str) -> None:
        """Keep `target`'s note in `file`."""
        self._file = file
        self._target = target

    def read(self) -> ProofNote | None:
        """Return what was written last; a file that is none is reported and counts as nothing noted."""
        try:
            document = orjson.loads(self._file.read_bytes())
            if document["target"] == self._target:
                return ProofNote.read(document)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("proof not read", extra={"file": self._file.name, "reason": str(error)})
        return None

    def write(self, note: ProofNote | None) -> None:
        """Put the new file in the place of the old one, or take it away."""
        try:
            if note is None:
                self._file.unlink(missing_ok=True)
            else:
                write_whole(self._file, orjson.dumps({"target": self._target, **note.document()}))
        except OSError as error:
            raise StoreError(f"the proof could not be noted: {error.strerror or error}") from None
