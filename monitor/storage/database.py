"""Connections to `history.db`: what is asked of SQLite, and what becomes of a file that it cannot use."""

import errno
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from monitor.core.errors import DamagedError, NewerSchemaError, StoreError
from monitor.storage.schema import APPLICATION_ID, MIGRATIONS, VERSION

log = logging.getLogger(__name__)

FILE: Final = "history.db"
_BESIDE: Final = ("-wal", "-shm", "-journal")
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_WORDS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the data directory cannot be written",
    sqlite3.SQLITE_CANTOPEN: "history.db cannot be opened",
    sqlite3.SQLITE_PERM: "history.db may not be opened",
    sqlite3.SQLITE_BUSY: "another program has locked history.db",
    sqlite3.SQLITE_LOCKED: "another program has locked history.db",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
}
_SYSTEM: Final = {
    errno.EACCES: _WORDS[sqlite3.SQLITE_READONLY],
    errno.EPERM: _WORDS[sqlite3.SQLITE_READONLY],
    errno.EROFS: _WORDS[sqlite3.SQLITE_READONLY],
    errno.ENOSPC: _WORDS[sqlite3.SQLITE_FULL],
}
_MAGIC: Final = b"SQLite format 3\0"
_HEAD_BYTES: Final = 100
_LOG_BYTES: Final = 32
_FRAME_BYTES: Final = 24
_OWNER_AT: Final = 68
_BUSY_SECONDS: Final = 1.0
_CHECK_SECONDS: Final = 0.3
_CHECK_STEPS: Final = 10_000
_WRITER: Final = (
    "PRAGMA journal_mode=WAL",
    # One flush to the disk per commit: what was committed outlives a loss of power.
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    # The writer alone checkpoints: SQLite before 3.51.3 may damage the file when two connections do.
    "PRAGMA wal_autocheckpoint=1000",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA trusted_schema=OFF",
)
_READER: Final = (
    "PRAGMA query_only=1",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA mmap_size=0",
    "PRAGMA trusted_schema=OFF",
)


@contextmanager
def described() -> Iterator[None]:
    """Raise what SQLite and the system complain of as a StoreError in words."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF
        if primary in _DAMAGED or "no such table" in str(error):
            raise DamagedError(f"history.db is damaged: {error}") from None
        raise StoreError(_WORDS.get(primary or 0, f"history.db: {error}")) from None
    except UnicodeDecodeError:
        raise DamagedError("history.db is damaged: its text is no text") from None
    except OSError as error:
        raise StoreError(unusable(error)) from None


def unusable(error: OSError) -> str:
    """Return what the system complains of in the words that SQLite's complaint has."""
    return _SYSTEM.get(error.errno or 0, f"the data directory cannot be used: {error.strerror or error}")


def check_version(folder: Path) -> None:
    """Raise NewerSchemaError where a later version of the program wrote the file; whatever else is wrong waits."""
    file = folder / FILE
    try:
        with described(), closing(_connect(file, "mode=ro", _READER)) as connection:
            _check_version(connection)
    except NewerSchemaError:
        raise
    except StoreError:
        return


def open_reader(folder: Path) -> sqlite3.Connection:
    """Return a connection that can only read, for a short time: it keeps the log from being emptied."""
    file = folder / FILE
    # SQLite keeps the index of a log in a file beside it, which it makes. Where there is no log and nothing can be
    # made, it is told that nobody writes.
    still = not os.access(folder, os.W_OK) and not file.with_name(f"{FILE}-wal").exists()
    return _connect(file, "mode=ro&immutable=1" if still else "mode=ro", _READER)


def open_writer(folder: Path) -> tuple[sqlite3.Connection, str]:
    """Return the one connection that writes, and the name under which what was there before was set aside, or "".

    Makes the folder and the file. Raises NewerSchemaError, and StoreError where neither old nor new can be opened.
    """
    with described():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _open(folder), ""
    except DamagedError as problem:
        aside = set_aside(folder, str(problem))
        return _open(folder), aside


