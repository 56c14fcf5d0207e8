"""What formcheck makes of hidden and badly filmed bodies, on rendered clips without a fault.

    python -m benchmarks.occluded FOLDER [--render] [--json OUT]

`--render` first makes the clips that are not in FOLDER yet (extra ``formcheck[samples]``,
about half an hour on two free cores). Every clip shows sound repetitions, so that every
flag is false.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.clips import Analyzer
from benchmarks.fault_grid import FAULTY, SAME_TURN_S
from benchmarks.fault_grid_specs import BACK_BAR, GridClip, grid_spec, render_missing
from benchmarks.rendered import ANGLES
from formcheck.errors import NobodyFoundError
from formcheck.exercises.schema import Feature
from formcheck.kinematics.draws import draws
from formcheck.kinematics.view import doubted
from formcheck.lifter import Bar, Lifter
from formcheck.reasons import ReasonCode
from formcheck.rules.computed import SetContext
from formcheck.rules.measure import measure_rep
from formcheck.rules.schema import Measurement
from formcheck.words.severity import Severity
from sample_videos.generator.truth import load_truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from formcheck.analysis import Analysis
    from sample_videos.generator.truth import Truth

VIEWS = (
    ("squat", "side", "a"),
    ("squat", "oblique", "a"),
    ("bent_over_row", "side", "a"),
    ("bent_over_row", "oblique", "a"),
    ("pull_up", "front", "a"),
    ("pull_up", "front", "b"),
)
"""Exercise, view and body; pull-ups of body a are seen from behind, of b from the front."""
CLEAR = "clear"
OCCLUDERS: dict[str, dict[str, dict[str, Any]]] = {
    CLEAR: {},
    "plates": {"equipment": {"plate_m": 0.225}},
    "rack": {},
    "box": {},
    "dark": {
        "scene": {"room": "dark", "light": "dim"},
        "video": {"exposure": 0.25, "grain": 0.08, "crf": 30},
    },
    "blur": {"video": {"shutter": 1.0}},
    "feet cut": {},
    "head cut": {},
    "loose clothes": {
        "build": {"outfit": {"top": "long", "bottom": "trousers", "loose_m": 0.03}},
    },
    "low resolution": {"video": {"width": 108, "height": 192, "crf": 38}},
}
"""Sections of the parameters that each changes, besides `BY_EXERCISE`. Loose clothes stand off by
3 cm, as far as the generator lets them; they do not swing."""
_CUT = {"distance_m": 2.6, "target_m": (0.0, 1.35, 0.1)}
BY_EXERCISE: dict[str, dict[str, dict[str, dict[str, Any]]]] = {
    "rack": {
        "squat": {"scene": {"obstacle": {"kind": "rack", "height_m": 0.75, "aside_m": 0.4}}},
        "bent_over_row": {
            "scene": {"obstacle": {"kind": "rack", "height_m": 0.85, "aside_m": 0.6}}
        },
        "pull_up": {"scene": {"obstacle": {"kind": "rack", "height_m": 1.4, "aside_m": 0.35}}},
    },
    "box": {
        "squat": {"scene": {"obstacle": {"kind": "box", "height_m": 0.6}}},
        "bent_over_row": {"scene": {"obstacle": {"kind": "box", "height_m": 0.6}}},
        "pull_up": {"scene": {"obstacle": {"kind": "box", "height_m": 1.1}}},
    },
    "feet cut": {
        "squat": {"camera": _CUT},
        "bent_over_row": {"camera": _CUT},
        "pull_up": {"camera": {"distance_m": 3.0, "target_m": (0.0, 2.05, 0.0)}},
    },
    "head cut": {
        "squat": {"camera": {"distance_m": 2.6, "target_m": (0.0, 0.55, 0.1)}},
        "bent_over_row": {"camera": {"distance_m": 2.6, "target_m": (0.0, 0.25, 0.1)}},
        "pull_up": {"camera": {"distance_m": 3.0, "target_m": (0.0, 1.0, 0.0)}},
    },
}
"""What hides the hips or knees, or cuts off feet or head, where an exercise has them."""
MOTIONS = {"squat": BACK_BAR}
DOUBTED = (ReasonCode.HIDDEN, ReasonCode.VIEW_UNSURE)
ARMS = frozenset({"elbow_flexion", "shoulder_elevation"})
"""Angles that the network reads badly in clear pictures as well, counted apart."""


@dataclass(frozen=True)
class Comparison:
    """One angle at the start or turn of a repetition, against the truth, degrees.

    `reason` says why it may not be judged, None where it may.
    """

    angle: str
    at: str
    difference: float
    error: float
    reason: ReasonCode | None


@dataclass(frozen=True)
class Outcome:
    """What formcheck made of one clip.

    Attributes
    ----------
    clip
        Which; its `rule` is the exercise, its `size` what hides the body.
    seen_from
        The view that formcheck took it for.
    reps, found, extra
        True repetitions, those found, and counted ones that are none.
    comparisons
        Angles against their truth.
    checks
        Grade and reason of every rule that claims the view.
    """

    clip: GridClip
    seen_from: str
    reps: int
    found: int
    extra: int
    comparisons: tuple[Comparison, ...] = ()
    checks: tuple[tuple[str, Severity, ReasonCode | None], ...] = ()


def clips() -> Iterator[GridClip]:
    """The grid; nothing is hidden by plates where there are none."""
    for occluder, changed in OCCLUDERS.items():
        for exercise, view, body in VIEWS:
            if occluder == "plates" and exercise == "pull_up":
                continue
            sections = {**changed, **BY_EXERCISE.get(occluder, {}).get(exercise, {})}
            motion = {"seed": 7, **MOTIONS.get(exercise, {})}
            name = occluder.replace(" ", "_")
            spec = grid_spec(exercise, view, body, name, motion, **sections)
            yield GridClip(exercise, occluder, view, body, spec)


def run_clip(clip: GridClip, folder: Path, analyze: Analyzer, /) -> Outcome:
    """Analyse one clip, its exercise given."""
    truth = load_truth(clip.truth(folder))
    turns = np.array([rep["turn_s"] for rep in truth.document["reps"]])
    lifter = Lifter(bar=None if clip.bar is None else Bar(clip.bar))
    try:
        analysis = analyze(clip.video(folder), exercise=clip.spec.exercise, lifter=lifter).analysis
    except NobodyFoundError:
        return Outcome(clip, "nobody", len(turns), 0, 0)
    counted = np.array([r.rep.turn_s for r in analysis.reps if r.rep.counts])
    near = np.abs(counted[:, None] - turns) <= SAME_TURN_S
    checks = tuple(
        (check.rule.id, check.severity, check.reason.code if check.reason else None)
        for check in analysis.checks
        if clip.view in check.rule.views
    )
    return Outcome(
        clip,
        analysis.motion.view.label.group or "unknown",
        len(turns),
        int(near.any(axis=0).sum()),
        int((~near.any(axis=1)).sum()),
        tuple(compared(analysis, truth)),
        checks,
    )


def compared(analysis: Analysis, truth: Truth) -> Iterator[Comparison]:
    """Angles with the errors that formcheck states for a measurement of them.

    They are the near side's, or from front and back the mean of both, which move alike here.
    """
    if analysis.definition is None or analysis.rules is None:
        return
    motion, near = analysis.motion, analysis.motion.view.near_side
    counted = [r.rep for r in analysis.reps if r.rep.counts]
    contexts = [
        SetContext(one, analysis.definition, counted, analysis.lifter)
        for one in (motion, *draws(motion))
    ]
    measurements = tuple(
        Measurement(
            name=f"{angle} {at}",
            title=angle,
            unit="deg",
            feature=Feature.model_validate({"series": angle, "stat": f"at_{at}"}),
        )
        for angle in ANGLES
        for at in ("start", "turn")
    )
    rules = analysis.rules.model_copy(update={"measurement": measurements})
    for rep in counted:
        part = motion.track.select(slice(rep.cycle.start, rep.cycle.end + 1))
        flips = any(doubted(seen, motion.view) for seen in (motion.track, part))
        unsure = ReasonCode.VIEW_UNSURE if flips else None
        drawn = [measure_rep(context, rep, rules) for context in contexts[1:]]
        for name, found in measure_rep(contexts[0], rep, rules, drawn).items():
            angle, at = name.split()
            column = f"{angle}_deg" if angle == "trunk_lean" else f"{angle}_{near}_deg"
            t_s = motion.t_s[getattr(rep.cycle, at)]
            real = float(np.interp(t_s, truth.t_s, truth.angles[column]))
            reason = unsure if found.reason is None else found.reason.code
            yield Comparison(angle, at, found.value - real, found.error, reason)


def _groups(found: Iterable[Outcome]) -> Iterator[tuple[str, str, list[Outcome]]]:
    """Occluder, view and their clips, in the grid's order."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in found:
        groups[outcome.clip.size, outcome.clip.view].append(outcome)
    for (occluder, view), own in groups.items():
        yield occluder, view, own


