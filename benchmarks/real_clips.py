"""How formcheck does on real footage with labels by eye.

    python -m benchmarks.real_clips CLIPS_FOLDER

CLIPS_FOLDER holds ``manifest.json`` and the clips it names. The footage is not
part of the project. Tracks are cached, so a second run takes seconds.

Clips are split by the repository they come from into a half that definitions
were developed on and a half that was only measured; both are reported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import traceback
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.clips import Analyzer
from formcheck.errors import FormcheckError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

LIFTS = ("squat", "bent_over_row", "pull_up")
SECOND_TIER = ("upright_row", "reverse_fly")
TURN_TOLERANCE_S = 0.3
"""Labels by eye are good to 0.2 s at the turn."""


@dataclass
class Outcome:
    """What formcheck said of one clip, beside its label."""

    clip: str
    half: str
    label: dict[str, Any]
    exercise: str = "nobody"
    view: str = "unknown"
    reps: int = 0
    reps_given: int = 0
    turns_s: tuple[float, ...] = ()
    crashed: bool = False

    @property
    def group(self) -> str:
        """Which table the clip belongs to."""
        if self.label["exercise"] in LIFTS and self.label.get("reps_acceptable"):
            return "lift"
        return "second tier" if self.label["exercise"] in SECOND_TIER else "distractor"

    @property
    def right(self) -> bool:
        """Whether the exercise is right."""
        return bool(self.exercise == self.label["exercise"])

    def count_off(self, reps: int) -> int:
        """How far a count is outside the acceptable range."""
        low, high = self.label["reps_acceptable"]
        return int(max(low - reps, reps - high, 0))

    @property
    def counted(self) -> int:
        """Repetitions of the right exercise."""
        return self.reps if self.right else 0

    def turn_matches(self) -> tuple[int, int, int]:
        """Labelled turns found, labelled turns, turns reported."""
        truth = [turn for _, turn, _ in self.label.get("rep_times") or []]
        free = list(self.turns_s)
        hits = 0
        for turn in truth:
            near = [t for t in free if abs(t - turn) <= TURN_TOLERANCE_S]
            if near:
                free.remove(min(near, key=lambda t: abs(t - turn)))
                hits += 1
        return hits, len(truth), len(self.turns_s)


def half_of(repository: str) -> str:
    """Which half a source belongs to, by a hash of its name."""
    odd = int(hashlib.sha256(repository.encode()).hexdigest(), 16) % 2
    return "developed" if odd else "measured only"


def run_clip(folder: Path, label: dict[str, Any], analyze: Analyzer) -> Outcome:
    """Analyse one clip, with the exercise detected and, for lifts, given."""
    outcome = Outcome(label["id"], half_of(label["source_repo"]), label)
    path = folder / label["file"]
    try:
        found = analyze(path).analysis
        outcome.exercise, outcome.reps = found.exercise, found.rep_count
        outcome.view = found.motion.view.label.value
        outcome.turns_s = tuple(r.rep.turn_s for r in found.reps if r.rep.counts)
        if label["exercise"] in (*LIFTS, *SECOND_TIER):
            given = analyze(path, exercise=label["exercise"]).analysis
            outcome.reps_given = given.rep_count
    except FormcheckError as error:
        print(f"{label['id']}: {error}", file=sys.stderr)
    except Exception:  # noqa: BLE001 - a crash is an outcome to count
        outcome.crashed = True
        traceback.print_exc()
    return outcome


def _share(hits: int, total: int) -> str:
    return f"{hits}/{total} ({hits / total:.0%})" if total else "-"


def lift_rows(outcomes: list[Outcome], by: str) -> list[tuple[str, ...]]:
    """One row per group: exercise right, count within range, off by at most one, turns."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[_group_key(outcome, by)].append(outcome)
    rows: list[tuple[str, ...]] = []
    for name, members in sorted(groups.items()):
        n = len(members)
        turns = np.array([m.turn_matches() for m in members if m.right]).reshape(-1, 3).sum(axis=0)
        rows.append(
            (
                name,
                str(n),
                _share(sum(m.right for m in members), n),
                _share(sum(m.right and m.count_off(m.counted) == 0 for m in members), n),
                _share(sum(m.count_off(m.counted) <= 1 for m in members), n),
                _share(sum(m.count_off(m.reps_given) == 0 for m in members), n),
                _share(int(turns[0]), int(turns[1])),
                _share(int(turns[0]), int(turns[2])),
            )
        )
    return rows


