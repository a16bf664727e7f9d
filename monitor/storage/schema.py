"""The tables of `history.db`, version by version."""

from typing import Final

APPLICATION_ID: Final = 0x48754D6F
"""Marks the file as ours: "HuMo"."""

MIGRATIONS: Final[tuple[str, ...]] = (
    # 1: A payload is arrays in bytes, see packing.py; `layout` names its columns, `crc` covers it and its place.
    # `current` holds the samples since the last full minute one by one, `samples` the minutes before in one block
    # each; `rollups` an hour of minutes (width 60000) or a day of hours (3600000) in each row.
    """
    CREATE TABLE targets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE layouts (id INTEGER PRIMARY KEY, columns TEXT NOT NULL UNIQUE, crc INTEGER NOT NULL);
    CREATE TABLE current (
        id INTEGER PRIMARY KEY, target INTEGER NOT NULL, layout INTEGER NOT NULL,
        start INTEGER NOT NULL, crc INTEGER NOT NULL, payload BLOB NOT NULL
    );
    CREATE TABLE samples (
        id INTEGER PRIMARY KEY, target INTEGER NOT NULL, layout INTEGER NOT NULL,
        start INTEGER NOT NULL, crc INTEGER NOT NULL, payload BLOB NOT NULL
    );
    CREATE INDEX samples_by_start ON samples (target, start);
    CREATE TABLE rollups (
        id INTEGER PRIMARY KEY, target INTEGER NOT NULL, layout INTEGER NOT NULL, width INTEGER NOT NULL,
        start INTEGER NOT NULL, crc INTEGER NOT NULL, payload BLOB NOT NULL,
        UNIQUE (target, width, start)
    );
    CREATE TABLE ledger (
        id TEXT PRIMARY KEY, since INTEGER NOT NULL, crc INTEGER NOT NULL, document BLOB NOT NULL
    );
    """,
    # 2: The ledger is one kind of what is kept by name. A document is JSON; `crc` covers it.
    """
    CREATE TABLE entries (
        kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, crc INTEGER NOT NULL, document BLOB NOT NULL,
        PRIMARY KEY (kind, id)
    );
    INSERT INTO entries (kind, id, at, crc, document) SELECT 'ledger', id, since, crc, document FROM ledger;
    DROP TABLE ledger;
    """,
)
"""What brings a file from one version (`user_version`) to the next. What was released is never edited."""

VERSION: Final = len(MIGRATIONS)
