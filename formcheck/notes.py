"""What a coach notes beside clips: ``notes.md`` for a folder, ``squat.mp4.notes.md`` for a clip."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from formcheck.errors import UsageError, reason_of

NOTES_FILE = "notes.md"
"""Of every clip in the same folder."""
NOTES_SUFFIX = ".notes.md"
"""Added to the whole name of a clip, as that of its edits is."""
MOST_CHARACTERS = 4000
"""About a page: what is longer belongs elsewhere."""
MOST_BYTES = 16 * MOST_CHARACTERS
"""More is not read: four bytes make any character, and ends of lines and spaces may be left out."""


@dataclass(frozen=True)
class Notes:
    """Notes on a clip and on its folder, plain Markdown; empty where there is none."""

    clip: str = ""
    folder: str = ""


NO_NOTES = Notes()
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that show what follows in another order than it was typed."""


def notes_beside(clip: str | Path, said: str | None = None, /) -> Notes:
    """The notes on a clip.

    Parameters
    ----------
    clip
        The video file.
    said
        What was said of it on the command line, which goes before its own file.

    Raises
    ------
    UsageError
        If a file cannot be read, or a note is not text or too long.
    """
    own = _read(Path(f"{clip}{NOTES_SUFFIX}")) if said is None else checked_note(said, "--note")
    return Notes(own, _read(Path(clip).parent / NOTES_FILE))


def note_of(content: bytes | None, name: str, /) -> str:
    """A note from the content of its file; empty if there is no file.

    Parameters
    ----------
    content
        UTF-8.
    name
        File name for messages.

    Raises
    ------
    UsageError
        If it is not text or too long.
    """
    if content is not None and len(content) > MOST_BYTES:
        raise UsageError(
            f"{name}: expected at most {MOST_CHARACTERS} characters, got more than that."
        )
    try:
        return checked_note((content or b"").decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: expected text in UTF-8.") from error


def checked_note(text: str, name: str, /) -> str:
    r"""A note without what is no text: control characters, and marks that turn it around.

    Raises
    ------
    UsageError
        If it is too long.

    >>> checked_note("Knees:\r\n\t- out\a ", "notes.md")
    'Knees:\n    - out'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    plain = "".join(c for c in plain if c == "\n" or _is_text(c)).strip()
    if len(plain) > MOST_CHARACTERS:
        raise UsageError(
            f"{name}: expected at most {MOST_CHARACTERS} characters, got {len(plain)}."
        )
    return plain


def _is_text(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in TURNING


def _read(file: Path) -> str:
    if file.exists() and not file.is_file() and not file.is_dir():  # a pipe would wait for ever
        raise UsageError(f"Cannot read {file}: it is not a file.")
    try:
        with file.open("rb") as content:
            return note_of(content.read(MOST_BYTES + 1), str(file))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise UsageError(f"Cannot read {file}: {reason_of(error)}.") from error
