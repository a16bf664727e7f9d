"""Writing a recorded session."""

import gzip
import io
from pathlib import Path

import pytest

from builders import sample
from fakes import ManualClock
from monitor.core.errors import SettingsError
from monitor.core.recording import Header
from monitor.core.snapshot import Ticks
from monitor.storage.recording_file import RecordingFile

HEADER = Header(target="hub", interval_ms=1000)


def take(recording: RecordingFile, count: int) -> None:
    clock = ManualClock()
    for number in range(count):
        clock.advance(1.0)
        recording.observe(sample({"latency_ms": float(number)}, clock=clock), Ticks(number, 0, 0))


@pytest.mark.parametrize("name", ["session.jsonl", "session.jsonl.gz"])
def test_a_line_per_sample_after_the_header(tmp_path: Path, name: str) -> None:
    """Compressed where the name says so; each is there before the end of a plain file."""
    file = tmp_path / name
    recording = RecordingFile(file, HEADER)
    take(recording, 25)
    if name.endswith("jsonl"):
        assert file.read_bytes().count(b"\n") == 26
    recording.close()
    recording.close()
    content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
    assert content.count(b"\n") == 26
    assert recording.samples == 25


def test_it_ends_by_itself(tmp_path: Path) -> None:
    """What comes after its last sample is not written."""
    recording = RecordingFile(tmp_path / "session.jsonl", HEADER, most=3)
    take(recording, 5)
    assert recording.ended.is_set()
    recording.close()
    assert (tmp_path / "session.jsonl").read_bytes().count(b"\n") == 4


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    """Nor one made where there is no folder."""
    file = tmp_path / "session.jsonl"
    file.write_text("dear diary")
    for path in (file, tmp_path / "nowhere" / "session.jsonl"):
        with pytest.raises(SettingsError, match=str(path)):
            RecordingFile(path, HEADER)
    assert file.read_text() == "dear diary"


def test_a_full_disk_ends_it_with_its_reason(tmp_path: Path) -> None:
    """The sampler's thread is not disturbed."""

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    recording = RecordingFile(tmp_path / "session.jsonl", HEADER)
    recording._stream.close()
    recording._stream = Full()
    take(recording, 3)
    assert (recording.problem, recording.samples) == ("No space left on device", 0)
    assert recording.ended.is_set()
