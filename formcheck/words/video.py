"""What is wrong with a file or unusual about it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.language import _, decimal, later, plural
from formcheck.words.text import clock, joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_GAPS = 3
"""More times than this without pictures are counted, not listed."""
FEW_HZ = 6.0
"""A repetition of one second has so few pictures that its turn may lie between two (judgement)."""
DAY_S, HOUR_S, MINUTE_S = 86_400, 3600, 60
WARNINGS: Mapping[str, str] = {
    "date_in_future": later(
        "By its own date the video was recorded on a day that is still to come: that date is not "
        "used."
    ),
    "timestamps_rebuilt": later(
        "{first} of {second} frames had no usable time stamp; their times were rebuilt from the "
        "frame rate."
    ),
    "timestamps_reordered": later(
        "The file's times go back and forth; those of its order of decoding were used instead."
    ),
    "timestamps_ignored": later(
        "The file's times go back and forth; those of its frame rate were used instead."
    ),
    "one_picture": later("This is a photo: repetitions need a video."),
    "video_damaged": later("Parts of the video are damaged and were passed over."),
    "video_ends_early": later(
        "The file says that it lasts {first} s, but its frames end after {second} s; it may be "
        "incomplete."
    ),
}
"""By their codes; the numbers are frames, or seconds."""


def warning_told(code: str, numbers: tuple[float, ...], /) -> str:
    """A warning of the reader.

    >>> warning_told("video_ends_early", (9.5, 4.25)).partition(";")[0]
    'The file says that it lasts 9.5 s, but its frames end after 4.2 s'
    """
    told = [decimal(number, 0 if isinstance(number, int) else 1) for number in numbers]
    return _(WARNINGS[code]).format(**dict(zip(("first", "second"), told, strict=False)))


def gaps_sentence(gaps: Sequence[tuple[float, float]], /) -> str:
    """That there are times without pictures, starts and ends in seconds.

    >>> gaps_sentence([(4.1, 5.1)])
    'The recording has no pictures for 1.0 s at 0:04.1: nothing is judged across that.'
    """
    longest = sorted(gaps, key=lambda gap: gap[0] - gap[1])[:MOST_GAPS]
    named = [
        _("for {length} s at {time}").format(length=decimal(end - start, 1), time=clock(start))
        for start, end in sorted(longest)
    ]
    more = len(gaps) - len(named)
    if more:
        told = plural("for {n} shorter time elsewhere", "for {n} shorter times elsewhere", more)
        named.append(told.format(n=more))
    return _("The recording has no pictures {gaps}: nothing is judged across that.").format(
        gaps=joined(named)
    )


def rate_sentence(rate_hz: float, /) -> str:
    """That there are few pictures a second.

    >>> rate_sentence(12.0)
    'Only 12 frames per second, so times are rough.'
    """
    if rate_hz < FEW_HZ:
        told = _("Only {value} frames per second, so times are rough and reps may be missed.")
    else:
        told = _("Only {value} frames per second, so times are rough.")
    return told.format(value=f"{rate_hz:.0f}")


def jump_sentence(t_s: float, leap_s: float, /) -> str:
    """That the file's clock does not run on, at a time of the clip.

    >>> jump_sentence(4.6, 36000.0)
    "The file's clock leaps ahead by 10 hours at 0:04.6: what follows was joined on."
    """
    if leap_s > 0:
        told = _("The file's clock leaps ahead by {span} at {time}: what follows was joined on.")
    else:
        told = _("The file's clock goes back by {span} at {time}: what follows was joined on.")
    return told.format(span=_span(abs(leap_s)), time=clock(t_s))


def _span(seconds: float) -> str:
    """A long time in its largest unit.

    >>> _span(36000.0), _span(90.0), _span(1.7e9)
    ('10 hours', '90 seconds', '19676 days')
    """
    if seconds >= 2 * DAY_S:
        number = round(seconds / DAY_S)
        return plural("{n} day", "{n} days", number).format(n=number)
    if seconds >= 2 * HOUR_S:
        number = round(seconds / HOUR_S)
        return plural("{n} hour", "{n} hours", number).format(n=number)
    if seconds >= 2 * MINUTE_S:
        number = round(seconds / MINUTE_S)
        return plural("{n} minute", "{n} minutes", number).format(n=number)
    number = round(seconds)
    return plural("{n} second", "{n} seconds", number).format(n=number)


def pace_sentence(pace: float, /) -> str:
    """That a clip is slow motion, or a time lapse.

    >>> pace_sentence(4.0)
    'Slow motion, 4 times as slow as the lift: all times and speeds are those of the lift.'
    """
    if pace > 1:
        told = _(
            "Slow motion, {pace} times as slow as the lift: all times and speeds are those of "
            "the lift."
        )
    else:
        told = _(
            "Time lapse, {pace} times as fast as the lift: all times and speeds are those of "
            "the lift."
        )
    return told.format(pace=f"{max(pace, 1 / pace):.3g}")


def turned_sentence(turns: int, /) -> str:
    """That pictures were turned by so many quarters counter-clockwise.

    >>> turned_sentence(1)
    'The picture lies on its side: it was turned upright.'
    """
    if turns == 2:
        return _("The picture stands on its head: it was turned upright.")
    return _("The picture lies on its side: it was turned upright.")
