"""The history: one SQLite file with the results of all athletes.

It is written with a rollback journal, not a write-ahead log: adding is rare and
short, so readers hardly wait, there is one file at rest, and it also works on
network drives. With ``synchronous = EXTRA`` a result that was added is on disk, also
after a power cut; one that was being added is gone as a whole.
"""

from __future__ import annotations

import difflib
import os
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from platformdirs import user_data_path

from formcheck.errors import OutputError, UsageError, reason_of
from formcheck.history.clip import Clip, ClipFacts, Recorded, Value, Verdict, clip_of
from formcheck.history.names import name_key, shown_name
from formcheck.history.schema import bring_up_to_date
from formcheck.words.text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from formcheck.report.model import Report

FILE_VARIABLE = "FORMCHECK_HISTORY"
WAIT_S = 20.0
"""How long to wait for another process that is writing."""
SHOWN_NAMES = 5
_ONLY_OWNER = 0o600
NONSENSE = (
    *(sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT),
    *(sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH),
)
"""What SQLite says of files that are none of its own, or damaged. What is asked of it is always
the same: that a table or column is not there is the file's fault."""
FACTS = tuple(field.name for field in fields(ClipFacts))
VALUES = tuple(field.name for field in fields(Value))
VERDICTS = tuple(field.name for field in fields(Verdict))


