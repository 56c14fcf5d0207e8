"""What ``formcheck profile`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from rich.console import Console

from formcheck.clip import analyze
from formcheck.errors import UsageError
from formcheck.pose.cache import TrackCache
from formcheck.pose.native import mute_native_stderr
from formcheck.report.build import build_profile, build_report
from formcheck.report.files import check_folder, write_text
from formcheck.report.model import Report
from formcheck.report.terminal import terminal_profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(sources: Sequence[Path], out: Path, /) -> None:
    """Combine clips or reports of one lifter, write the profile and print it.

    Raises
    ------
    FormcheckError
        If a clip cannot be analysed, a report not be read or the profile not be written.
    """
    check_folder(out.parent)
    mute_native_stderr()
    profile = build_profile([_report(source) for source in sources])
    write_text(profile.model_dump_json(indent=2) + "\n", out)
    Console(highlight=False).print(terminal_profile(profile))


def _report(source: Path) -> Report:
    if source.suffix.lower() != ".json":
        return build_report(analyze(source, cache=TrackCache()))
    try:
        return Report.model_validate_json(source.read_bytes())
    except OSError as error:
        raise UsageError(f"Cannot read {source}: {error.strerror}.") from error
    except ValidationError as error:
        raise UsageError(f"{source} is not a formcheck report.") from error
