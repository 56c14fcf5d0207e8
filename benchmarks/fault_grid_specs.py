"""Clips of the fault grid, every rule's fault in several sizes, views and bodies.

The clips are rendered by ``sample_videos.generator`` (extra ``formcheck[samples]``)
into a cache folder, never into the project. A clip is named after a hash of its
parameters, so that what was rendered before is used again.

Their truth is taken by ``fault_grid_truth.py``.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sample_videos.generator.spec import ClipSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    "bent_over_row": {
        "side": {"a": 90, "b": 270},
        "oblique": {"a": 45, "b": 225},
        "front": {"a": 180, "b": 180},
    },
    "pull_up": {
        "side": {"a": 90, "b": 270},
        "oblique": {"a": 135, "b": 315},
        "front": {"a": 180, "b": 0},
    },
    "upright_row": {"side": {"a": 90, "b": 270}, "front": {"a": 0, "b": 0}},
    "reverse_fly": {
        "side": {"a": 90, "b": 270},
        "oblique": {"a": 45, "b": 315},
        "front": {"a": 0, "b": 180},
    },
}
"""Camera by exercise, view and body; a body without an entry is seen from azimuth 0."""
CAMERAS: dict[str, dict[str, Any]] = {
    "squat": {"target_m": (0.0, 0.88, 0.15)},
    "bent_over_row": {"target_m": (0.0, 0.85, 0.15)},
    "pull_up": {"distance_m": 4.2, "height_m": 1.5, "target_m": (0.0, 1.45, 0.0)},
    "upright_row": {"target_m": (0.0, 0.92, 0.0)},
    "reverse_fly": {"target_m": (0.0, 0.80, 0.15)},
}
TEMPO = {"out": 0.9, "hold": 0.1, "back": 0.75, "rest": 0.15}
MOTIONS: dict[str, dict[str, Any]] = {
    "squat": {"arms": "chest", "knee_deg": 131.0, "lean_deg": 38.0, "stance_m": 0.40},
    "bent_over_row": {},
    "pull_up": {"tempo": {**TEMPO, "back": 0.95}},
    "upright_row": {"faults": {"height": 0.62}},
    "reverse_fly": {},
}
"""What sound clips show."""
BACK_BAR = {"arms": "barbell", "lean_deg": 40.0, "knee_deg": 128.0}
FRONT_BAR = {"arms": "front_rack", "lean_deg": 24.0, "knee_deg": 126.0}
BARS = {"barbell": "high", "front_rack": "front", "front": "none", "chest": "none"}
"""What a lifter would say of the bar (`formcheck.lifter.Bar`), by the generator's arms."""
VARIANTS = {"barbell": "back", "front_rack": "front"}
"""Variant of the squat by the generator's arms."""
_LATER = {
    "body": {"thigh_ratio"},
    "motion": {"girdle_first"},
    "scene": {"obstacle"},
    "video": {"exposure", "shutter"},
}
"""Options of the generator that are newer than the first clips."""


@dataclass(frozen=True)
class Fault:
    """A fault of the grid.

    Attributes
    ----------
    rule
        Identifier of the rule that should see it.
    doses
        One per size, in the generator's unit, or seconds of the `half` it shortens,
        or values of a `setting`.
    views
        View -> bodies.
    half
        ``out`` or ``back``: the fault is haste, not a dose of the generator.
    setting
        The fault is a field of the motion.
    motion
        What else differs from a sound clip.
    """

    rule: str
    doses: tuple[float, float, float]
    views: tuple[tuple[str, str], ...]
    half: str | None = None
    motion: tuple[tuple[str, Any], ...] = ()
    setting: str | None = None