def default_file() -> Path:
    """The history's file: ``FORMCHECK_HISTORY``, else in the platform's user data."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    return user_data_path("formcheck", appauthor=False) / "history.sqlite"


@dataclass(frozen=True)
class AthleteSummary:
    """One athlete in a list: `lifts` are titles, `finding` is that of the latest clip."""

    name: str
    clips: int
    first: datetime
    last: datetime
    lifts: tuple[str, ...]
    finding: str


class History:
    """The results of all athletes in one file, made if need be.

    Parameters
    ----------
    path
        The file; None for the default one.
    wait_s
        How long to wait for another process that is writing.
    read_only
        Whether nothing is to be added or changed. The file must be there then; it is not
        touched, and may lie where nothing can be written. One of an older version is read
        as it would be if it were brought up to date.

    Notes
    -----
    Use it in a ``with`` statement. An athlete's name is found whatever its case,
    width and spaces ("Anna", "ANNA " and "anna" are one); it is shown as it was
    first told.

    Raises
    ------
    UsageError
        If the file is not a history or one of a newer formcheck.
    OutputError
        If it cannot be opened or written, or stays locked.
    """

    def __init__(
        self, path: str | Path | None = None, /, *, wait_s: float = WAIT_S, read_only: bool = False
    ) -> None:
        self.path = default_file() if path is None else Path(path)
        self._wait_s = wait_s
        self._read_only = read_only
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        with self._plain_errors():
            self._connection = self._as_read() if self._read_only else self._to_write()
        return self

    def _to_write(self) -> sqlite3.Connection:
        """The file, made if need be and brought up to date."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, _ONLY_OWNER))
        connection = sqlite3.connect(self.path, timeout=self._wait_s, isolation_level=None)
        try:
            _set_up(connection)
            _check_whole(connection, self.path)
            bring_up_to_date(connection, self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _as_read(self) -> sqlite3.Connection:
        """The file's content in memory, brought up to date there.

        SQLite itself opens a file for reading alone where it cannot be written, and where it
        can it first undoes what an interrupted process left half done.
        """
        file = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=self._wait_s
        )
        connection = sqlite3.connect(":memory:", isolation_level=None)
        try:
            _check_whole(file, self.path)
            file.backup(connection)
            bring_up_to_date(connection, self.path)
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        finally:
            file.close()
        return connection

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --- reading ------------------------------------------------------------------------

    def athletes(self) -> list[AthleteSummary]:
        """All athletes by name."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for name, *clip in self._rows(
            "SELECT name, recorded_at, title, finding FROM clips "
            "JOIN athletes ON athletes.id = athlete_id ORDER BY key, julianday(recorded_at)"
        ):
            found.setdefault(name, []).append((clip[0], clip[1], clip[2]))
        with self._sense():
            return [
                AthleteSummary(
                    name,
                    len(clips),
                    datetime.fromisoformat(clips[0][0]),
                    datetime.fromisoformat(clips[-1][0]),
                    tuple(dict.fromkeys(title for _, title, _ in clips)),
                    clips[-1][2],
                )
                for name, clips in found.items()
            ]

    def known_name(self, name: str, /) -> str:
        """The name of an athlete as it is shown.

        Raises
        ------
        UsageError
            If nobody is called so; the message has the names that come close.
        """
        return self._athlete(name)[1]

    def clips(self, athlete: str | None = None, /) -> list[Clip]:
        """The clips of an athlete, or of all, the earliest first.

        Raises
        ------
        UsageError
            If nobody is called so.
        """
        bound = () if athlete is None else (self._athlete(athlete)[0],)
        where = "WHERE athlete_id = ?" if bound else ""
        with self._transaction("BEGIN"):  # one moment of the file, not three
            heads = self._rows(
                f"SELECT clips.id, name, recorded_at, date_source, {', '.join(FACTS)} FROM clips "
                f"JOIN athletes ON athletes.id = athlete_id {where} "
                "ORDER BY key, julianday(recorded_at), clips.id",
                bound,
            )
            picked = f"clip_id IN (SELECT id FROM clips {where})"
            values = self._rows(
                f"SELECT clip_id, {', '.join(VALUES)} FROM measurements WHERE {picked} "
                "ORDER BY clip_id, rep, name",
                bound,
            )
            verdicts = self._rows(
                f"SELECT clip_id, {', '.join(VERDICTS)} FROM checks WHERE {picked} "
                "ORDER BY clip_id, place",
                bound,
            )
        measured: dict[int, list[Value]] = {}
        judged: dict[int, list[Verdict]] = {}
        with self._sense():
            for clip_id, *rest in values:
                value = Value(*rest)
                measured.setdefault(clip_id, []).append(replace(value, valid=bool(value.valid)))
            for clip_id, *rest in verdicts:
                judged.setdefault(clip_id, []).append(Verdict(*rest))
            return [
                Clip(
                    name,
                    Recorded(datetime.fromisoformat(at), source),
                    ClipFacts(*facts),
                    tuple(measured.get(clip_id, ())),
                    tuple(judged.get(clip_id, ())),
                )
                for clip_id, name, at, source, *facts in heads
            ]

    # --- writing ------------------------------------------------------------------------

    def add(
        self, athlete: str, report: Report, recorded: Recorded, result: str | None = None, /
    ) -> None:
        """Add the result of a clip; an earlier one of the same part of it is replaced.

        Parameters
        ----------
        athlete
            Whose clip it is; made if new.
        report
            The result.
        recorded
            When the clip was recorded.
        result
            Folder of the result's files, if any.

        Raises
        ------
        UsageError
            If the name is empty.
        OutputError
            If it cannot be written; then nothing is changed.
        """
        name = shown_name(athlete)
        clip = clip_of(name, report, recorded, result)
        facts = clip.facts
        key = name_key(name)
        with self._transaction("BEGIN IMMEDIATE"):
            self._run("INSERT OR IGNORE INTO athletes (key, name) VALUES (?, ?)", key, name)
            ((athlete_id,),) = self._rows("SELECT id FROM athletes WHERE key = ?", (key,))
            self._run(
                "DELETE FROM clips WHERE athlete_id = ? AND video_sha256 = ? "
                "AND start_s = ? AND end_s IS ?",
                athlete_id,
                facts.video_sha256,
                facts.start_s,
                facts.end_s,
            )
            head = {
                "athlete_id": athlete_id,
                "recorded_at": recorded.moment.isoformat(timespec="seconds"),
                "date_source": recorded.source,
            }
            clip_id = self._insert("clips", head | asdict(facts))
            for value in clip.values:
                self._insert("measurements", {"clip_id": clip_id} | asdict(value))
            for place, verdict in enumerate(clip.verdicts):
                self._insert("checks", {"clip_id": clip_id, "place": place} | asdict(verdict))

    def rename(self, athlete: str, new: str, /) -> str:
        """Give an athlete another name, and return it.

        Raises
        ------
        UsageError
            If nobody is called so, or somebody else has the new name.
        """
        name = shown_name(new)
        key = name_key(name)
        with self._transaction("BEGIN IMMEDIATE"):
            athlete_id, _ = self._athlete(athlete)
            taken = self._rows(
                "SELECT name FROM athletes WHERE key = ? AND id <> ?", (key, athlete_id)
            )
            if taken:
                raise UsageError(f"There is already an athlete {taken[0][0]!r} in the history.")
            self._run("UPDATE athletes SET key = ?, name = ? WHERE id = ?", key, name, athlete_id)
        self._forget_pages()
        return name

    def delete(self, athlete: str, /) -> int:
        """Delete everything about an athlete; returns the number of clips.

        No byte of it is left in the file: freed space is overwritten and the file is
        written anew without it.

        Raises
        ------
        UsageError
            If nobody is called so.
        OutputError
            If it cannot be written.
        """
        with self._transaction("BEGIN IMMEDIATE"):
            athlete_id, _ = self._athlete(athlete)
            ((count,),) = self._rows(
                "SELECT count(*) FROM clips WHERE athlete_id = ?", (athlete_id,)
            )
            self._run("DELETE FROM athletes WHERE id = ?", athlete_id)
        self._forget_pages()
        return int(count)

    # --- SQLite -------------------------------------------------------------------------

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("expected the history to be open: use it in a with statement")
        return self._connection

    def _rows(self, query: str, bound: tuple[Any, ...] = ()) -> list[Any]:
        with self._plain_errors():
            return self._open.execute(query, bound).fetchall()

    def _run(self, statement: str, *bound: Any) -> None:
        self._open.execute(statement, bound)

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        marks = ", ".join("?" for _ in row)
        done = self._open.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        )
        return int(done.lastrowid or 0)

    def _athlete(self, name: str) -> tuple[int, str]:
        rows = self._rows("SELECT id, name FROM athletes WHERE key = ?", (name_key(name),))
        if rows:
            return int(rows[0][0]), str(rows[0][1])
        known = dict(self._rows("SELECT key, name FROM athletes ORDER BY key"))
        raise UsageError(_nobody(readable(name), known))

    def _forget_pages(self) -> None:
        """Write the file anew, so that no freed page keeps what it held."""
        with self._plain_errors():
            self._open.execute("VACUUM")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._plain_errors():
            self._open.execute(begin)
            try:
                yield
                self._open.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # the error that led here matters, not this one
                    self._open.execute("ROLLBACK")
                raise

    @contextmanager
    def _sense(self) -> Iterator[None]:
        """What is read has to be what is ever written."""
        try:
            yield
        except ValueError as error:
            raise _damaged(self.path) from error

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except UnicodeDecodeError as error:  # of a message that repeats what is damaged
            raise _damaged(self.path) from error
        except sqlite3.Error as error:
            raise _explained(error, self.path, self._wait_s) from error
        except OSError as error:
            raise OutputError(
                f"Cannot open the history {self.path}: {reason_of(error)}."
            ) from error


def _nobody(name: str, known: dict[str, str]) -> str:
    if not known:
        return f"There is no athlete {name!r}: the history is empty."
    near = difflib.get_close_matches(name_key(name), known, n=SHOWN_NAMES, cutoff=0.6)
    near = near or [key for key in known if name_key(name) in key][:SHOWN_NAMES]
    if near:
        return f"There is no athlete {name!r}; close to it: {_listed(known, near)}."
    more = len(known) - SHOWN_NAMES
    rest = f" and {more} more" if more > 0 else ""
    return f"There is no athlete {name!r}; known: {_listed(known, [*known][:SHOWN_NAMES])}{rest}."


def _listed(known: dict[str, str], keys: list[str]) -> str:
    return ", ".join(repr(known[key]) for key in keys)


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # no copy of anybody's data elsewhere
    connection.execute("PRAGMA journal_mode = DELETE")


def _check_whole(connection: sqlite3.Connection, file: Path) -> None:
    """Refuse a file with pages that make no sense, before any is shown or added to."""
    ((found,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != "ok":
        raise _damaged(file)


def _damaged(file: Path) -> UsageError:
    return UsageError(f"{file} is not a history of formcheck, or it is damaged.")


def _explained(error: sqlite3.Error, file: Path, wait_s: float) -> UsageError | OutputError:
    code = getattr(error, "sqlite_errorcode", None)
    kind = None if code is None else code & 0xFF
    if kind in NONSENSE or "decode to UTF-8" in str(error):
        return _damaged(file)
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return OutputError(
            f"The history {file} is being written by another program; waited {wait_s:g} s."
        )
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return OutputError(
            f"The history {file} was left half written, and where it lies that cannot be undone: "
            "open it once where it can be written, together with the file beside it."
        )
    return OutputError(f"Cannot use the history {file}: {error}.")
