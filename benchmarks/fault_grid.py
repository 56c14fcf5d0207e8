"""Smallest fault that each rule sees from each view, on rendered clips.

    python benchmarks/fault_grid.py [--folder CACHE] [--render] [--limit N] [--verbose] [--json OUT]

Needs the clips of ``benchmarks/fault_grid_specs.py``: `--render` makes those that are
not in CACHE yet (extra ``formcheck[samples]``, about an hour). Tracks are cached,
so a second run takes seconds.

Every clip is judged by every rule of its exercise that claims its view, so a rule is
also held against the other faults. A clip's truth is the median repetition's, graded
by the rule's limits (`TRUE_LIMITS` where these allow for an offset of the landmarks);
``fault_grid_truth.TRUE_VALUES`` says how each rule's truth is taken.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path
from rich.console import Console
from rich.table import Table

from benchmarks.clips import Analyzer
from benchmarks.fault_grid_specs import GridClip, grid, render_missing
from benchmarks.fault_grid_truth import TRUE_VALUES, true_grade, true_of_set, true_reps
from formcheck.lifter import Bar, Lifter
from formcheck.rules.book import built_in_book
from formcheck.rules.schema import Limits
from formcheck.words.reasons import said
from formcheck.words.severity import Severity
from sample_videos.generator.truth import load_truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.analysis import Analysis
    from formcheck.rules.schema import Rule
    from formcheck.rules.verdicts import SetCheck
    from sample_videos.generator.truth import Truth

TRUE_LIMITS = {
    "squat.heel_rise": Limits(mild=0.08, moderate=0.12, severe=0.20),
    "squat.knees_in": Limits(mild=0.90, moderate=0.80, severe=0.70),
}
"""Limits of the truth where the rule's own are set higher for what its landmarks do
on sound repetitions; these are the reference's (named in the rule's `source`)."""
SAME_TURN_S = 0.35
"""Repetitions match when their turns are this close."""
FAULTY = (Severity.MODERATE, Severity.SEVERE)


@dataclass(frozen=True)
class Verdict:
    """What one rule said of one clip, beside the truth.

    Attributes
    ----------
    clip, rule, view
        Which; the view is the rendered one.
    true, true_grade
        Truth of the set.
    severity, value, error, reason
        The rule's own.
    differences
        Measured minus true: per repetition, or one for the set.
    """

    clip: str
    rule: str
    view: str
    better: str
    mild: float
    true: float
    true_grade: Severity
    severity: Severity
    value: float
    error: float
    reason: str | None
    differences: tuple[float, ...]

    @property
    def false_alarm(self) -> bool:
        """Whether a truly fine clip is flagged, farther from the limit than the error."""
        if not self.severity.is_fault or self.true_grade.is_fault:
            return False
        true = abs(self.true) if self.better == "zero" else self.true
        return abs(true - self.mild) > self.error


@dataclass(frozen=True)
class Outcome:
    """What formcheck made of one clip."""

    clip: GridClip
    detected: str
    view: str
    reps: int
    verdicts: tuple[Verdict, ...]


def run_clip(clip: GridClip, folder: Path, analyze: Analyzer, /) -> Outcome:
    """Analyse one clip with the exercise detected, and again with it given if that is wrong."""
    video, truth = clip.video(folder), load_truth(clip.truth(folder))
    lifter = Lifter(bar=None if clip.bar is None else Bar(clip.bar))
    detected = given = analyze(video, lifter=lifter).analysis
    if detected.exercise != clip.spec.exercise:
        given = analyze(video, exercise=clip.spec.exercise, lifter=lifter).analysis
    verdicts = []
    for rule in built_in_book().rules[clip.spec.exercise].for_variant(clip.variant).rule:
        if rule.id in TRUE_VALUES and clip.view in rule.views:
            check = next((c for c in given.checks if c.rule.id == rule.id), None)
            if len(truth.document["reps"]) >= rule.min_reps:
                verdicts.append(_verdict(clip, rule, check, truth, given))
    view = given.motion.view.label.group or "unknown"
    return Outcome(clip, detected.exercise, view, given.rep_count, tuple(verdicts))


def _verdict(
    clip: GridClip, rule: Rule, check: SetCheck | None, truth: Truth, analysis: Analysis
) -> Verdict:
    """`check` is None when another variant of the exercise was seen."""
    reps = true_reps(truth, Bar(clip.bar or Bar.NONE))
    values = [TRUE_VALUES[rule.id](rep) for rep in reps]
    true = true_of_set(values, rule)
    limits = TRUE_LIMITS.get(rule.id, rule.limits)
    if rule.over_set is None:
        differences = _differences(truth, values, rule, analysis)
    else:
        differences = [check.value - true] if check and math.isfinite(check.value) else []
    return Verdict(
        clip.spec.name,
        rule.id,
        clip.view,
        rule.better,
        limits.mild,
        true,
        true_grade(true, limits, rule, reps),
        check.severity if check else Severity.NOT_ASSESSED,
        check.value if check else math.nan,
        check.error if check else math.nan,
        said(check.reason) if check else "another variant was seen",
        tuple(differences),
    )


def _differences(
    truth: Truth, values: Sequence[float], rule: Rule, analysis: Analysis
) -> list[float]:
    """Measured minus true of every repetition found in both, whether judged or not."""
    found = []
    for entry, true in zip(truth.document["reps"], values, strict=True):
        for rep in analysis.reps:
            if rep.rep.counts and abs(rep.rep.turn_s - entry["turn_s"]) <= SAME_TURN_S:
                found.append(rep.measured[rule.measurement].value - true)
                break
    return [difference for difference in found if math.isfinite(difference)]


@dataclass(frozen=True)
class Row:
    """One rule from one view.

    Attributes
    ----------
    clips
        How many.
    faulty, caught
        Clips with a truly moderate or severe fault, and those flagged at all.
    flags, right_flags, false_flags
        Flagged clips; those with at least a mild fault; those without, farther from
        the limit than the error (the rest is neither).
    grave_false
        Moderate or severe flags on truly fine clips.
    not_assessed
        Clips without a verdict.
    always_from
        Smallest true value (largest, where high is better) from which every clip is
        flagged; None if there is none.
    bias, spread, within
        Median of measured minus true, half the width of the middle 68 %, and the share
        of verdicts that are off by at most their stated error.
    """

    rule: str
    view: str
    clips: int
    faulty: int
    caught: int
    flags: int
    right_flags: int
    false_flags: int
    grave_false: int
    not_assessed: int
    always_from: float | None
    bias: float
    spread: float
    within: float

    @property
    def recall(self) -> float:
        """Share of the truly moderate and severe faults that are flagged at all."""
        return self.caught / self.faulty if self.faulty else math.nan

    @property
    def precision(self) -> float:
        """Share of the flags that are right."""
        counted = self.right_flags + self.false_flags
        return self.right_flags / counted if counted else math.nan


def outcomes(
    folder: Path | None = None, limit: int | None = None, analyze: Analyzer | None = None
) -> list[Outcome]:
    """Analyse every clip that has been rendered.

    Parameters
    ----------
    folder
        Where the clips are; None for the default.
    limit
        Only the first clips of the grid.
    analyze
        How; None for the usual network.
    """
    folder, analyze = folder or default_folder(), analyze or Analyzer()
    clips = [clip for clip in grid()[:limit] if clip.rendered(folder)]
    return [run_clip(clip, folder, analyze) for clip in clips]


def rows(found: Iterable[Outcome]) -> list[Row]:
    """One row per rule and view."""
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for outcome in found:
        for verdict in outcome.verdicts:
            groups[verdict.rule, verdict.view].append(verdict)
    order = list(TRUE_VALUES)
    views = ("side", "oblique", "front")
    keys = sorted(groups, key=lambda key: (order.index(key[0]), views.index(key[1])))
    return [_row(groups[key]) for key in keys]


def _row(verdicts: list[Verdict]) -> Row:
    flagged = [v for v in verdicts if v.severity.is_fault]
    faulty = [v for v in verdicts if v.true_grade in FAULTY]
    differences = np.array([d for v in verdicts for d in v.differences])
    bias, spread = math.nan, math.nan
    if len(differences):
        low, middle, high = np.percentile(differences, [16, 50, 84])
        bias, spread = float(middle), float(high - low) / 2
    valued = [v for v in verdicts if math.isfinite(v.value)]
    within = [abs(v.value - v.true) <= v.error for v in valued]
    return Row(
        rule=verdicts[0].rule,
        view=verdicts[0].view,
        clips=len(verdicts),
        faulty=len(faulty),
        caught=sum(v.severity.is_fault for v in faulty),
        flags=len(flagged),
        right_flags=sum(v.true_grade.is_fault for v in flagged),
        false_flags=sum(v.false_alarm for v in flagged),
        grave_false=sum(v.severity in FAULTY and not v.true_grade.is_fault for v in flagged),
        not_assessed=sum(v.severity is Severity.NOT_ASSESSED for v in verdicts),
        always_from=_always_from(verdicts),
        bias=bias,
        spread=spread,
        within=float(np.mean(within)) if within else math.nan,
    )


def _always_from(verdicts: list[Verdict]) -> float | None:
    """True value from which every worse clip is flagged, among clips with a true fault."""
    worse = {"low": lambda true: true, "high": lambda true: -true, "zero": abs}
    size = worse[verdicts[0].better]
    smallest = None
    for verdict in sorted(verdicts, key=lambda v: -size(v.true)):
        if not verdict.severity.is_fault or not verdict.true_grade.is_fault:
            break
        smallest = verdict.true
    return smallest


def table(lines: Sequence[Row]) -> Table:
    """The rows for a terminal."""
    made = Table(title="Rendered faults: every rule from every view it claims")
    for heading in (
        "rule",
        "view",
        "clips",
        "recall, moderate+",
        "precision",
        "grave false",
        "not assessed",
        "always from",
        "bias",
        "spread",
        "within error",
    ):
        left = heading in ("rule", "view")
        made.add_column(heading, justify="left" if left else "right", no_wrap=left)
    for row in lines:
        smallest = "never" if row.always_from is None else f"{row.always_from:.2f}"
        made.add_row(
            row.rule,
            row.view,
            str(row.clips),
            _share(row.caught, row.faulty),
            _share(row.right_flags, row.right_flags + row.false_flags),
            str(row.grave_false),
            f"{row.not_assessed / row.clips:.0%}",
            smallest,
            f"{row.bias:+.2f}",
            f"{row.spread:.2f}",
            f"{row.within:.0%}",
        )
    return made


def clip_table(found: Sequence[Outcome]) -> Table:
    """Whether exercise, view and number of repetitions are right."""
    made = Table(title="Rendered faults: exercise, view, repetitions")
    for heading in ("exercise", "view", "clips", "exercise right", "view right", "count right"):
        made.add_column(heading)
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in found:
        groups[outcome.clip.spec.exercise, outcome.clip.view].append(outcome)
    for (exercise, view), own in sorted(groups.items()):
        made.add_row(
            exercise,
            view,
            str(len(own)),
            _share(sum(o.detected == exercise for o in own), len(own)),
            _share(sum(o.view == view for o in own), len(own)),
            _share(sum(o.reps == o.clip.spec.motion.reps for o in own), len(own)),
        )
    return made


def wrong_lines(found: Sequence[Outcome]) -> list[str]:
    """One line per missed moderate or severe fault, and per flag on a truly fine clip."""
    return [
        f"{v.clip}: {v.rule} truly {v.true:.2f} ({v.true_grade}), "
        f"measured {v.value:.2f} +- {v.error:.2f}: {v.reason or v.severity}"
        for outcome in found
        for v in outcome.verdicts
        if (v.true_grade in FAULTY and not v.severity.is_fault)
        or (v.severity.is_fault and not v.true_grade.is_fault)
    ]


def _share(hits: int, total: int) -> str:
    return f"{hits}/{total} ({hits / total:.0%})" if total else "-"


def default_folder() -> Path:
    """Where the clips are kept."""
    return user_cache_path("formcheck", appauthor=False) / "fault_grid"


def as_json(found: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Every verdict, for a closer look."""
    return [
        {
            **asdict(verdict),
            "made_for": f"{outcome.clip.rule} {outcome.clip.size}",
            "detected": outcome.detected,
            "seen_from": outcome.view,
            "reps": outcome.reps,
        }
        for outcome in found
        for verdict in outcome.verdicts
    ]


def main() -> None:
    """Render if asked, analyse, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=default_folder(), help="rendered clips")
    parser.add_argument("--render", action="store_true", help="first render what is missing")
    parser.add_argument("--limit", type=int, help="only the first N clips of the grid")
    parser.add_argument("--verbose", action="store_true", help="list the wrong verdicts")
    parser.add_argument("--json", type=Path, help="also write every verdict here")
    options = parser.parse_args()
    if options.render:
        render_missing(grid()[: options.limit], options.folder)
    found = outcomes(options.folder, options.limit)
    console = Console(width=150)
    console.print(table(rows(found)))
    console.print(clip_table(found))
    if options.verbose:
        console.print("\n".join(wrong_lines(found)), markup=False)
    console.print(f"{len(found)} of {len(grid()[: options.limit])} clips are rendered")
    if options.json:
        options.json.write_text(json.dumps(as_json(found), indent=1))


if __name__ == "__main__":
    main()