def _headed(title: str, headings: Sequence[str]) -> Table:
    made = Table(title=title)
    for heading in ("hidden by", "view", *headings):
        made.add_column(heading)
    return made


def angle_table(found: Iterable[Outcome]) -> Table:
    """Angles by occluder and view; those that may not be judged are not held to their error."""
    headings = ("angles", "not seen", "hidden, view unsure", "<= 1 error", "<= 2 errors")
    made = _headed(
        "Hidden bodies: angles at start and turn against the truth",
        [f"{part}: {heading}" for part in ("trunk, legs", "arms") for heading in headings],
    )
    for occluder, view, own in _groups(found):
        every = [c for outcome in own for c in outcome.comparisons]
        cells = []
        for arms in (False, True):
            part = [c for c in every if (c.angle in ARMS) == arms]
            ratios = np.array([abs(c.difference) / c.error for c in part if c.reason is None])
            cells += [
                str(len(part)),
                _share([c.reason is ReasonCode.NOT_SEEN for c in part]),
                _share([c.reason in DOUBTED for c in part]),
                _share(ratios <= 1),
                _share(ratios <= 2),
            ]
        made.add_row(occluder, view, *cells)
    return made


def error_table(found: Iterable[Outcome]) -> Table:
    """Shares within one and two errors of every angle by occluder and view."""
    made = _headed("Hidden bodies: within one / two stated errors, percent (angles)", ANGLES)
    for occluder, view, own in _groups(found):
        told = [c for outcome in own for c in outcome.comparisons if c.reason is None]
        cells = []
        for angle in ANGLES:
            ratios = np.array([abs(c.difference) / c.error for c in told if c.angle == angle])
            shares = [round(100 * float(np.mean(ratios <= most))) for most in (1, 2) if len(ratios)]
            cells.append(f"{shares[0]} / {shares[1]} ({len(ratios)})" if shares else "-")
        made.add_row(occluder, view, *cells)
    return made


