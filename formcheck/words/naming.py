"""Names as people write them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from formcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 3
"""Letters that the beginning of a name needs to stand for it."""


def named(name: str, known: Iterable[tuple[str, str]], /, what: str = "--exercise") -> str:
    """The identifier that is meant.

    Parameters
    ----------
    name
        What the user wrote: an identifier, a title or another name, its plural, or the
        beginning of one if no other begins so; case, spaces and hyphens do not matter.
    known
        Identifiers and names; an identifier may have several.
    what
        Where it was written.

    Raises
    ------
    UsageError
        If nothing is called that, or several are.

    Examples
    --------
    >>> lifts = [("squat", "Squat"), ("bent_over_row", "Bent-over row"), ("bent_over_row", "Row")]
    >>> named("Bent over row", lifts), named("rows", lifts), named("squ", lifts)
    ('bent_over_row', 'bent_over_row', 'squat')
    """
    known = list(known)
    ids = list(dict.fromkeys(id_ for id_, _ in known))
    by_id = {_key(id_): {id_} for id_ in ids}
    meant: dict[str, set[str]] = {}
    for id_, called in known:
        meant.setdefault(_key(called), set()).add(id_)
    meant |= by_id
    key = _key(name)
    found = meant.get(key) or meant.get(key.removesuffix("s")) or _beginning(key, meant)
    if len(found) == 1:
        return next(iter(found))
    if found:
        choices = " or ".join(id_ for id_ in ids if id_ in found)
        raise UsageError(f"{what}: {name!r} may be {choices}: name one of them.")
    close = get_close_matches(key, meant, 1)
    hint = f" (did you mean {min(meant[close[0]], key=ids.index)}?)" if close else ""
    raise UsageError(f"{what}: expected one of {', '.join(ids) or 'none'}, got {name!r}{hint}.")


def _beginning(key: str, meant: dict[str, set[str]]) -> set[str]:
    """What is meant by the beginning of a name."""
    if len(key) < SHORTEST:
        return set()
    return {id_ for name, ids in meant.items() if name.startswith(key) for id_ in ids}


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
