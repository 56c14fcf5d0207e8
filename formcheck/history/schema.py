"""The tables of the history, and how an older file becomes a newer one.

A migration is never changed once released: a new one is added at the end. The
number of migrations that a file has seen is its version (``PRAGMA user_version``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

APPLICATION_ID = 0x466D4368
"""Marks a file as a history of formcheck ("FmCh")."""

_FIRST = (
    """
    CREATE TABLE athletes (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE clips (
        id INTEGER PRIMARY KEY,
        athlete_id INTEGER NOT NULL REFERENCES athletes (id) ON DELETE CASCADE,
        recorded_at TEXT NOT NULL,
        date_source TEXT NOT NULL CHECK (date_source IN ('container', 'file', 'told')),
        video_sha256 TEXT NOT NULL,
        start_s REAL NOT NULL,
        end_s REAL,
        exercise TEXT NOT NULL,
        title TEXT NOT NULL,
        variant TEXT,
        variant_title TEXT,
        view TEXT NOT NULL,
        score REAL,
        rep_count INTEGER NOT NULL,
        finding TEXT NOT NULL,
        formcheck TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        rules_sha256 TEXT NOT NULL,
        path TEXT NOT NULL,
        result TEXT
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX clip_parts
        ON clips (athlete_id, video_sha256, start_s, ifnull(end_s, -1.0))
    """,
    """
    CREATE TABLE measurements (
        clip_id INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
        rep INTEGER NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        value REAL,
        unit TEXT NOT NULL,
        error REAL,
        valid INTEGER NOT NULL,
        PRIMARY KEY (clip_id, rep, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE checks (
        clip_id INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        rule TEXT NOT NULL,
        title TEXT NOT NULL,
        measurement TEXT NOT NULL,
        measures TEXT NOT NULL,
        better TEXT NOT NULL,
        over_set TEXT,
        views TEXT NOT NULL,
        severity TEXT NOT NULL,
        value REAL,
        unit TEXT NOT NULL,
        error REAL,
        mild REAL NOT NULL,
        moderate REAL NOT NULL,
        severe REAL NOT NULL,
        PRIMARY KEY (clip_id, rule)
    ) STRICT, WITHOUT ROWID
    """,
)
_TOLD = (  # without the bar and the weight, unlike lifts would be compared with each other
    "ALTER TABLE clips ADD COLUMN bar TEXT",
    "ALTER TABLE clips ADD COLUMN load_kg REAL",
)
_TRUST = ("ALTER TABLE clips ADD COLUMN trust TEXT",)  # a guess must not make a trend
_COUNT = (  # a count that is not sure must not look sure
    "ALTER TABLE clips ADD COLUMN count_low INTEGER",
    "ALTER TABLE clips ADD COLUMN count_high INTEGER",
)
MIGRATIONS: tuple[Sequence[str], ...] = (_FIRST, _TOLD, _TRUST, _COUNT)
"""Statements that lead from each version to the next, from an empty file on."""


def bring_up_to_date(
    connection: sqlite3.Connection,
    file: Path,
    /,
    *,
    migrations: Sequence[Sequence[str]] = MIGRATIONS,
) -> None:
    """Make the tables, or change those of an older version; all of it or nothing.

    Parameters
    ----------
    connection
        Without a transaction of its own.
    file
        Its name, for messages.
    migrations
        Those that this program knows.

    Raises
    ------
    UsageError
        If the file belongs to something else or to a newer formcheck.
    """
    if _version(connection, file, len(migrations)) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:  # read again: another process may have been faster
        version = _version(connection, file, len(migrations))
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, file: Path, known: int) -> int:
    """The file's version; 0 when it is empty."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and owner != APPLICATION_ID:
        raise UsageError(f"{file} is a database, but not a history of formcheck.")
    if version > known:
        raise UsageError(
            f"{file} was written by a newer formcheck (version {version} of its tables, this "
            f"formcheck knows {known}): update formcheck to read it."
        )
    return int(version)
