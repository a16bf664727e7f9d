"""One instance per data directory: between processes, and however they end."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.core.errors import StoreError, TakenError
from monitor.storage.directory_lock import DirectoryLock

HOLD = """
import sys, time
from pathlib import Path
from monitor.storage.directory_lock import DirectoryLock
lock = DirectoryLock(Path(sys.argv[1]), "127.0.0.1:8081")
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_another_process_is_named_and_its_death_frees_the_folder(tmp_path: Path) -> None:
    """kill -9, too: the system lets go, whatever is left in the files."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        for attempt in (DirectoryLock(tmp_path).acquire, DirectoryLock(tmp_path).check):
            with pytest.raises(TakenError, match=rf"process {holder.pid}, .* http://127.0.0.1:8081"):
                attempt()
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(10)
        holder.stdout.close()
    DirectoryLock(tmp_path).check()
    mine = DirectoryLock(tmp_path)
    mine.acquire()
    mine.release()


def test_two_of_one_process_are_two_instances(tmp_path: Path) -> None:
    """And a release frees it; both are idempotent."""
    first, second = DirectoryLock(tmp_path, "a:1"), DirectoryLock(tmp_path, "b:2")
    first.acquire()
    first.acquire()
    with pytest.raises(TakenError, match="a:1"):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()


def test_a_folder_that_was_removed_is_locked_anew(tmp_path: Path) -> None:
    """The old lock keeps nobody out: whoever comes first has the new folder."""
    folder = tmp_path / "data"
    first, second = DirectoryLock(folder, "a:1"), DirectoryLock(folder, "b:2")
    first.acquire()
    shutil.rmtree(folder)
    assert not first.held
    first.acquire()
    with pytest.raises(TakenError, match="a:1"):
        second.acquire()
    shutil.rmtree(folder)
    second.acquire()
    with pytest.raises(TakenError, match="b:2"):
        first.acquire()
    assert (first.held, second.held) == (False, True)
    second.release()


def test_a_look_leaves_no_trace(tmp_path: Path) -> None:
    """Neither a folder nor a lock."""
    DirectoryLock(tmp_path / "none").check()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"pid": null}', b"\xff"])
def test_an_owner_that_cannot_be_read_is_another_instance(tmp_path: Path, content: bytes) -> None:
    """The lock counts, not the file beside it."""
    first = DirectoryLock(tmp_path)
    first.acquire()
    (tmp_path / "instance.json").write_bytes(content)
    with pytest.raises(TakenError, match=r"in use by (another instance|process None)"):
        DirectoryLock(tmp_path).acquire()
    first.release()


def test_where_nobody_can_lock_it_says_so(tmp_path: Path) -> None:
    """A folder that cannot be made."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        DirectoryLock(tmp_path / "file" / "data").acquire()
