"""Clips of the fault grid, every rule's fault in several sizes, views and bodies; their truth.

The clips are rendered by ``sample_videos.generator`` (extra ``formcheck[samples]``)
into a cache folder, never into the project. A clip is named after a hash of its
parameters, so that what was rendered before is used again.

The truth takes each rule's own definition on the true joint centres. It differs from
``reps[].measures`` of the truth file where that is defined otherwise:

=============  ====================================================================
depth, lean    at the turn (file: extreme of the repetition)
hips_first     as in the file
knees_in       over the value in standing (file: not divided), least around the turn
heel_rise      median around the turn, in foot lengths heel to toe (file: largest, m)
hinge_angle    trunk lean at the start (file: mean)
heave          lean at the start minus the least of the pull (file: range of the rep)
top_range      as in the file
range_loss     vertical travel of the wrists under the shoulders, last two repetitions
               over the first two (file: distance, against the first)
chin           as in the file, in trunk lengths (file: m)
hang           elbow flexion at the start (file: least)
kip            5th to 95th percentile of hip flexion on the way up (file: whole range)
tempo,         time from start to turn, from turn to end, s (not in the file)
lowering
=============  ====================================================================
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sample_videos.generator.spec import ClipSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from formcheck.rules.schema import Rule
    from sample_videos.generator.truth import Truth

    Floats = NDArray[np.float64]

SOUND = "sound"
SIZES = ("small", "medium", "large")
"""About the middle of the grades mild and moderate, and beyond severe; what a clip
really shows is measured on its truth."""
BODIES: dict[str, dict[str, Any]] = {
    "a": {
        "stature_m": 1.79,
        "muscle": 0.65,
        "skin": "d9a98a",
        "outfit": {"top_color": "3b6ea5", "bottom_color": "22252b"},
    },
    "b": {
        "stature_m": 1.65,
        "female": 1.0,
        "leg_ratio": 1.03,
        "weight": 0.45,
        "skin": "8d5a3b",
        "hair": "bun",
        "outfit": {
            "top": "tank",
            "top_color": "c9b037",
            "bottom": "leggings",
            "bottom_color": "46536b",
        },
    },
}
ROOMS = {"a": {"room": "gym", "seed": 3}, "b": {"room": "home", "seed": 6}}
VIDEO = {"width": 270, "height": 480, "fps": 20.0}
AZIMUTHS: dict[str, dict[str, dict[str, float]]] = {
    "squat": {"side": {"a": 90, "b": 270}, "oblique": {"a": 45, "b": 315}, "front": {"a": 0}},
    "bent_over_row": {"side": {"a": 90, "b": 270}, "oblique": {"a": 45, "b": 225}},
    "pull_up": {
        "side": {"a": 90, "b": 270},
        "oblique": {"a": 135, "b": 315},
        "front": {"a": 180, "b": 0},
    },
}
"""Camera by exercise, view and body; a body without an entry is seen from azimuth 0."""
CAMERAS: dict[str, dict[str, Any]] = {
    "squat": {"target_m": (0.0, 0.88, 0.15)},
    "bent_over_row": {"target_m": (0.0, 0.85, 0.15)},
    "pull_up": {"distance_m": 4.2, "height_m": 1.5, "target_m": (0.0, 1.45, 0.0)},
}
TEMPO = {"out": 0.9, "hold": 0.1, "back": 0.75, "rest": 0.15}
MOTIONS: dict[str, dict[str, Any]] = {
    "squat": {"arms": "chest", "knee_deg": 131.0, "lean_deg": 38.0, "stance_m": 0.40},
    "bent_over_row": {},
    "pull_up": {"tempo": {**TEMPO, "back": 0.95}},
}
"""What sound clips show."""
INSTANT_S, TURN_SHARE = 0.1, 0.15
"""As in `formcheck.reps.features`."""


@dataclass(frozen=True)
class Fault:
    """A fault of the grid.

    Attributes
    ----------
    rule
        Identifier of the rule that should see it.
    doses
        One per size, in the generator's unit, or seconds of the `half` it shortens.
    views
        View -> bodies.
    half
        ``out`` or ``back``: the fault is haste, not a dose of the generator.
    motion
        What else differs from a sound clip.
    """

    rule: str
    doses: tuple[float, float, float]
    views: tuple[tuple[str, str], ...]
    half: str | None = None
    motion: tuple[tuple[str, Any], ...] = ()


_BOTH = (("side", "ab"), ("oblique", "ab"))
FAULTS = (
    Fault("squat.depth", (113, 101, 87), _BOTH),
    Fault("squat.lean", (57, 67, 78), _BOTH, motion=(("knee_deg", 116.0),)),
    Fault("squat.hips_first", (7.5, 11.5, 18), _BOTH),
    Fault("squat.knees_in", (7.6, 9.8, 13), (("front", "ab"),)),
    Fault("squat.heel_rise", (7.5, 12, 22), (("side", "ab"), ("oblique", "a"))),
    Fault("squat.tempo", (0.64, 0.47, 0.31), (("side", "a"), ("front", "b")), "out"),
    Fault("bent_over_row.hinge_angle", (40, 30, 19), _BOTH),
    Fault("bent_over_row.top_range", (0.55, 0.45, 0.33), (("side", "ab"),)),
    Fault("bent_over_row.heave", (13, 21, 33), (("side", "ab"),)),
    Fault(
        "bent_over_row.range_loss",
        (0.21, 0.32, 0.50),
        (("side", "ab"), ("oblique", "a")),
        motion=(("reps", 5), ("rep_variation", 0.005)),
    ),
    Fault("bent_over_row.lowering", (0.48, 0.33, 0.21), (("side", "b"),), "back"),
    Fault("pull_up.chin", (122.5, 119, 105), (("side", "ab"), ("oblique", "b"), ("front", "ab"))),
    Fault("pull_up.hang", (37, 52, 70), (("side", "ab"), ("oblique", "a"), ("front", "ab"))),
    Fault("pull_up.kip", (17, 26, 44), (("side", "ab"),)),
    Fault("pull_up.lowering", (0.65, 0.47, 0.31), (("side", "a"), ("front", "b")), "back"),
)


@dataclass(frozen=True)
class GridClip:
    """One clip of the grid: what it was made to show, and its parameters."""

    rule: str
    size: str
    view: str
    body: str
    spec: ClipSpec

    def video(self, folder: Path, /) -> Path:
        """Where its video is."""
        return folder / f"{self.spec.name}.mp4"

    def truth(self, folder: Path, /) -> Path:
        """Where its truth is."""
        return folder / f"{self.spec.name}.json"

    def rendered(self, folder: Path, /) -> bool:
        """Whether it has been rendered."""
        return self.video(folder).is_file() and self.truth(folder).is_file()


def _spec(exercise: str, view: str, body: str, what: str, motion: dict[str, Any]) -> ClipSpec:
    azimuth = AZIMUTHS[exercise][view].get(body, 0.0)
    fields: dict[str, Any] = {
        "exercise": exercise,
        "body": BODIES[body],
        "motion": {
            "lead_s": 0.4,
            "tempo": TEMPO,
            "tempo_jitter": 0.03,
            **MOTIONS[exercise],
            **motion,
        },
        "camera": {**CAMERAS[exercise], "azimuth_deg": azimuth},
        "scene": ROOMS[body],
        "video": VIDEO,
    }
    spec = ClipSpec.model_validate(fields)
    digest = hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:10]
    return spec.model_copy(update={"name": f"{exercise}_{what}_{view}_{body}_{digest}"})


def _faulty(fault: Fault, number: int, view: str, body: str) -> GridClip:
    exercise, name = fault.rule.split(".")
    dose = fault.doses[number]
    motion = dict(fault.motion)
    if fault.half is None:
        motion["faults"] = {name: dose}
    else:
        motion["tempo"] = {**MOTIONS[exercise].get("tempo", TEMPO), fault.half: dose}
    motion["seed"] = 1 + number
    spec = _spec(exercise, view, body, f"{name}_{SIZES[number]}", motion)
    return GridClip(fault.rule, SIZES[number], view, body, spec)


def _all() -> Iterator[GridClip]:
    for exercise, views in AZIMUTHS.items():
        for view in views:
            for body in BODIES:
                spec = _spec(exercise, view, body, SOUND, {"seed": 7})
                yield GridClip(exercise, SOUND, view, body, spec)
    for fault in FAULTS:
        for view, bodies in fault.views:
            for body in bodies:
                for number in range(len(SIZES)):
                    yield _faulty(fault, number, view, body)


def grid() -> list[GridClip]:
    """Every clip, in an order in which any beginning is a mixture of all rules."""
    return sorted(_all(), key=lambda clip: clip.spec.name[-10:])


def render(clip: GridClip, folder: Path, /) -> None:
    """Write one clip and its truth; they appear whole or not at all.

    Raises
    ------
    SystemExit
        Without the extra ``formcheck[samples]``.
    """
    try:
        from sample_videos.generator.clip import Clip  # noqa: PLC0415 - needs OpenGL
    except ImportError as error:
        raise SystemExit(f"rendering needs formcheck[samples]: {error}") from error
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as name:
        part = Path(name)
        Clip(clip.spec).write(part)
        clip.video(part).replace(clip.video(folder))
        clip.truth(part).replace(clip.truth(folder))


def render_missing(folder: Path, /, limit: int | None = None) -> None:
    """Render what is not there yet, one clip after the other."""
    clips = grid()[:limit]
    missing = [clip for clip in clips if not clip.rendered(folder)]
    for number, clip in enumerate(missing, 1):
        start = time.monotonic()
        render(clip, folder)
        took = time.monotonic() - start
        print(f"{number} of {len(missing)}: {clip.spec.name}, {took:.0f} s", flush=True)


class TrueRep:
    """One repetition of the truth.

    Parameters
    ----------
    truth
        The clip.
    number
        Of the repetition, from 0.
    """

    def __init__(self, truth: Truth, number: int) -> None:
        entry = truth.document["reps"][number]
        self.start, self.turn, self.end = (entry[f"{n}_s"] for n in ("start", "turn", "end"))
        self.measures: dict[str, float] = entry["measures"]
        self._truth = truth

    def angle(self, name: str) -> Floats:
        """A column of angles, the mean of both sides where there are two."""
        angles = self._truth.angles
        if f"{name}_deg" in angles:
            return angles[f"{name}_deg"]
        return np.asarray((angles[f"{name}_left_deg"] + angles[f"{name}_right_deg"]) / 2)

    def middle(self, name: str) -> Floats:
        """Middle of a pair of joints, m."""
        joints = self._truth.joints
        return np.asarray((joints[f"left_{name}"] + joints[f"right_{name}"]) / 2)

    def apart(self, name: str) -> Floats:
        """Distance of a pair of joints across the body, m."""
        joints = self._truth.joints
        return np.asarray(np.abs(joints[f"left_{name}"] - joints[f"right_{name}"])[:, 0])

    def at(self, column: Floats, t: float) -> float:
        """Mean around a time."""
        return float(column[np.abs(self._truth.t_s - t) <= INSTANT_S / 2 + 1e-6].mean())

    def between(self, column: Floats, first: float, last: float) -> Floats:
        """Values of a stretch of time."""
        t = self._truth.t_s
        return column[(t >= first - 1e-6) & (t <= last + 1e-6)]

    def near_turn(self, column: Floats) -> Floats:
        """Values around the turn."""
        margin = TURN_SHARE * (self.end - self.start)
        return self.between(column, self.turn - margin, self.turn + margin)


def _heel_rise(rep: TrueRep) -> float:
    heel, toe = rep.middle("heel"), rep.middle("toe")
    rise = heel[:, 1] - rep.at(heel[:, 1], rep.start)
    return float(np.median(rep.near_turn(rise)) / np.linalg.norm(heel - toe, axis=1).mean())


def _knees_in(rep: TrueRep) -> float:
    ratio = rep.apart("knee") / rep.apart("ankle")
    return float(rep.near_turn(ratio).min() / rep.at(ratio, rep.start))


def _chin(rep: TrueRep) -> float:
    trunk = np.linalg.norm(rep.middle("shoulder") - rep.middle("hip"), axis=1)
    return float(rep.measures["chin"] / np.median(trunk))


def _heave(rep: TrueRep) -> float:
    lean = rep.angle("trunk_lean")
    return rep.at(lean, rep.start) - float(rep.between(lean, rep.start, rep.turn).min())


def _hip_flexion(rep: TrueRep) -> Floats:
    """Trunk against thigh in the sagittal plane, negative when arched, degrees."""
    hip, shoulder, knee = (rep.middle(name) for name in ("hip", "shoulder", "knee"))
    trunk, thigh = shoulder - hip, hip - knee
    lean = np.arctan2(trunk[:, 2], trunk[:, 1]) - np.arctan2(thigh[:, 2], thigh[:, 1])
    return np.asarray(np.degrees(lean))


def _kip(rep: TrueRep) -> float:
    hips = rep.between(_hip_flexion(rep), rep.start, rep.turn)
    return float(np.subtract(*np.percentile(hips, [95, 5])))


def _pull_length(rep: TrueRep) -> float:
    drop = (rep.middle("shoulder") - rep.middle("wrist"))[:, 1]
    return float(abs(rep.at(drop, rep.start) - rep.at(drop, rep.turn)))


TRUE_VALUES: dict[str, Callable[[TrueRep], float]] = {
    "squat.depth": lambda rep: rep.at(rep.angle("thigh_elevation"), rep.turn),
    "squat.lean": lambda rep: rep.at(rep.angle("trunk_lean"), rep.turn),
    "squat.hips_first": lambda rep: rep.measures["hips_first"],
    "squat.knees_in": _knees_in,
    "squat.heel_rise": _heel_rise,
    "squat.tempo": lambda rep: rep.turn - rep.start,
    "bent_over_row.hinge_angle": lambda rep: rep.at(rep.angle("trunk_lean"), rep.start),
    "bent_over_row.top_range": lambda rep: rep.measures["top_range"],
    "bent_over_row.heave": _heave,
    "bent_over_row.range_loss": _pull_length,
    "bent_over_row.lowering": lambda rep: rep.end - rep.turn,
    "pull_up.chin": _chin,
    "pull_up.hang": lambda rep: rep.at(rep.angle("elbow_flexion"), rep.start),
    "pull_up.kip": _kip,
    "pull_up.lowering": lambda rep: rep.end - rep.turn,
}
"""What each rule would measure on a repetition if it saw the joint centres."""


def true_values(truth: Truth, rule: Rule, /) -> list[float]:
    """True value of every repetition."""
    count = len(truth.document["reps"])
    return [TRUE_VALUES[rule.id](TrueRep(truth, number)) for number in range(count)]


def true_of_set(values: Sequence[float], rule: Rule, /) -> float:
    """True value of the set: the median, or the share lost over the set."""
    if rule.over_set is None:
        return float(np.median(values))
    group = 3 if len(values) >= 6 else 2
    return float(1 - np.mean(values[-group:]) / np.mean(values[:group]))
