"""What the lifts' own files say about the upper back."""

from __future__ import annotations

from functools import lru_cache

from formcheck.rules.book import built_in_book
from formcheck.rules.merge import STANDING

STANDING_WORD = "standing"


@lru_cache(maxsize=1)
def pulls() -> tuple[str, ...]:
    """The lifts that load the upper back directly, in the order of their files."""
    return tuple(e.id for e in built_in_book().exercises if e.upper_back.pull)


@lru_cache(maxsize=1)
def to_film() -> dict[str, str]:
    """Lifts that are asked for, the most telling first, each with what to tell the lifter."""
    asked = [e for e in built_in_book().exercises if e.upper_back.film_next is not None]
    asked.sort(key=lambda e: e.upper_back.film_rank)
    return {e.id: e.upper_back.film_next or "" for e in asked}


def lift_name(identifier: str, /) -> str:
    """An exercise in a sentence; the identifier itself when it is a user's.

    >>> lift_name("bent_over_row"), lift_name("posture")
    ('row', 'standing')
    """
    if identifier == STANDING:
        return STANDING_WORD
    found = (e.in_words for e in built_in_book().exercises if e.id == identifier)
    return next(found, identifier)