def _group_key(outcome: Outcome, by: str) -> str:
    if by == "half":
        return outcome.half
    return str(outcome.label[by]) if by != "all" else "all"


def lift_table(outcomes: list[Outcome]) -> Table:
    """Squats, rows and pull-ups."""
    table = Table(title="Squats, rows and pull-ups")
    for heading in (
        "clips",
        "n",
        "exercise",
        "count in range",
        "off by <= 1",
        "in range, lift given",
        "turns found",
        "turns right",
    ):
        table.add_column(heading)
    for by in ("all", "half", "exercise", "view"):
        for row in lift_rows(outcomes, by):
            table.add_row(*row)
        table.add_section()
    for lift in LIFTS:
        for half, row in (
            (h, r)
            for h in ("developed", "measured only")
            for r in lift_rows(
                [o for o in outcomes if o.label["exercise"] == lift and o.half == h], "half"
            )
        ):
            table.add_row(f"{lift}, {half}", *row[1:])
    return table


def other_table(outcomes: list[Outcome]) -> Table:
    """Distractors (nothing of a wrong exercise may be counted) and second-tier lifts."""
    table = Table(title="Distractors and other lifts")
    for heading in ("clips", "n", "right"):
        table.add_column(heading)
    for half in ("all", "developed", "measured only"):
        chosen = [o for o in outcomes if half in ("all", o.half)]
        quiet = [o for o in chosen if o.group == "distractor"]
        second = [o for o in chosen if o.group == "second tier"]
        table.add_row(
            f"distractors, {half}: no repetitions of a wrong exercise",
            str(len(quiet)),
            _share(sum(o.reps == 0 or o.right for o in quiet), len(quiet)),
        )
        table.add_row(
            f"upright row, reverse fly, {half}: exercise",
            str(len(second)),
            _share(sum(o.right for o in second), len(second)),
        )
    return table


def view_line(outcomes: list[Outcome]) -> str:
    """How often the view's name is the labelled one."""
    fixed = [o for o in outcomes if o.label["view"] != "mixed" and o.exercise != "nobody"]
    return "view named as labelled: " + _share(
        sum(o.view == o.label["view"] for o in fixed), len(fixed)
    )


def misses(outcomes: list[Outcome]) -> list[str]:
    """One line per clip that is not right."""
    lines = []
    for o in outcomes:
        if o.group == "distractor":
            wrong = o.reps > 0 and not o.right
        elif o.label.get("reps_acceptable"):
            wrong = not o.right or o.count_off(o.counted) > 0
        else:
            wrong = not o.right
        if wrong or o.crashed:
            lines.append(
                f"{o.clip} ({o.half}): {o.label['exercise']} {o.label.get('reps_acceptable')} "
                f"-> {o.exercise} {o.reps} (given: {o.reps_given})"
            )
    return lines


def tables(folder: Path, analyze: Analyzer) -> Iterator[RenderableType]:
    """All tables of this benchmark."""
    labels = json.loads((folder / "manifest.json").read_text())
    outcomes = [run_clip(folder, label, analyze) for label in labels]
    yield lift_table([o for o in outcomes if o.group == "lift"])
    yield other_table(outcomes)
    yield view_line(outcomes)
    yield f"crashes: {sum(o.crashed for o in outcomes)}"
    yield "\n".join(["not right:", *misses(outcomes)])


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    console = Console(width=150)
    for table in tables(parser.parse_args().folder, Analyzer()):
        console.print(table, markup=False)


if __name__ == "__main__":
    main()
