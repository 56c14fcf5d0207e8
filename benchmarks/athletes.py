"""Three made-up athletes over twelve weeks, as a coach would keep them: a folder for each.

    python -m benchmarks.athletes OUT [--folder CACHE] [--render]

Writes the clips into ``OUT/clips`` with their dates and weights, runs ``formcheck batch
--by-folder`` on them, and writes what a coach would read into OUT: the results with index,
profiles and histories, and what the terminal says in ``ATHLETE.txt``.

`--render` makes the clips that are not in CACHE yet (extra ``formcheck[samples]``; some twenty
minutes). Nothing of a report is made up: what happens is in the doses of the generator below,
and what formcheck makes of it goes all the way from the pictures.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from platformdirs import user_cache_path
from rich.console import Console

from benchmarks import fault_grid_specs as grid
from benchmarks.fault_grid_specs import TEMPO, GridClip, grid_spec, render_missing
from formcheck.batch.athletes import PROFILE_FILE
from formcheck.cli.app import app
from formcheck.edits_file import EDITS_SUFFIX
from formcheck.present.terminal.report import terminal_profile
from formcheck.report.model import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FIRST = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
"""The Monday of the first week."""
BACK_BAR: dict[str, Any] = dict(grid.BACK_BAR)
WIDTH = 80
SET = {"reps": 5, "rep_variation": 0.01}
BESIDE_PLATES = {"camera": {"azimuth_deg": 75}, "equipment": {"plate_m": 0.10}}
"""Straight from the side the plate of a squat hides the shoulders."""
LIGHT_PULL: dict[str, Any] = {"girdle_first": 0.7, "tempo": {**TEMPO, "back": 0.95}}
"""A pull-up without a fault."""


@dataclass(frozen=True)
class Filmed:
    """A clip of an athlete: in which week, what it shows, and the weight that is told."""

    week: int
    clip: GridClip
    load_kg: float | None = None

    @property
    def name(self) -> str:
        """As a coach would call the file."""
        return f"week{self.week:02}_{self.clip.spec.exercise}_{self.clip.view}.mp4"

    @property
    def recorded(self) -> datetime:
        """When it was filmed."""
        return FIRST + timedelta(weeks=self.week - 1)


@dataclass(frozen=True)
class Athlete:
    """An athlete, what really happened, and what a reader should take from the pages."""

    name: str
    story: str
    clips: tuple[Filmed, ...]


def _filmed(
    week: int,
    exercise: str,
    view: str,
    body: str,
    faults: Mapping[str, float],
    load_kg: float | None = None,
    filmed: Mapping[str, Any] | None = None,
    **motion: Any,
) -> Filmed:
    """A clip with these doses, one of nothing left out; `filmed` are sections of its parameters."""
    motion = {**SET, "seed": 100 + week, **motion, "faults": {k: v for k, v in faults.items() if v}}
    spec = grid_spec(exercise, view, body, "athlete", motion, **(filmed or {}))
    return Filmed(week, GridClip(exercise, "athlete", view, body, spec), load_kg)


def _improving() -> Iterator[Filmed]:
    """Squats get deeper, from far too high in the first weeks to deep enough in the last."""
    knee_deg = (88, 90, 92, 95, 98, 101, 105, 109, 113, 118, 0, 0)
    for week, depth in enumerate(knee_deg, 1):
        yield _filmed(week, "squat", "side", "b", {"depth": depth}, 50, **BACK_BAR)
    for week in (2, 7, 12):
        yield _filmed(week, "bent_over_row", "side", "b", {}, 30)
    for week in (4, 11):
        yield _filmed(week, "pull_up", "front", "b", {}, **LIGHT_PULL)


def _weak_link() -> Iterator[Filmed]:
    """The heavier, the more the hips lead, rows fall short with raised shoulders, chins stall."""
    hips, growth = (4, 6, 8, 10, 12, 15, 18), (0, 3, 5, 7, 9, 11, 14)
    for number, week in enumerate((1, 3, 5, 7, 9, 11, 12)):
        doses: dict[str, float] = {"hips_first": hips[number], "lean_growth": growth[number]}
        load_kg = 70 + 5 * number
        yield _filmed(week, "squat", "side", "a", doses, load_kg, BESIDE_PLATES, **BACK_BAR)
    elbows, shrug = (0, 0.62, 0.56, 0.5, 0.42, 0.36), (0, 10, 18, 26, 32, 34)
    for number, week in enumerate((2, 4, 6, 8, 10, 12)):
        doses = {"top_range": elbows[number], "shrug": shrug[number]}
        yield _filmed(week, "bent_over_row", "side", "a", doses, 40 + 5 * number)
    chin, stall = (0, 120, 112, 104), (0, 1.1, 1.7, 2.4)
    for number, week in enumerate((3, 7, 10, 12)):
        doses = {"chin": chin[number], "top_stall": stall[number]}
        own: dict[str, Any] = {"fault_reps": (2, 3, 4, 5), **LIGHT_PULL}
        yield _filmed(week, "pull_up", "front", "a", doses, **own)


def _uneven() -> Iterator[Filmed]:
    """Pull-ups in which one side leads, filmed twice, and one squat: that is all."""
    for week in (5, 11):
        yield _filmed(week, "pull_up", "front", "a", {"asymmetry": 14}, **LIGHT_PULL)
    yield _filmed(11, "squat", "front", "a", {}, 60, **BACK_BAR)


def athletes() -> tuple[Athlete, ...]:
    """The three."""
    return (
        Athlete("ina", "improves: squats reach depth in the last weeks", tuple(_improving())),
        Athlete(
            "bo",
            "upper back is the weak link in three lifts, the heavier the more",
            tuple(_weak_link()),
        ),
        Athlete("cem", "one side leads in pull-ups, and little is filmed", tuple(_uneven())),
    )


def place(filmed: Filmed, cache: Path, folder: Path, /) -> None:
    """Put a clip into an athlete's folder, with its date, and its weight beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / filmed.name
    with av.open(str(filmed.clip.video(cache))) as source, av.open(str(target), "w") as copy:
        copy.metadata["creation_time"] = filmed.recorded.isoformat()
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    if filmed.load_kg is not None:
        Path(f"{target}{EDITS_SUFFIX}").write_text(f"load = {filmed.load_kg}\n", encoding="utf-8")