def check_table(found: Iterable[Outcome]) -> Table:
    """View, repetitions and verdicts by occluder and view."""
    made = _headed(
        "Hidden bodies: repetitions and checks",
        (
            "clips",
            "view right",
            "reps found",
            "extra reps",
            "checks",
            "not assessed: hidden",
            "else",
            "moderate or severe, wrongly",
        ),
    )
    for occluder, view, own in _groups(found):
        checks = [check for outcome in own for check in outcome.checks]
        reasons = [code for _, severity, code in checks if severity is Severity.NOT_ASSESSED]
        hidden = reasons.count(ReasonCode.HIDDEN)
        made.add_row(
            occluder,
            view,
            str(len(own)),
            f"{sum(o.seen_from == o.clip.view for o in own)}/{len(own)}",
            f"{sum(o.found for o in own)}/{sum(o.reps for o in own)}",
            str(sum(o.extra for o in own)),
            str(len(checks)),
            f"{hidden / len(checks):.0%}" if checks else "-",
            f"{(len(reasons) - hidden) / len(checks):.0%}" if checks else "-",
            str(sum(severity in FAULTY for _, severity, _ in checks)),
        )
    return made


def _share(values: Sequence[bool] | np.ndarray) -> str:
    return f"{np.mean(values):.0%}" if len(values) else "-"


def false_lines(found: Iterable[Outcome]) -> list[str]:
    """One line per moderate or severe flag: all of them are wrong."""
    return [
        f"{outcome.clip.spec.name}: {rule} {severity}"
        for outcome in found
        for rule, severity, _ in outcome.checks
        if severity in FAULTY
    ]


def as_json(found: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Every comparison and verdict, for a closer look."""
    kept = ("seen_from", "reps", "found", "extra", "comparisons", "checks")
    return [
        {
            "clip": outcome.clip.spec.name,
            "occluder": outcome.clip.size,
            "view": outcome.clip.view,
            **{key: asdict(outcome)[key] for key in kept},
        }
        for outcome in found
    ]


def main() -> None:
    """Render if asked, analyse, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="rendered clips")
    parser.add_argument("--render", action="store_true", help="first render what is missing")
    parser.add_argument("--json", type=Path, help="also write every comparison here")
    options = parser.parse_args()
    if options.render:
        render_missing(list(clips()), options.folder)
    analyze = Analyzer()
    rendered = [clip for clip in clips() if clip.rendered(options.folder)]
    found = [run_clip(clip, options.folder, analyze) for clip in rendered]
    console = Console(width=150)
    console.print(angle_table(found))
    console.print(error_table(found))
    console.print(check_table(found))
    console.print("\n".join(false_lines(found)), markup=False)
    console.print(f"{len(found)} of {len(list(clips()))} clips are rendered")
    if options.json:
        options.json.write_text(json.dumps(as_json(found), indent=1))


if __name__ == "__main__":
    main()
