"""What ``formcheck annotate`` does, once its options are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from formcheck.cli.analyze import analysed
from formcheck.cli.progress import DRAWING, TrackingProgress
from formcheck.files import check_folder
from formcheck.pipeline import UNKNOWN
from formcheck.pose.native import mute_native_stderr
from formcheck.present.video.video import AnnotateSettings, check_output, write_annotated
from formcheck.rules.book import load_book

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.cli.analyze import Request
    from formcheck.pipeline import ClipAnalysis

SUFFIX = "_annotated.mp4"


def default_file(clip: Path, /) -> Path:
    """Where the video goes unless told otherwise: next to the clip, named after it.

    >>> from pathlib import Path
    >>> default_file(Path("videos/squat.mov")).as_posix()
    'videos/squat_annotated.mp4'
    """
    return clip.parent / (clip.stem + SUFFIX)


def run(request: Request, out: Path | None, settings: AnnotateSettings, /) -> bool:
    """Analyse a clip and write an annotated copy of it.

    Parameters
    ----------
    request
        As for ``formcheck analyze``; its folder is not written to.
    out
        The mp4 file; None for one next to the clip.
    settings
        What the video looks like.

    Returns
    -------
    bool
        Whether the exercise is known.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be analysed or the file not be written.
    """
    file = out or default_file(request.clip)
    check_output(request.clip, file)
    check_folder(file.parent)
    part, book = request.settings(), load_book(request.rules)
    if request.exercise is not None:
        book.exercise(request.exercise)
    mute_native_stderr()
    console = Console(stderr=True, quiet=request.quiet)
    clip = analysed(request, part, book, console)
    draw(clip, file, settings, console)
    Console(quiet=request.quiet, highlight=False, soft_wrap=True).print(
        f"Written: {file}", markup=False
    )
    return clip.analysis.exercise != UNKNOWN


def draw(clip: ClipAnalysis, file: Path, settings: AnnotateSettings, console: Console, /) -> None:
    """Write the annotated video of an analysed clip, with a progress bar."""
    with TrackingProgress(console, DRAWING) as progress:
        write_annotated(clip, file, settings=settings, progress=progress)
