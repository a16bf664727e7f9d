"""One instance per data directory."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson
from filelock import FileLock, Timeout

from monitor.core.errors import StoreError, TakenError
from monitor.storage.database import unusable
from monitor.storage.whole_file import write_whole

_LOCK: Final = "instance.lock"
_OWNER: Final = "instance.json"
_HANDOVER_SECONDS: Final = 10.0


class DirectoryLock:
    """Held from `acquire` to `release`; the system lets go of it when the process ends, however it ends."""

    def __init__(self, folder: Path, address: str = "") -> None:
        """Lock `folder`, which is made where it is missing, for the instance at `address` (host and port)."""
        self._folder = folder
        self._address = address
        self._lock = FileLock(folder / _LOCK, timeout=0, mode=0o600, thread_local=False)
        self._file: tuple[int, int] | None = None

    def acquire(self) -> None:
        """Take the lock and leave this process' id and address for others to see; nothing where it is held.

        A lock on a file that was removed keeps nobody out: it is let go of, and taken anew. Raises TakenError with
        those of the instance that has it, and StoreError where nobody can lock.
        """
        if self.held:
            return
        self.release()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                self._lock.acquire(timeout=_HANDOVER_SECONDS if self._is_sibling() else 0)
            owner = {"pid": os.getpid(), "parent": os.getppid(), "address": self._address}
            self._file = self._named()
            write_whole(self._folder / _OWNER, orjson.dumps(owner))
        except Timeout:
            raise self._taken() from None
        except NotImplementedError as error:
            raise StoreError(f"the data directory cannot be used: {error}") from None
        except OSError as error:
            raise StoreError(unusable(error)) from None

    @property
    def held(self) -> bool:
        """Tell whether it is held, and on the file that others would find."""
        return self._lock.is_locked and self._file is not None and self._file == self._named()

    def check(self) -> None:
        """Raise TakenError where another instance has the lock; leave no trace."""
        if (self._folder / _LOCK).exists():
            try:
                self._lock.acquire()
            except Timeout:
                raise self._taken() from None
            except (OSError, NotImplementedError):
                return
            self._lock.release()

    def release(self) -> None:
        """Let go of it; idempotent."""
        with suppress(OSError):
            self._lock.release()
        self._file = None

    def _named(self) -> tuple[int, int] | None:
        """Return what tells the file at the lock's path from any other, as long as that one is open."""
        try:
            found = (self._folder / _LOCK).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _taken(self) -> TakenError:
        owner = self._owner()
        named = f"process {owner['pid']}, which is at http://{owner['address']}" if owner else "another instance"
        return TakenError(f"data_dir={str(self._folder)!r} is in use by {named}")

    def _is_sibling(self) -> bool:
        """Tell whether the owner is another worker of the same server, which ends as this one begins: a reload."""
        owner = self._owner()
        return owner.get("parent") == os.getppid() and owner.get("pid") != os.getpid()

    def _owner(self) -> dict[str, object]:
        try:
            owner = orjson.loads((self._folder / _OWNER).read_bytes())
            return {name: owner[name] for name in ("pid", "parent", "address")}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
