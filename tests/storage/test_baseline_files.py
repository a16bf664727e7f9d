"""Baselines on a real file system."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline
from monitor.core.baseline import Baseline
from monitor.core.errors import StoreError
from monitor.storage.baseline_files import BaselineFiles


@pytest.fixture(scope="module")
def made() -> Baseline:
    return baseline(Service().rows(np.random.default_rng(0), 4000, START_MS), 300)


def test_what_is_kept_is_read_back_whole(tmp_path: Path, made: Baseline) -> None:
    """Every figure of it, by another process' store."""
    folder = tmp_path / "deep" / "baselines"
    later = replace(made, id="b2", name="“é”", start=made.start + 1, pinned=True)
    BaselineFiles(folder).save(later)
    BaselineFiles(folder).save(made)
    assert BaselineFiles(folder).load() == [made, later]
    BaselineFiles(folder).save(replace(made, name="renamed"))
    assert [one.name for one in BaselineFiles(folder).load()] == ["renamed", "“é”"]
    assert sorted(file.name for file in folder.iterdir()) == ["b1.json", "b2.json"]


def test_an_empty_or_missing_folder_has_none(tmp_path: Path) -> None:
    """Nothing is made before something is kept."""
    assert BaselineFiles(tmp_path / "none").load() == []
    assert not (tmp_path / "none").exists()


def test_a_deleted_one_is_gone_and_deleting_twice_is_no_error(tmp_path: Path, made: Baseline) -> None:
    """The second caller wanted the same."""
    store = BaselineFiles(tmp_path)
    store.save(made)
    store.delete("b1")
    store.delete("b1")
    assert store.load() == []


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"{}", b'{"format":"hub-monitor-baseline","version":1}'])
def test_a_file_that_is_none_is_set_aside_and_reported(
    tmp_path: Path, made: Baseline, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Never deleted, and the others are read; the second start says nothing any more."""
    store = BaselineFiles(tmp_path)
    store.save(made)
    (tmp_path / "b9.json").write_bytes(content)
    assert store.load() == [made]
    assert [record.getMessage() for record in caplog.records] == ["baseline set aside"]
    assert (tmp_path / "b9.unreadable").read_bytes() == content
    caplog.clear()
    assert store.load() == [made]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_write_that_fails_leaves_the_old_one(
    tmp_path: Path, made: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all, and nothing beside it."""
    store = BaselineFiles(tmp_path)
    store.save(made)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        store.save(replace(made, name="lost"))
    assert store.load() == [made]
    assert [file.name for file in tmp_path.iterdir()] == ["b1.json"]


@pytest.mark.parametrize("identity", ["../b1", "b", "b1/..", "", "B1", "b1.json"])
def test_an_id_is_never_a_path(tmp_path: Path, identity: str) -> None:
    """Whoever asks."""
    with pytest.raises(StoreError):
        BaselineFiles(tmp_path).delete(identity)


def test_a_folder_that_cannot_be_read_is_reported_and_the_start_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is a file here."""
    (tmp_path / "file").write_bytes(b"")
    assert BaselineFiles(tmp_path / "file").load() == []
    assert [record.getMessage() for record in caplog.records] == ["baselines not read"]
