"""What is wrong with a file, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.language import _, decimal, later

if TYPE_CHECKING:
    from collections.abc import Mapping

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
