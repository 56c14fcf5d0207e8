"""The file beside a clip that says what was set by hand: ``squat.mp4.edits.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from formcheck.data_files import DataText, decoded
from formcheck.edits import NO_EDITS, Edits, RepTimes, Spot
from formcheck.errors import UsageError, reason_of
from formcheck.lifter import LOADS_KG, Bar
from formcheck.words.naming import named
from formcheck.words.quantities import kilograms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EDITS_SUFFIX = ".edits.toml"
"""Added to the whole name of the clip: ``squat.mp4`` and ``squat.mov`` do not share a file."""


def _kilograms(said: object) -> object:
    """A weight in quotes as on the command line: ``"225lb"``."""
    if not isinstance(said, str):
        return said
    try:
        return kilograms("load", said, LOADS_KG)
    except UsageError as error:
        raise ValueError(str(error).removeprefix("load: ").removesuffix(".")) from error


class _Content(BaseModel):
    """What the file may say."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    exercise: str | None = None
    reps: tuple[tuple[float, ...], ...] | None = None
    lifter: tuple[float, ...] | None = None
    bar: Bar | None = None
    load: Annotated[float | None, BeforeValidator(_kilograms)] = None

    def edits(self) -> Edits:
        if self.reps == ():
            raise UsageError("reps: expected one or more; without the line they are found.")
        return Edits(
            self.exercise,
            tuple(RepTimes.of(*times) for times in self.reps or ()),
            None if self.lifter is None else _spot(self.lifter),
            self.bar,
            self.load,
        )


def edits_beside(clip: str | Path, /, known: Iterable[tuple[str, str]] | None = None) -> Edits:
    """What was set by hand in the file beside a clip; nothing if there is no file.

    Parameters
    ----------
    clip
        The video file.
    known
        As `edits_of` takes them.

    Raises
    ------
    UsageError
        If the file cannot be read or used; the message names file, line and what was expected.
    """
    file = Path(f"{clip}{EDITS_SUFFIX}")
    if file.exists() and not file.is_file() and not file.is_dir():  # a pipe would wait for ever
        raise UsageError(f"Cannot read {file}: it is not a file.")
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return NO_EDITS
    except (OSError, ValueError) as error:
        raise UsageError(f"Cannot read {file}: {reason_of(error)}.") from error
    return edits_of(content, str(file), known)


def edits_of(content: bytes, name: str, /, known: Iterable[tuple[str, str]] | None = None) -> Edits:
    """What was set by hand in the content of a file.

    Parameters
    ----------
    content
        TOML.
    name
        File name for messages.
    known
        Identifiers and titles of exercises, one of which the file may name, however it is
        spelt; None to take what it says as an identifier.

    Raises
    ------
    UsageError
        If it cannot be used; the message names line, place and what was expected.
    """
    text = DataText(decoded(content, name), name)
    said = text.check(_Content)
    try:
        if said.exercise is not None and known is not None:
            said = said.model_copy(update={"exercise": named(said.exercise, known, "exercise")})
        return said.edits()
    except UsageError as error:
        key, _, reason = str(error).partition(": ")
        raise text.refusal((key,), reason.removesuffix(".")) from error


def _spot(numbers: Sequence[float]) -> Spot:
    if len(numbers) not in (2, 3):
        given = ", ".join(f"{number:g}" for number in numbers)
        raise UsageError(f"lifter: expected [x, y] or [x, y, second], got [{given}].")
    return Spot(*numbers)
