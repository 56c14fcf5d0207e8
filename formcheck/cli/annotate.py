"""What ``formcheck annotate`` does, once its options are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.analysis import UNKNOWN
from formcheck.cli.clips import Analyser
from formcheck.cli.command import DONE
from formcheck.cli.screen import DRAWING, TrackingProgress, say_written, side_screen
from formcheck.errors import UNKNOWN_EXERCISE
from formcheck.files import check_folder
from formcheck.present.video.video import AnnotateSettings, check_output, write_annotated

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from formcheck.cli.commands import AnnotateOptions
    from formcheck.clip import ClipAnalysis

SUFFIX = "_annotated.mp4"


def default_file(clip: Path, /) -> Path:
    """Where the video goes unless told otherwise: next to the clip, named after it.

    >>> from pathlib import Path
    >>> default_file(Path("videos/squat.mov")).as_posix()
    'videos/squat_annotated.mp4'
    """
    return clip.parent / (clip.stem + SUFFIX)


def run(options: AnnotateOptions, /) -> int:
    """Analyse a clip and write an annotated copy of it.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be analysed or the file not be written.
    """
    settings = AnnotateSettings(
        height=options.video_height,
        sound=options.audio,
        slow_faults=options.slow_faults,
        blur_face=options.blur_face,
    )
    how, file = options.analysis, options.out or default_file(options.clip)
    check_output(options.clip, file)
    check_folder(file.parent)
    analyser = Analyser.of(how, lifter=options.lifter.told(), cached=not how.no_cache)
    console = side_screen(quiet=options.quiet)
    clip = analyser.analysed(options.clip, console)
    draw(clip, file, console, settings)
    say_written(file, quiet=options.quiet)
    return UNKNOWN_EXERCISE if clip.analysis.exercise == UNKNOWN else DONE


def draw(
    clip: ClipAnalysis, file: Path, console: Console, settings: AnnotateSettings | None = None, /
) -> None:
    """Write the annotated video of an analysed clip, with a progress bar.

    Raises
    ------
    FormcheckError
        If the clip cannot be read again or the video not be written.
    """
    with TrackingProgress(console, DRAWING) as progress:
        write_annotated(clip, file, settings=settings, progress=progress)
