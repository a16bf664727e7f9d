"""Writing a session."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from builders import sample
from fakes import ManualClock
from monitor.core.errors import SettingsError
from monitor.core.session import Header
from monitor.core.snapshot import Ticks
from monitor.storage import session_file
from monitor.storage.session_file import SessionFile

HEADER = Header(target="hub", interval_ms=1000)


class Full(io.BytesIO):
    """Takes what it is given into memory, and never gets it to the disk."""

    def flush(self) -> None:
        raise OSError(28, "No space left on device")

    def close(self) -> None:
        self.flush()


def take(session: SessionFile, count: int) -> None:
    clock = ManualClock()
    for number in range(count):
        clock.advance(1.0)
        session.observe(sample({"latency_ms": float(number)}, clock=clock), Ticks(number, 0, 0))


@pytest.mark.parametrize("name", ["session.jsonl", "session.jsonl.gz"])
def test_a_line_per_sample_after_the_header(tmp_path: Path, name: str) -> None:
    """Compressed where the name says so; each is there before the end of a plain file."""
    file = tmp_path / name
    session = SessionFile(file, HEADER)
    take(session, 25)
    if name.endswith("jsonl"):
        assert file.read_bytes().count(b"\n") == 26
    session.close()
    session.close()
    content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
    assert content.count(b"\n") == 26
    assert session.samples == 25


def test_it_ends_by_itself(tmp_path: Path) -> None:
    """What comes after its last sample is not written."""
    session = SessionFile(tmp_path / "session.jsonl", HEADER, most=3)
    take(session, 5)
    assert session.ended.is_set()
    session.close()
    assert (tmp_path / "session.jsonl").read_bytes().count(b"\n") == 4


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    """Nor one made where there is no folder."""
    file = tmp_path / "session.jsonl"
    file.write_text("dear diary")
    for path in (file, tmp_path / "nowhere" / "session.jsonl"):
        with pytest.raises(SettingsError, match=str(path)):
            SessionFile(path, HEADER)
    assert file.read_text() == "dear diary"


def test_a_full_disk_ends_it_with_its_reason(tmp_path: Path) -> None:
    """The sampler's thread is not disturbed."""
    session = SessionFile(tmp_path / "session.jsonl", HEADER)
    session._stream.close()
    session._stream = Full()
    take(session, 3)
    assert (session.problem, session.samples) == ("No space left on device", 0)
    assert session.ended.is_set()
    session.close()
    assert session.samples == 0


def test_what_waits_to_be_compressed_is_counted_when_the_disk_has_it(tmp_path: Path) -> None:
    """Not when it was taken: the disk may be full by then."""
    session = SessionFile(tmp_path / "session.jsonl.gz", HEADER)
    take(session, 15)
    assert session.samples == 11
    session._stream.close()
    session._stream = Full()
    session.close()
    assert (session.problem, session.samples) == ("No space left on device", 11)


def test_a_disk_that_is_full_before_the_first_line_gets_no_file(tmp_path: Path, monkeypatch: Any) -> None:
    """One of 0 bytes would stand in the way of the next try."""
    file = tmp_path / "session.jsonl"

    def begin(path: Path) -> Full:
        path.touch()
        return Full()

    monkeypatch.setattr(session_file, "_begin", begin)
    with pytest.raises(SettingsError, match="No space left"):
        SessionFile(file, HEADER)
    assert not file.exists()


def test_a_target_that_never_answered_is_told_from_one_that_did(tmp_path: Path) -> None:
    """With the reason, until it answers once."""
    session = SessionFile(tmp_path / "session.jsonl", HEADER)
    clock = ManualClock()
    said = []
    for answered in (None, False, True, False):
        clock.advance(1.0)
        errors = {"target": "connection refused"} if answered is False else {}
        session.observe(sample({}, clock=clock, answered=answered, errors=errors), Ticks(1, 0, 0))
        said.append(session.silence)
    session.close()
    assert said == ["", "target: connection refused", "", ""]
