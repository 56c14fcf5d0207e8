"""Numbers and lists in words, the same in the terminal, on the page and in the video."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN_UNITS = ("deg", "s", "ratio")
"""The others are lengths of a body part."""


def counted(number: int, one: str, several: str = "", /) -> str:
    """A number with its noun, or with all that agrees with it.

    Parameters
    ----------
    number
        How many.
    one, several
        The words after 1 and after any other number; `several` may be left out where
        it is `one` with an s.

    >>> counted(1, "rep"), counted(3, "rep"), counted(2, "curve differs", "curves differ")
    ('1 rep', '3 reps', '2 curves differ')
    """
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def some(noun: str, /) -> str:
    """A noun with its article, in small letters.

    >>> some("Squat"), some("Upright row")
    ('a squat', 'an upright row')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun.lower()}"


def clock(t_s: float, /) -> str:
    """A time of the clip as players show it, with tenths.

    >>> clock(72.345)
    '1:12.3'
    """
    minutes, tenths = divmod(round(t_s * 10), 600)
    return f"{minutes}:{tenths / 10:04.1f}"


def amount(value: float, unit: str, error: float | None = None, *, with_part: bool = True) -> str:
    """A measurement with its error, in digits that mean something.

    Lengths are told as a share of the body part that is their unit.

    >>> amount(52.3, "deg", 4.96), amount(0.68, "s", 0.08)
    ('52° ±5', '0.7 s ±0.1')
    >>> amount(0.1288, "foot", 0.03), amount(-0.052, "ratio")
    ('13% ±3 of foot length', '-5%')
    """
    if unit == "s":
        number, sign, digits, least = value, " s", 1, 0.1
    elif unit == "deg":
        number, sign, digits, least = value, "°", 0, 1.0
    else:
        number, sign, digits, least = value * 100, "%", 0, 1.0
    text = f"{number:z.{digits}f}{sign}"
    if error is not None:
        error = error * 100 if sign == "%" else error
        text += f" ±{max(least, error):.{digits}f}"
    return text if unit in PLAIN_UNITS or not with_part else f"{text} of {unit} length"


def joined(words: Sequence[str], /) -> str:
    """Words as a list in a sentence.

    >>> joined(["Depth", "Heels down", "Descent"])
    'Depth, Heels down and Descent'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def lower_first(sentence: str, /) -> str:
    """A sentence to follow a colon.

    >>> lower_first("Get your chin over the bar.")
    'get your chin over the bar.'
    """
    return sentence[:1].lower() + sentence[1:]


def full_sentence(words: str, /) -> str:
    """With a capital and a full stop.

    >>> full_sentence("film from the side"), full_sentence("")
    ('Film from the side.', '')
    """
    text = words[:1].upper() + words[1:]
    return text if not text or text.endswith(".") else f"{text}."


def numbers(reps: Sequence[int], total: int) -> str:
    """Repetition numbers, runs shortened.

    >>> numbers([1, 2, 3, 6], 9), numbers([1, 2], 2)
    ('Reps 1 to 3 and 6 of 9', 'Both reps')
    """
    if len(reps) == total > 1:
        return f"All {total} reps" if total > 2 else "Both reps"
    named = reps_named(reps)
    return f"{named[0].upper()}{named[1:]} of {total}"


def reps_named(reps: Sequence[int], /) -> str:
    """Repetition numbers inside a sentence, runs shortened.

    >>> reps_named([2]), reps_named([1, 2, 3, 6])
    ('rep 2', 'reps 1 to 3 and 6')
    """
    runs: list[list[int]] = []
    for number in sorted(reps):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        parts += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run]
    return f"{'rep' if len(reps) == 1 else 'reps'} {joined(parts)}"


def readable(name: str, /) -> str:
    r"""A file name as text that every program and database takes, Unicode or not.

    >>> readable("squat.mp4"), readable("caf\udce9.mp4")
    ('squat.mp4', 'caf\\udce9.mp4')
    """
    return name.encode("utf-8", "backslashreplace").decode()


def shortened(text: str, most: int, /) -> str:
    r"""The beginning of a text in one line, cut at a word.

    >>> shortened("Knees out.\n- slower", 100), shortened("keep your elbows in", 14)
    ('Knees out. - slower', 'keep your ...')
    """
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 3].rpartition(' ')[0]} ..."


def printable(text: str, /) -> str:
    r"""Text without what would upset a terminal.

    >>> printable("tab\tbell\a[bold]")
    'tab?bell?[bold]'
    """
    return "".join(c if c.isprintable() else "?" for c in text)