def set_aside(folder: Path, reason: str) -> str:
    """Rename the file, and what SQLite keeps beside it, to a dated name; nothing is deleted. Returns the name."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name = next(
        name
        for number in range(1000)
        if not (folder / (name := f"{FILE}.corrupt-{stamp}" + (f"-{number}" if number else ""))).exists()
    )
    with described():
        (folder / FILE).rename(folder / name)
        for ending in _BESIDE:
            with suppress(FileNotFoundError):
                (folder / f"{FILE}{ending}").rename(folder / f"{name}{ending}")
        _flush(folder)
    log.error("history set aside", extra={"file": name, "reason": reason})
    return name


def _open(folder: Path) -> sqlite3.Connection:
    file = folder / FILE
    with described():
        if not file.exists():
            _create(file)
        else:
            _check_head(file)
            _close_to_others(file)
        unclean = _size(file.with_name(f"{FILE}-wal")) > 0
        connection = _connect(file, "mode=rw", _WRITER)
        try:
            version = _check_version(connection)
            if unclean:
                _check(connection)
            if version < VERSION:
                _back_up(connection, file, version)
            _migrate(connection, version)
        except BaseException:
            connection.close()
            raise
        return connection


def _close_to_others(file: Path) -> None:
    """Take away what others may do with it: it holds secrets, and a copy that was put back may be open to all."""
    for path in (file, *(file.with_name(f"{FILE}{ending}") for ending in _BESIDE)):
        # Whose file it is not cannot, and goes on.
        with suppress(FileNotFoundError, PermissionError):
            mode = path.stat().st_mode & 0o777
            if mode & 0o077:
                path.chmod(mode & 0o700)


def _create(file: Path) -> None:
    """Make the whole file under another name: under its own it is never empty."""
    made = file.with_name(f".{FILE}.new")
    for path in (made, *(made.with_name(f"{made.name}{ending}") for ending in _BESIDE)):
        path.unlink(missing_ok=True)
    for ending in _BESIDE:
        # What an owner of another file left here would be played into this one.
        left = file.with_name(f"{FILE}{ending}")
        if left.exists():
            left.rename(left.with_name(f"{left.name}.orphan-{time.time_ns()}"))
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = _connect(made, "mode=rw", _WRITER)
    try:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        _migrate(connection, 0)
    finally:
        connection.close()
    made.rename(file)
    _flush(file.parent)


def _connect(file: Path, mode: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?{mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # handed over once, from the thread that opens it to the one that uses it
    )
    try:
        for pragma in pragmas:
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _check_head(file: Path) -> None:
    """Look at the file before SQLite does, which throws away the log of one that it cannot read."""
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    # A loss of power while the log was being emptied may have left anything there; the log still has what it was.
    if not _is_ours(head) and any(map(_is_ours, _heads_in_log(file.with_name(f"{FILE}-wal")))):
        return
    if len(head) < _HEAD_BYTES or not head.startswith(_MAGIC):
        raise DamagedError("history.db is empty" if not head else "history.db is no SQLite file")
    if int.from_bytes(head[_OWNER_AT : _OWNER_AT + 4]) != APPLICATION_ID:
        raise DamagedError("history.db is another program's file")


def _is_ours(head: bytes) -> bool:
    return head.startswith(_MAGIC) and head[_OWNER_AT : _OWNER_AT + 4] == APPLICATION_ID.to_bytes(4)


def _heads_in_log(log_file: Path) -> Iterator[bytes]:
    """Yield what the log's pages of the number 1 begin with (https://www.sqlite.org/fileformat2.html#walformat)."""
    try:
        stream = log_file.open("rb")
    except FileNotFoundError:
        return
    with stream:
        begin = stream.read(_LOG_BYTES)
        page, salts = int.from_bytes(begin[8:12]), begin[16:24]
        while len(frame := stream.read(_FRAME_BYTES)) == _FRAME_BYTES and frame[8:16] == salts:
            head = stream.read(_HEAD_BYTES)
            if int.from_bytes(frame[:4]) == 1:
                yield head
            stream.seek(page - len(head), os.SEEK_CUR)


def _check_version(connection: sqlite3.Connection) -> int:
    """Return the schema's version."""
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if owner != APPLICATION_ID or version < 1:
        raise DamagedError("history.db is another program's file")
    if version > VERSION:
        raise NewerSchemaError(
            f"history.db has schema {version}, and this version of the program knows {VERSION}: "
            "start the newer version, or name another data_dir"
        )
    return int(version)


def _check(connection: sqlite3.Connection) -> None:
    """Look for damage after an end that was none of ours, as far as that goes in a third of a second."""
    until = time.monotonic() + _CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, _CHECK_STEPS)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return
    finally:
        connection.set_progress_handler(None, 0)
    if found != ("ok",):
        raise DamagedError(f"history.db is damaged: {found[0].splitlines()[-1]}")


def _back_up(connection: sqlite3.Connection, file: Path, version: int) -> None:
    """Keep the file as it was before a migration, beside it."""
    made = file.with_name(f".{FILE}.copy")
    made.unlink(missing_ok=True)
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection.execute("VACUUM INTO ?", (str(made),))
    made.rename(file.with_name(f"{FILE}.schema-{version}"))
    _flush(file.parent)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring the file to this version, all steps or none."""
    if version == VERSION:
        return
    steps = "".join(MIGRATIONS[version:])
    try:
        connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version={VERSION}; COMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _flush(folder: Path) -> None:
    """Have new names on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
