"""What can go wrong, each with the exit code that the command line documents.

Every error that formcheck raises on purpose derives from `FormcheckError` and
carries one sentence that a user understands. Exit codes follow the report
contract (``docs/report.md``): 2 usage, 3 unreadable video, 4 nobody found,
6 output not writable. Codes 5 (exercise unknown) and 7 (film it again) are results, not
errors.
"""

from __future__ import annotations

UNEXPECTED = 1
"""Exit code of what formcheck did not see coming, and of a library that is missing."""
UNKNOWN_EXERCISE = 5
"""Exit code of a result whose exercise was not recognised."""
BADLY_FILMED = 7
"""Exit code of a look before judging that says to film the clip again."""


class FormcheckError(Exception):
    """Base of every error with a sentence for the user and an exit code."""

    exit_code = UNEXPECTED


class UsageError(FormcheckError):
    """An option or a rule file is not what formcheck expects."""

    exit_code = 2


class EditsError(UsageError):
    """What was set by hand does not fit the clip: the sentence begins with the name of it."""


class RuleError(UsageError):
    """An exercise or rule file does not fit its schema."""


class UnknownSeriesError(UsageError, KeyError):
    """There is no series of that name: what is asked for by name is a `KeyError` as well."""

    __str__ = Exception.__str__  # a KeyError would show its sentence in quotes


class MissingLibraryError(FormcheckError):
    """A system library or a package that formcheck needs does not load."""

    @classmethod
    def of_extra(cls, what: str, extra: str) -> MissingLibraryError:
        """The library of an extra is missing, without which there is no `what`."""
        return cls(f"{what} needs the extra {extra!r}: pip install 'formcheck[{extra}]'.")


class VideoError(FormcheckError):
    """The video is missing, empty, not a video or damaged beyond use."""

    exit_code = 3


class ModelError(UsageError):
    """The pose bundle is missing or not a pose bundle."""


class NobodyFoundError(FormcheckError):
    """No frame of the video shows a person."""

    exit_code = 4


class OutputError(FormcheckError):
    """A result could not be written."""

    exit_code = 6


def reason_of(error: Exception, /) -> str:
    """What the system says of an error, as the end of a sentence.

    >>> reason_of(OSError(21, "Is a directory")), reason_of(OSError("No room."))
    ('is a directory', 'no room')
    """
    words = " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")
    return words[:1].lower() + words[1:] if words else type(error).__name__


def in_full(error: Exception, /) -> str:
    r"""An error that nobody saw coming, in one line, to be put in brackets.

    >>> in_full(ValueError("no\nroom."))
    'ValueError: no room'
    """
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".: ")
