"""Names of athletes: which spellings are one person, and how the name is shown."""

from __future__ import annotations

import unicodedata
from typing import Literal

from formcheck.errors import UsageError
from formcheck.words.text import readable


def shown_name(name: str, /) -> str:
    """A name as it is kept: composed characters, single spaces.

    Raises
    ------
    UsageError
        If nothing is left.
    """
    told = _spaced("NFC", name)
    if not told:
        raise UsageError("Expected the name of an athlete, got nothing but spaces.")
    return told


def name_key(name: str, /) -> str:
    r"""What two spellings of one name share.

    >>> name_key("Jose\u0301 ") == name_key("JOSÉ")
    True
    """
    return unicodedata.normalize("NFKC", _spaced("NFKC", name).casefold())


def _spaced(form: Literal["NFC", "NFKC"], name: str) -> str:
    return " ".join(unicodedata.normalize(form, readable(name)).replace("\0", " ").split())
