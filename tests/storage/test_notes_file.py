"""What the next start goes on with, on a real file system."""

import logging
from pathlib import Path

import pytest

from monitor.core.errors import StoreError
from monitor.core.experiment import ExperimentNotes
from monitor.core.marker import Marker, Origin
from monitor.storage.notes_file import NotesFile

NOTES = ExperimentNotes("b7", (Marker("m1-1", 1000, "pool 64 → 128", Origin.PERSON),))


def test_what_was_written_last_is_read_by_the_next(tmp_path: Path) -> None:
    """Of this target alone."""
    file = tmp_path / "deep" / "notes.json"
    assert NotesFile(file, "hub").read() == ExperimentNotes()
    NotesFile(file, "hub").write(ExperimentNotes())
    NotesFile(file, "hub").write(NOTES)
    assert NotesFile(file, "hub").read() == NOTES
    assert NotesFile(file, "other").read() == ExperimentNotes()
    assert [one.name for one in file.parent.iterdir()] == ["notes.json"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'{"target":"hub"}', b'{"target":"hub","active":1,"markers":[1]}']
)
def test_a_file_that_is_none_is_reported(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """And the start goes on."""
    file = tmp_path / "notes.json"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert NotesFile(file, "hub").read() == ExperimentNotes()
    assert [record.getMessage() for record in caplog.records] == ["notes not read"]


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    """It is a file here."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="markers could not be kept"):
        NotesFile(tmp_path / "file" / "notes.json", "hub").write(NOTES)