_BOTH = (("side", "ab"), ("oblique", "ab"))
_SIDE, _FRONT = (("side", "ab"),), (("front", "ab"),)
_SET = (("reps", 5), ("rep_variation", 0.005))
_BACK_BAR, _FRONT_BAR = tuple(BACK_BAR.items()), tuple(FRONT_BAR.items())
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
    Fault("squat.lean_growth", (5.5, 8.5, 14), _SIDE, motion=_SET),
    Fault("squat.upper_trunk", (19, 30, 41), _SIDE),
    Fault("squat.head", (31, 47, 62), (("side", "a"),)),
    Fault("squat.elbows_lift", (15, 25, 40), _SIDE, motion=_BACK_BAR),
    Fault("squat.elbows_drop", (11.5, 20, 35), _SIDE, motion=_FRONT_BAR),
    Fault("squat.shift", (0.08, 0.125, 0.20), _FRONT),
    Fault("squat.balance", (0.09, 0.18, 0.30), (("side", "a"),), motion=_BACK_BAR),
    Fault("bent_over_row.shrug", (20, 32, 48), _SIDE),
    Fault("bent_over_row.leg_drive", (11, 20, 33), (("side", "a"),), motion=(("knee_deg", 45.0),)),
    Fault("bent_over_row.hinge_loss", (8, 13, 22), (("side", "a"),), motion=_SET),
    Fault("bent_over_row.neck", (16, 37, 53), (("side", "b"),)),
    Fault("bent_over_row.asymmetry", (0.19, 0.25, 0.35), (("front", "a"),)),
    Fault("pull_up.top_stall", (0.94, 1.2, 1.8), (("side", "a"), ("front", "ab"))),
    Fault("pull_up.shrug", (0.35, 0.65, 1.0), _FRONT),
    Fault("pull_up.initiation", (0.25, 0.07, 0.0), (("front", "b"),), setting="girdle_first"),
    Fault("pull_up.rounding", (34, 39, 46), (("side", "a"),)),
    Fault("pull_up.range_loss", (0.21, 0.33, 0.46), (("front", "b"),), motion=_SET),
    Fault("pull_up.speed_loss", (0.33, 0.48, 0.65), (("side", "b"),), motion=_SET),
    Fault("pull_up.asymmetry", (4, 7, 12), (("front", "a"),)),
    Fault("upright_row.height", (0.85, 0.98, 1.15), _FRONT),
    Fault("upright_row.grip", (0.245, 0.17, 0.13), (("front", "b"),), setting="grip_m"),
    Fault("upright_row.sway", (7.5, 14, 24), (("side", "a"),)),
    Fault("upright_row.lead", (85, 100, 125), (("front", "a"),)),
    Fault("reverse_fly.hinge", (45, 33, 25), (("side", "a"), ("oblique", "b"))),
    Fault("reverse_fly.height", (32, 44, 64), (("front", "a"),)),
    Fault("reverse_fly.elbows", (26, 38, 55), (("front", "b"),)),
    Fault("reverse_fly.heave", (6.5, 12.5, 19.5), (("side", "a"),)),
    Fault("reverse_fly.shrug", (14.5, 23, 34), (("side", "b"),)),
    Fault("reverse_fly.hinge_loss", (8, 13, 22), (("side", "a"),), motion=_SET),
)
SOUND_SETS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("squat", "side", "ab", BACK_BAR),
    ("squat", "side", "ab", FRONT_BAR),
    ("squat", "front", "a", BACK_BAR),
    ("pull_up", "side", "a", {"girdle_first": 0.7}),
    ("pull_up", "front", "ab", {"girdle_first": 0.7}),
)
"""More sound clips: exercise, view, bodies, motion."""
LONG_THIGHS = {"thigh_ratio": 1.12}
LONG_THIGHS_MOTION = {**BACK_BAR, "lean_deg": 52.0, "knee_deg": 130.0}
"""Build that leans more in a sound squat, and how much."""


