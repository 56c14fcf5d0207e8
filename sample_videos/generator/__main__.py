"""Command line: ``python -m sample_videos.generator SPEC.toml|FOLDER -o OUT``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sample_videos.generator.spec import load_spec

if TYPE_CHECKING:
    from collections.abc import Sequence


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sample_videos.generator",
        description="Render sample clips and write their ground truth.",
    )
    parser.add_argument("spec", type=Path, help="a TOML file, or a folder of them")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the clips")
    parser.add_argument(
        "--truth-only", action="store_true", help="write only the JSON files (needs no OpenGL)"
    )
    parser.add_argument(
        "--still", type=float, metavar="S", help="write one PNG at this time (s) instead"
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="JPG", help="afterwards write a contact sheet of all clips"
    )
    parser.add_argument("--sheet-only", action="store_true", help="write only the contact sheet")
    return parser.parse_args(argv)


def _make(path: Path, options: argparse.Namespace) -> None:
    from sample_videos.generator import truth  # noqa: PLC0415
    from sample_videos.generator.clip import CLOCK, Clip  # noqa: PLC0415

    clip = Clip(load_spec(path))
    options.out.mkdir(parents=True, exist_ok=True)
    if options.truth_only:
        truth.save(clip.document(), options.out / f"{path.stem}.json")
    elif options.still is not None:
        from PIL import Image  # noqa: PLC0415

        gaps = [abs(tick / CLOCK - options.still) for tick in clip.ticks]
        picture = next(clip.pictures([gaps.index(min(gaps))]))
        Image.fromarray(picture).save(options.out / f"{path.stem}.png")
    else:
        clip.write(options.out)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    options = _arguments(argv)
    paths = sorted(options.spec.glob("*.toml")) if options.spec.is_dir() else [options.spec]
    for path in [] if options.sheet_only else paths:
        start = time.monotonic()
        try:
            _make(path, options)
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2
        print(f"{path.stem}: {time.monotonic() - start:.0f} s")
    if options.sheet:
        from sample_videos.generator.sheet import contact_sheet  # noqa: PLC0415

        contact_sheet(options.out, options.sheet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
