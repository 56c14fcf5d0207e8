"""Numbers and lists in words, the same in the terminal, on the page and in the video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.language import (
    ENGLISH,
    _,
    decimal,
    in_context,
    keeps_capitals,
    later,
    plural,
    spoken,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLAIN_UNITS = ("deg", "s", "ratio")
"""The others are lengths of a body part."""
OF_LENGTH: Mapping[str, str] = {
    "foot": later("{amount} of foot length"),
    "arm": later("{amount} of arm length"),
    "trunk": later("{amount} of trunk length"),
    "stance": later("{amount} of stance length"),
    "upper arm": later("{amount} of upper arm length"),
}
OF_PART: Mapping[str, str] = {
    "foot": later("{title}, of foot"),
    "arm": later("{title}, of arm"),
    "trunk": later("{title}, of trunk"),
    "stance": later("{title}, of stance"),
    "upper arm": later("{title}, of upper arm"),
}
OF_LENGTH_OF: Mapping[str, str] = {
    "foot": later("{text}, of foot length"),
    "arm": later("{text}, of arm length"),
    "trunk": later("{text}, of trunk length"),
    "stance": later("{text}, of stance length"),
    "leg": later("{text}, of leg length"),
    "upper arm": later("{text}, of upper arm length"),
}
"""Measurements whose unit is the length of a body part."""


def counted(number: int, one: str, several: str, /) -> str:
    """A number with its noun, or with all that agrees with it.

    Parameters
    ----------
    number
        How many.
    one, several
        Messages for 1 and for any other number, which stands at ``{n}``.

    >>> counted(1, "{n} rep", "{n} reps"), counted(3, "{n} rep", "{n} reps")
    ('1 rep', '3 reps')
    """
    return plural(one, several, number).format(n=number)


def some(noun: str, /) -> str:
    """A lift's title with its article, in small letters where they are.

    >>> some("Squat"), some("Upright row")
    ('a squat', 'an upright row')
    """
    if spoken() == ENGLISH:
        return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun.lower()}"
    with_article = in_context("with its article", noun)
    return _(noun) if with_article == noun else with_article


def clock(t_s: float, /) -> str:
    """A time of the clip as players show it, with tenths.

    >>> clock(72.345)
    '1:12.3'
    """
    minutes, tenths = divmod(round(t_s * 10), 600)
    return f"{minutes}:{'0' * (tenths < 100)}{decimal(tenths / 10, 1)}"


def from_to(start_s: float, end_s: float, /) -> str:
    """A stretch of the clip.

    >>> from_to(1.0, 2.5)
    '0:01.0 to 0:02.5'
    """
    return _("{start} to {end}").format(start=clock(start_s), end=clock(end_s))


def amount(
    value: float,
    unit: str,
    error: float | None = None,
    *,
    with_part: bool = True,
    finer: bool = False,
) -> str:
    """A measurement with its error, in digits that mean something.

    Lengths are told as a share of the body part that is their unit. A finer one has one digit
    more: where what differs would else look the same.

    >>> amount(52.3, "deg", 4.96), amount(0.68, "s", 0.08)
    ('52° ±5', '0.7 s ±0.1')
    >>> amount(0.1288, "foot", 0.03), amount(-0.052, "ratio")
    ('13% ±3 of foot length', '-5%')
    >>> amount(0.68, "s", 0.08, finer=True)
    '0.68 s ±0.08'
    """
    if unit == "s":
        told, digits = _("{number} s"), 1 + finer
    elif unit == "deg":
        told, digits = "{number}°", int(finer)
    else:
        told, digits = _("{number}%"), int(finer)
    scale = 1.0 if unit in ("s", "deg") else 100.0
    text = told.format(number=decimal(value * scale, digits))
    if error is not None:
        text += f" ±{decimal(max(10.0**-digits, error * scale), digits)}"
    if unit in PLAIN_UNITS or not with_part:
        return text
    return _(OF_LENGTH.get(unit, f"{{amount}} of {unit} length")).format(amount=text)


def side_size(value: float, error: float, unit: str, /) -> str:
    """By how much left and right differ, as a sentence; empty in units that few know.

    >>> side_size(-6.2, 1.1, "deg")
    'They differ by 6° ±1.'
    """
    if unit not in ("deg", "s"):
        return ""
    return _("They differ by {size}.").format(size=amount(abs(value), unit, error))


def of_length(text: str, unit: str, /) -> str:
    """Words with the length that is their unit.

    >>> of_length("hands below the shoulders", "arm")
    'hands below the shoulders, of arm length'
    """
    return _(OF_LENGTH_OF.get(unit, f"{{text}}, of {unit} length")).format(text=text)


def of_part(title: str, unit: str, /) -> str:
    """A measurement's title with the body part that is its unit.

    >>> of_part("Shrug", "trunk"), of_part("Depth", "deg")
    ('Shrug, of trunk', 'Depth')
    """
    if unit in PLAIN_UNITS:
        return title
    return _(OF_PART.get(unit, f"{{title}}, of {unit}")).format(title=title)


def joined(words: Sequence[str], /) -> str:
    """Words as a list in a sentence.

    >>> joined(["Depth", "Heels down", "Descent"])
    'Depth, Heels down and Descent'
    """
    *first, last = words
    return _("{several} and {last}").format(several=", ".join(first), last=last) if first else last


def either(words: Sequence[str], /) -> str:
    """Words as a choice in a sentence.

    >>> either(["side", "front", "back"])
    'side or front or back'
    """
    said = words[0] if words else ""
    for word in words[1:]:
        said = _("{several} or {last}").format(several=said, last=word)
    return said


def lower_first(sentence: str, /) -> str:
    """A title within a sentence, or a sentence to follow a colon: small where that is usual.

    >>> lower_first("Get your chin over the bar.")
    'get your chin over the bar.'
    """
    return sentence if keeps_capitals() else sentence[:1].lower() + sentence[1:]


def in_small(title: str, /) -> str:
    """A title within a sentence, all of it small where that is usual.

    >>> in_small("Bent-over row")
    'bent-over row'
    """
    return title if keeps_capitals() else title.lower()


def full_sentence(words: str, /) -> str:
    """With a capital, but for formcheck's name, and a full stop.

    >>> full_sentence("film from the side"), full_sentence(""), full_sentence("formcheck can't")
    ('Film from the side.', '', "formcheck can't.")
    """
    text = words if words.startswith("formcheck") else words[:1].upper() + words[1:]
    return text if not text or text.endswith(".") else f"{text}."


def numbers(reps: Sequence[int], total: int) -> str:
    """Repetition numbers, runs shortened.

    >>> numbers([1, 2, 3, 6], 9), numbers([1, 2], 2), numbers([2], 3)
    ('Reps 1 to 3 and 6 of 9', 'Both reps', 'Rep 2 of 3')
    """
    if len(reps) == total > 1:
        return _("All {total} reps").format(total=total) if total > 2 else _("Both reps")
    told = plural("Rep {reps} of {total}", "Reps {reps} of {total}", len(reps))
    return told.format(reps=runs(reps), total=total)


def reps_named(reps: Sequence[int], /) -> str:
    """Repetition numbers inside a sentence, runs shortened.

    >>> reps_named([2]), reps_named([1, 2, 3, 6])
    ('rep 2', 'reps 1 to 3 and 6')
    """
    return plural("rep {reps}", "reps {reps}", len(reps)).format(reps=runs(reps))


def runs(reps: Sequence[int], /) -> str:
    """Numbers of repetitions as a list, runs shortened.

    >>> runs([1, 2, 3, 6])
    '1 to 3 and 6'
    """
    found: list[list[int]] = []
    for number in sorted(reps):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    parts = []
    for run in found:
        long = len(run) > 2
        parts += [span(run[0], run[-1])] if long else [str(n) for n in run]
    return joined(parts)


def span(first: object, last: object, /) -> str:
    """From one to another.

    >>> span(1, 3)
    '1 to 3'
    """
    return _("{start} to {end}").format(start=first, end=last)


def readable(name: str, /) -> str:
    r"""A file name as text that every program and database takes, Unicode or not.

    >>> readable("squat.mp4"), readable("caf\udce9.mp4")
    ('squat.mp4', 'caf\\udce9.mp4')
    """
    return name.encode("utf-8", "backslashreplace").decode()


def shortened(text: str, most: int, /) -> str:
    r"""The beginning of a text in one line, cut at a word where there is one.

    >>> shortened("Knees out.\n- slower", 100), shortened("keep your elbows in", 14)
    ('Knees out. - slower', 'keep your ...')
    >>> shortened("kneesoutkneesout", 12)
    'kneesout ...'
    """
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    room = words[: most - 3]
    return f"{room.rpartition(' ')[0] or room[:-1]} ..."


def printable(text: str, /) -> str:
    r"""Text without what would upset a terminal.

    >>> printable("tab\tbell\a[bold]")
    'tab?bell?[bold]'
    """
    return "".join(c if c.isprintable() else "?" for c in text)