@dataclass(frozen=True)
class GridClip:
    """One clip of the grid: what it was made to show, and its parameters."""

    rule: str
    size: str
    view: str
    body: str
    spec: ClipSpec

    @property
    def bar(self) -> str | None:
        """What the lifter says of the bar (`formcheck.lifter.Bar`), None for nothing."""
        return BARS.get(self.spec.motion.arms) if self.spec.exercise == "squat" else None

    @property
    def variant(self) -> str | None:
        """Variant of the exercise that it shows."""
        if self.spec.exercise != "squat":
            return None
        return VARIANTS.get(self.spec.motion.arms, "bodyweight")

    def video(self, folder: Path, /) -> Path:
        """Where its video is."""
        return folder / f"{self.spec.name}.mp4"

    def truth(self, folder: Path, /) -> Path:
        """Where its truth is."""
        return folder / f"{self.spec.name}.json"

    def rendered(self, folder: Path, /) -> bool:
        """Whether it has been rendered."""
        return self.video(folder).is_file() and self.truth(folder).is_file()


def _named_by(spec: ClipSpec) -> str:
    """What a clip's name is a hash of; options that came later count where they are set."""
    unset = {
        section: later - getattr(spec, section).model_fields_set
        for section, later in _LATER.items()
    }
    return spec.model_dump_json(exclude=unset)


def grid_spec(
    exercise: str,
    view: str,
    body: str,
    what: str,
    motion: dict[str, Any],
    build: dict[str, Any] | None = None,
    **changed: dict[str, Any],
) -> ClipSpec:
    """Parameters of one clip; `changed` are sections (`camera`, `scene` ...) to change."""
    azimuth = AZIMUTHS[exercise][view].get(body, 0.0)
    fields: dict[str, Any] = {
        "exercise": exercise,
        "body": {**BODIES[body], **(build or {})},
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
    fields |= {name: {**fields.get(name, {}), **own} for name, own in changed.items()}
    spec = ClipSpec.model_validate(fields)
    digest = hashlib.sha256(_named_by(spec).encode()).hexdigest()[:10]
    return spec.model_copy(update={"name": f"{exercise}_{what}_{view}_{body}_{digest}"})


def _faulty(fault: Fault, number: int, view: str, body: str) -> GridClip:
    exercise, name = fault.rule.split(".")
    dose = fault.doses[number]
    motion = dict(fault.motion)
    if fault.setting is not None:
        motion[fault.setting] = dose
    elif fault.half is None:
        motion["faults"] = {**MOTIONS[exercise].get("faults", {}), name: dose}
    else:
        motion["tempo"] = {**MOTIONS[exercise].get("tempo", TEMPO), fault.half: dose}
    motion["seed"] = 1 + number
    spec = grid_spec(exercise, view, body, f"{name}_{SIZES[number]}", motion)
    return GridClip(fault.rule, SIZES[number], view, body, spec)


def _sound(view: str, body: str, exercise: str, motion: dict[str, Any]) -> GridClip:
    spec = grid_spec(exercise, view, body, SOUND, {"seed": 7, **motion})
    return GridClip(exercise, SOUND, view, body, spec)


def _all_sound() -> Iterator[GridClip]:
    for exercise, views in AZIMUTHS.items():
        for view in views:
            for body in BODIES:
                yield _sound(view, body, exercise, {})
    for exercise, view, bodies, motion in SOUND_SETS:
        for body in bodies:
            yield _sound(view, body, exercise, motion)
    for view in ("side", "oblique"):
        spec = grid_spec("squat", view, "a", SOUND, {"seed": 7, **LONG_THIGHS_MOTION}, LONG_THIGHS)
        yield GridClip("squat", SOUND, view, "a", spec)


def _all() -> Iterator[GridClip]:
    yield from _all_sound()
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


def render_missing(clips: Sequence[GridClip], folder: Path, /) -> None:
    """Render what is not there yet, one clip after the other."""
    missing = [clip for clip in clips if not clip.rendered(folder)]
    for number, clip in enumerate(missing, 1):
        start = time.monotonic()
        render(clip, folder)
        took = time.monotonic() - start
        print(f"{number} of {len(missing)}: {clip.spec.name}, {took:.0f} s", flush=True)