def said(*arguments: str | Path) -> str:
    """What a command of formcheck prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        app([str(argument) for argument in arguments], prog_name="formcheck")
    return printed.getvalue()


def write(out: Path, cache: Path, /) -> None:
    """Write clips, results and what the terminal says of each athlete."""
    for folder in (out / "clips", out / "results"):
        shutil.rmtree(folder, ignore_errors=True)  # of other clips, perhaps
    for athlete in athletes():
        for filmed in athlete.clips:
            place(filmed, cache, out / "clips" / athlete.name)
    results, history = out / "results", out / "history.sqlite"
    history.unlink(missing_ok=True)
    where = ("--history", history)
    batch = said("batch", out / "clips", "--out", results, "--by-folder", *where)
    (out / "batch.txt").write_text(batch, encoding="utf-8")
    for athlete in athletes():
        made = (results / "athletes" / athlete.name / PROFILE_FILE).read_bytes()
        printed = io.StringIO()
        lines = Console(file=printed, width=WIDTH)
        lines.print(terminal_profile(Profile.model_validate_json(made)))
        text = f"{said('history', athlete.name, *where)}\n{printed.getvalue()}"
        (out / f"{athlete.name}.txt").write_text(text, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.athletes", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--folder", type=Path, default=user_cache_path("formcheck") / "fault_grid")
    parser.add_argument("--render", action="store_true", help="render what is missing first")
    options = parser.parse_args(argv)
    clips = [filmed.clip for athlete in athletes() for filmed in athlete.clips]
    if options.render:
        render_missing(clips, options.folder)
    missing = sum(not clip.rendered(options.folder) for clip in clips)
    if missing:
        print(f"{missing} of {len(clips)} clips are not rendered: add --render", file=sys.stderr)
        return 2
    os.environ["COLUMNS"] = str(WIDTH)
    write(options.out, options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
