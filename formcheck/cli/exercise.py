"""The exercise that a user names, however it is spelt."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from formcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.rules.book import RuleBook


def named(name: str, known: Iterable[tuple[str, str]], /, what: str = "--exercise") -> str:
    """The identifier that is meant.

    Parameters
    ----------
    name
        What the user wrote: identifier or title; case, spaces and hyphens do not matter.
    known
        Identifiers and titles.
    what
        Where it was written.

    Raises
    ------
    UsageError
        If nothing is called that.

    Examples
    --------
    >>> named("Bent over row", [("squat", "Squat"), ("bent_over_row", "Bent-over row")])
    'bent_over_row'
    """
    ids = dict(known)
    meant = {_key(title): id_ for id_, title in ids.items()} | {_key(id_): id_ for id_ in ids}
    if _key(name) in meant:
        return meant[_key(name)]
    close = get_close_matches(_key(name), meant, 1)
    hint = f" (did you mean {meant[close[0]]}?)" if close else ""
    every = ", ".join(ids) or "none"
    raise UsageError(f"{what}: expected one of {every}, got {name!r}{hint}.")


def analysed_as(name: str | None, book: RuleBook, /) -> str | None:
    """The exercise that ``--exercise`` names; None when it is to be detected.

    Raises
    ------
    UsageError
        If there is no such exercise.
    """
    return None if name is None else named(name, [(e.id, e.title) for e in book.exercises])


def with_rules(name: str | None, book: RuleBook, /) -> str | None:
    """What there are rules for, by the name that ``formcheck rules`` was given.

    Raises
    ------
    UsageError
        If there are none for it.
    """
    return None if name is None else named(name, book.headings(), "EXERCISE")


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
