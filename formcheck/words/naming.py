"""Names as people write them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from formcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


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


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
