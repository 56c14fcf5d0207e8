"""How accurate formcheck is, in one command.

    python -m benchmarks.accuracy [--clips FOLDER] [--mocap FOLDER] [--faults FOLDER]
                                  [--quality fast|standard|best] [--engine ENGINE] [--out FILE]

Rendered sample clips with exact truth come with the project. Real clips with
labels by eye (``manifest.json``) and the motion-capture recording do not; their
sections are left out when no folder is given. Tracks are cached, so a second
run takes seconds, and every number is the same each time.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks import calibration, fault_grid, mocap, real_clips, rendered
from benchmarks.clips import Analyzer
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType


def sections(
    analyze: Analyzer, clips: Path | None, recording: Path | None, faults: Path | None
) -> Iterator[RenderableType]:
    """All tables, one after the other."""
    samples = rendered.load(analyze)
    yield rendered.angle_table(samples)
    yield rendered.timing_table(samples)
    yield calibration.calibration_table(samples, recording, analyze)
    if recording is not None:
        yield mocap.mocap_table(recording, analyze)
        yield "\n".join(mocap.turn_lines(recording, analyze))
    if faults is not None:
        found = fault_grid.outcomes(faults, analyze=analyze)
        yield fault_grid.table(fault_grid.rows(found))
        yield fault_grid.clip_table(found)
    if clips is not None:
        yield from real_clips.tables(clips, analyze)


def main() -> None:
    """Print every table, and write them to a file if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, help="folder with manifest.json and real clips")
    parser.add_argument("--mocap", type=Path, help="folder with squat.mp4 and its motion capture")
    parser.add_argument("--faults", type=Path, help="folder of fault_grid.py's rendered clips")
    parser.add_argument("--out", type=Path, help="also write the tables to this text file")
    parser.add_argument("--quality", type=Quality, default=Quality.STANDARD, help="pose network")
    parser.add_argument("--engine", type=Engine, default=Engine.LITERT, help="what runs it")
    options = parser.parse_args()
    analyze = Analyzer(options.quality, options.engine)
    console = Console(width=150, record=True)
    for section in sections(analyze, options.clips, options.mocap, options.faults):
        console.print(section, markup=False)
    if options.out is not None:
        options.out.write_text(console.export_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
