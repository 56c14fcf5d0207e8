"""Repetitions against labels: counts, turning points, boundaries, tempo.

    python -m benchmarks.repetitions CLIPS_FOLDER

The lift is given, so that a wrong lift does not hide what becomes of its repetitions.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.clips import Analyzer
from benchmarks.real_clips import LIFTS, SECOND_TIER, half_of
from formcheck.errors import FormcheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from formcheck.reps.engine import Rep

TOLERANCE_S = 0.3
"""A turning point is found when one is reported this near (labels are good to 0.2 s)."""

Times = tuple[float, float, float]


@dataclass
class Counted:
    """Repetitions found in one clip beside those labelled: start, turn, end in seconds."""

    clip: str
    groups: dict[str, str]
    wanted: tuple[int, int]
    truth: list[Times]
    found: list[Times]
    starts_down: bool
    pairs: list[tuple[Times, Times]] = field(init=False)

    def __post_init__(self) -> None:
        self.pairs = matched(self.truth, self.found)

    @property
    def off(self) -> int:
        """How far the count is outside of the range that is fair."""
        low, high = self.wanted
        return max(low - len(self.found), len(self.found) - high, 0)

    def errors_s(self) -> dict[str, list[float]]:
        """Found minus labelled: starts, turns, ends and durations of both halves."""
        at: dict[str, list[float]] = {"start": [], "turn": [], "end": [], "down": [], "up": []}
        first, last = ("down", "up") if self.starts_down else ("up", "down")
        for true, own in self.pairs:
            off = [b - a for a, b in zip(true, own, strict=True)]
            for name, error in zip(("start", "turn", "end"), off, strict=True):
                at[name].append(error)
            at[first].append(off[1] - off[0])
            at[last].append(off[2] - off[1])
        return at


def matched(truth: Sequence[Times], found: Sequence[Times]) -> list[tuple[Times, Times]]:
    """Labelled repetitions with the one found whose turn is nearest, each used once."""
    near = sorted(
        (abs(own[1] - true[1]), a, b)
        for a, true in enumerate(truth)
        for b, own in enumerate(found)
        if abs(own[1] - true[1]) <= TOLERANCE_S
    )
    used: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for _, a, b in near:
        if a not in used[0] and b not in used[1]:
            used[0].add(a)
            used[1].add(b)
            pairs.append((truth[a], found[b]))
    return pairs


def times_of(reps: Iterable[Rep]) -> list[Times]:
    """Start, turn and end of the repetitions that count."""
    return [(rep.start_s, rep.turn_s, rep.end_s) for rep in reps if rep.counts]


def labelled(label: dict[str, Any]) -> bool:
    """Whether a clip's repetitions can be held against labels."""
    return label["exercise"] in (*LIFTS, *SECOND_TIER) and bool(label.get("reps_acceptable"))


def compare(label: dict[str, Any], reps: Iterable[Rep], *, starts_down: bool) -> Counted:
    """What was found in a clip of the manifest, beside its label."""
    groups = {
        "all": "all",
        "half": half_of(label["source_repo"]),
        "lift": label["exercise"],
        "view": label["view"],
    }
    truth = [(a, b, c) for a, b, c in label.get("rep_times") or []]
    low, high = label["reps_acceptable"]
    return Counted(label["id"], groups, (low, high), truth, times_of(reps), starts_down)


HEADINGS = ("clips", "n", "in range", "off <= 1", "F1", "start", "turn", "end", "down", "up")


def table(
    outcomes: Sequence[Counted], by: Sequence[str] = ("all", "half", "lift", "view")
) -> Table:
    """Counts and times by group; times are median absolute errors (bias), seconds."""
    shown = Table(title="Repetitions, lift given; median absolute error (median error), s")
    for heading in HEADINGS:
        shown.add_column(heading)
    for key in by:
        groups: dict[str, list[Counted]] = defaultdict(list)
        for outcome in outcomes:
            groups[outcome.groups[key]].append(outcome)
        for name, members in sorted(groups.items()):
            shown.add_row(name, *_row(members))
        shown.add_section()
    return shown


def _row(members: Sequence[Counted]) -> list[str]:
    n = len(members)
    hits = sum(len(m.pairs) for m in members)
    total = sum(len(m.truth) + len(m.found) for m in members)
    errors: dict[str, list[float]] = defaultdict(list)
    for member in members:
        for name, values in member.errors_s().items():
            errors[name] += values
    return [
        str(n),
        f"{sum(m.off == 0 for m in members)} ({sum(m.off == 0 for m in members) / n:.0%})",
        f"{sum(m.off <= 1 for m in members)} ({sum(m.off <= 1 for m in members) / n:.0%})",
        f"{2 * hits / total:.3f}" if total else "-",
        *(
            f"{np.median(np.abs(values)):.2f} ({np.median(values):+.2f})" if values else "-"
            for values in (errors[k] for k in ("start", "turn", "end", "down", "up"))
        ),
    ]


def misses(outcomes: Iterable[Counted]) -> list[str]:
    """A line for each clip whose count is out of range or whose turns are not all found."""
    lines = []
    for one in outcomes:
        hits = len(one.pairs)
        if one.off or hits < len(one.truth) or hits < len(one.found):
            missed = [t for t in one.truth if all(t is not true for true, _ in one.pairs)]
            extra = [f for f in one.found if all(f is not own for _, own in one.pairs)]
            lines.append(
                f"{'OFF ' if one.off else ''}{one.clip} ({one.groups['half']}, "
                f"{one.groups['lift']}, {one.groups['view']}): wanted {one.wanted}, "
                f"found {len(one.found)}; missed {_short(missed)}, extra {_short(extra)}"
            )
    return lines


def _short(times: Iterable[Times]) -> str:
    return ", ".join(f"{a:.1f}-{b:.1f}-{c:.1f}" for a, b, c in times) or "-"


def run(
    labels: Iterable[dict[str, Any]], reps_of: Callable[[dict[str, Any]], Counted | None]
) -> list[Counted]:
    """Every labelled clip that could be analysed."""
    found = [reps_of(label) for label in labels if labelled(label)]
    return [one for one in found if one is not None]


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    analyze, console = Analyzer(), Console(width=150)

    def reps_of(label: dict[str, Any]) -> Counted | None:
        try:
            found = analyze(folder / label["file"], exercise=label["exercise"]).analysis
        except FormcheckError as error:
            console.print(f"{label['id']}: {error}", markup=False)
            return None
        down = found.definition is not None and found.definition.starts_down
        return compare(label, [r.rep for r in found.reps], starts_down=down)

    outcomes = run(json.loads((folder / "manifest.json").read_text()), reps_of)
    console.print(table(outcomes))
    console.print("\n".join(misses(outcomes)), markup=False)


if __name__ == "__main__":
    main()
