"""The language that readers are spoken to in, and messages in it.

A message is the whole English sentence, with named places for what is put in:
``_("Only in {reps}").format(reps=...)``. In another language its translation is looked up in
that language's one file, ``languages/XX.po``; what is not there stays as it is, and so do the
words of a user's own rules. English needs no file and imports nothing.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from gettext import NullTranslations

ENGLISH = "en"
"""The language of the messages themselves."""
FOLDER = Path(__file__).with_name("languages")
SUFFIX = ".po"
OPTION, VARIABLE = "--language", "FORMCHECK_LANGUAGE"

_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def languages() -> tuple[str, ...]:
    """The languages that there are words in."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}")))


def spoken() -> str:
    """The language that is spoken here and now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while.

    Parameters
    ----------
    language
        One of `languages`.

    >>> with speaking("de"):
    ...     _("from the side")
    'von der Seite'
    """
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def chosen(name: str | None, /) -> str:
    """The language that is asked for: by an option, else by the environment, else English.

    Parameters
    ----------
    name
        As a user writes it: "de", also "DE" or "de_AT.UTF-8". None where no option was given.

    Raises
    ------
    UsageError
        If there are no words in it.

    >>> chosen("de-AT"), chosen("EN")
    ('de', 'en')
    """
    where, asked = (OPTION, name) if name is not None else (VARIABLE, os.environ.get(VARIABLE))
    if not asked:
        return ENGLISH
    plain = asked.lower().partition(".")[0].replace("-", "_")
    known = {language.lower(): language for language in languages()}
    found = known.get(plain) or known.get(plain.partition("_")[0])
    if found is None:
        raise UsageError(f"{where}: expected {' or '.join(languages())}, got {asked!r}.")
    return found


def _(message: str, /) -> str:
    """A message in the language that is spoken."""
    language = _spoken.get()
    if language == ENGLISH or not message:
        return message
    return Sentence(_words(language).gettext(message))


def one_stop(text: str, /) -> str:
    """A text in which an abbreviation at the end of a sentence has no second full stop.

    >>> one_stop("In 3 Wdh.. Gut so ...")
    'In 3 Wdh. Gut so ...'
    """
    return _TWO_STOPS.sub(".", text)


class Sentence(str):
    """A message of another language, in whose places there may be abbreviations."""

    __slots__ = ()

    def format(self, *args: object, **places: object) -> str:
        """With what is put in."""
        return one_stop(super().format(*args, **places))


def plural(one: str, several: str, number: int, /) -> str:
    """The message that fits a number, in the language that is spoken.

    >>> plural("{n} rep", "{n} reps", 1), plural("{n} rep", "{n} reps", 0)
    ('{n} rep', '{n} reps')
    """
    language = _spoken.get()
    if language == ENGLISH:
        return one if number == 1 else several
    return Sentence(_words(language).ngettext(one, several, number))


def in_context(context: str, message: str, /) -> str:
    """A message that is said differently in different places, in the language that is spoken.

    Parameters
    ----------
    context
        Tells translators which place it is; never shown.
    message
        In English.
    """
    language = _spoken.get()
    return message if language == ENGLISH else _words(language).pgettext(context, message)


def later(message: str, /) -> str:
    """A message that is looked up when it is said: marks constants for translators."""
    return message


def later_plural(one: str, several: str, /) -> tuple[str, str]:
    """The two forms of a message that `plural` is given later."""
    return one, several


@cache
def _words(language: str) -> NullTranslations:
    """All messages of a language."""
    from gettext import GNUTranslations  # noqa: PLC0415 - not needed for English
    from io import BytesIO  # noqa: PLC0415

    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with (FOLDER / f"{language}{SUFFIX}").open(encoding="utf-8") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


# --- what languages write differently besides their words ----------------------------------


def decimal(value: float, digits: int, /, *, signed: bool = False) -> str:
    """A number with so many decimals; never a negative zero.

    >>> decimal(1.25, 1), decimal(-0.01, 1), decimal(3, 0, signed=True)
    ('1.2', '0.0', '+3')
    >>> with speaking("de"):
    ...     decimal(1.5, 1)
    '1,5'
    """
    text = f"{value:{'+' if signed else ''}z.{digits}f}"
    return text if _spoken.get() == ENGLISH else text.replace(".", decimal_mark())


def plain_number(value: float, /) -> str:
    """A number with the decimals that it has.

    >>> plain_number(62.5), plain_number(100)
    ('62.5', '100')
    """
    return f"{value:g}".replace(".", decimal_mark())


def decimal_mark() -> str:
    """What stands before the decimals."""
    return in_context("before the decimals of a number", ".")


def percent(share: float, /) -> str:
    """A share.

    >>> percent(0.123)
    '12%'
    """
    return _("{number}%").format(number=f"{100 * share:.0f}")


def keeps_capitals() -> bool:
    """Whether titles and sentences keep their capital within a sentence, as German nouns do."""
    return in_context("first letter of titles within a sentence: small or kept", "small") != "small"


def day_text(day: date, pattern: str, /) -> str:
    """A day in the pattern of Unicode's dates, as "d MMMM y".

    >>> from datetime import date
    >>> with speaking("de"):
    ...     day_text(date(2026, 3, 3), "d MMMM y")
    '3. März 2026'
    """
    language = _spoken.get()
    if language == ENGLISH:
        known = {"d": f"{day.day}", "MMMM": f"{day:%B}", "MMM": f"{day:%b}"}
        known |= {"y": f"{day.year}", "yy": f"{day:%y}"}
        return " ".join(known[part] for part in pattern.split())
    from babel.dates import format_skeleton  # noqa: PLC0415 - not needed for English

    return str(format_skeleton(pattern.replace(" ", ""), day, locale=language))
