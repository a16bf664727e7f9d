"""One instance per data directory."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson
from filelock import FileLock, Timeout

from monitor.core.errors import StoreError, TakenError
from monitor.storage.whole_file import write_whole

_LOCK: Final = "instance.lock"
_OWNER: Final = "instance.json"


class DirectoryLock:
    """Held from `acquire` to `release`; the system lets go of it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Lock `folder`, which is made where it is missing."""
        self._folder = folder
        self._lock = FileLock(folder / _LOCK, timeout=0, mode=0o600, thread_local=False)

    def acquire(self, address: str) -> None:
        """Take the lock and leave this process' id and `address` for others to see.

        Raises TakenError with the ones of the instance that has it, and StoreError where nobody can lock.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            write_whole(self._folder / _OWNER, orjson.dumps({"pid": os.getpid(), "address": address}))
        except Timeout:
            raise TakenError(f"data_dir={str(self._folder)!r} is in use by {self._owner()}") from None
        except (OSError, NotImplementedError) as error:
            raise StoreError(f"the data directory cannot be used: {getattr(error, 'strerror', error)}") from None

    def check(self) -> None:
        """Raise TakenError where another instance has the lock; leave no trace."""
        if (self._folder / _LOCK).exists():
            try:
                self._lock.acquire()
            except Timeout:
                raise TakenError(f"data_dir={str(self._folder)!r} is in use by {self._owner()}") from None
            except (OSError, NotImplementedError):
                return
            self._lock.release()

    def release(self) -> None:
        """Let go of it; idempotent."""
        with suppress(OSError):
            self._lock.release()

    def _owner(self) -> str:
        try:
            owner = orjson.loads((self._folder / _OWNER).read_bytes())
            return f"process {int(owner['pid'])}, http://{owner['address']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "another instance"
