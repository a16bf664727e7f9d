"""The proof that is not paid for yet, on a real file system."""

import logging
from pathlib import Path

import pytest

from monitor.core.errors import StoreError
from monitor.core.proof import Plan
from monitor.core.proof_note import ProofNote
from monitor.storage.proof_file import ProofFile

NOTE = ProofNote(Plan("cache", 40, 10, (True, False, False, True)), 1_700_000_000_000, was=True, started_at=5.5)


def test_it_is_read_by_the_next_until_it_is_paid(tmp_path: Path) -> None:
    """Of this target alone."""
    file = tmp_path / "deep" / "proof.json"
    assert ProofFile(file, "hub").read() is None
    ProofFile(file, "hub").write(None)
    ProofFile(file, "hub").write(NOTE)
    assert ProofFile(file, "hub").read() == NOTE
    assert ProofFile(file, "other").read() is None
    ProofFile(file, "hub").write(None)
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'{"target":"hub"}', b'{"target":"hub","on_first":1}'])
def test_a_file_that_is_none_is_reported(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """And the start goes on."""
    file = tmp_path / "proof.json"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert ProofFile(file, "hub").read() is None
    assert [record.getMessage() for record in caplog.records] == ["proof not read"]


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    """It is a file here."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the proof could not be noted"):
        ProofFile(tmp_path / "file" / "proof.json", "hub").write(NOTE)
