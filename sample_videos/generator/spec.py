"""Parameter files of the clips: one TOML file per clip, unknown keys refused."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

if TYPE_CHECKING:
    from pathlib import Path

Colour = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{6}$")]
Share = Annotated[float, Field(ge=0, le=1)]
LEAST_ROOM_M = 0.5
"""What stands nearer to the camera than this would fill the picture."""
Exercise = Literal["squat", "bent_over_row", "pull_up", "upright_row", "reverse_fly"]

FAULTS: dict[str, frozenset[str]] = {
    "squat": frozenset(
        {
            "lean",
            "lean_growth",
            "depth",
            "hips_first",
            "knees_in",
            "heel_rise",
            "upper_trunk",
            "head",
            "elbows_lift",
            "elbows_drop",
            "shift",
            "balance",
        }
    ),
    "bent_over_row": frozenset(
        {
            "heave",
            "hinge_angle",
            "hinge_loss",
            "top_range",
            "shrug",
            "range_loss",
            "leg_drive",
            "neck",
            "asymmetry",
            "upper_trunk",
        }
    ),
    "pull_up": frozenset(
        {
            "chin",
            "hang",
            "kip",
            "top_stall",
            "shrug",
            "rounding",
            "range_loss",
            "speed_loss",
            "asymmetry",
        }
    ),
    "upright_row": frozenset({"height", "sway", "lead"}),
    "reverse_fly": frozenset({"hinge", "hinge_loss", "height", "elbows", "heave", "shrug"}),
}
"""Faults each exercise can show; the names are those of formcheck's rules."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Outfit(_Part):
    """Clothes."""

    top: Literal["tshirt", "tank", "long", "none"] = "tshirt"
    top_color: Colour = "3b6ea5"
    bottom: Literal["shorts", "leggings", "trousers"] = "shorts"
    bottom_color: Colour = "22252b"
    shoe_color: Colour = "e8e8ea"
    loose_m: Annotated[float, Field(ge=0.004, le=0.03)] = 0.009


class BodySpec(_Part):
    """Build of the figure; ratios multiply the average proportions.

    A longer thigh (`thigh_ratio`) leaves less for the trunk: the stature stays.
    """

    stature_m: Annotated[float, Field(ge=1.45, le=2.05)] = 1.75
    female: Share = 0.0
    muscle: Share = 0.5
    weight: Share = 0.4
    leg_ratio: Annotated[float, Field(ge=0.93, le=1.07)] = 1.0
    thigh_ratio: Annotated[float, Field(ge=0.85, le=1.2)] = 1.0
    arm_ratio: Annotated[float, Field(ge=0.93, le=1.07)] = 1.0
    shoulder_ratio: Annotated[float, Field(ge=0.9, le=1.12)] = 1.0
    skin: Colour = "d9a98a"
    hair: Literal["short", "bun", "none"] = "short"
    hair_color: Colour = "2a1d14"
    outfit: Outfit = Outfit()


class Tempo(_Part):
    """Seconds of one rep: way out, far end, way back, rest."""

    out: Annotated[float, Field(gt=0.2)] = 1.0
    hold: Annotated[float, Field(ge=0)] = 0.15
    back: Annotated[float, Field(gt=0.2)] = 0.9
    rest: Annotated[float, Field(ge=0)] = 0.3


class MotionSpec(_Part):
    """What the figure does.

    `faults` gives each fault its dose; `fault_reps` (1..) the reps that show
    it, all of them when left out. The truth file states the measured size.
    `girdle_first`: share of the shoulder blades' way that comes before the
    elbows bend (pull-ups).
    """

    reps: Annotated[int, Field(ge=1, le=12)] = 3
    tempo: Tempo = Tempo()
    tempo_jitter: Share = 0.05
    rep_variation: Share = 0.015
    lead_s: Annotated[float, Field(ge=0)] = 1.0
    seed: int = 1
    sway_deg: Annotated[float, Field(ge=0)] = 0.5
    arms: Literal["front", "chest", "goblet", "barbell", "front_rack"] = "front"
    stance_m: Annotated[float, Field(gt=0)] = 0.38
    toe_out_deg: float = 14.0
    lean_deg: float | None = None
    knee_deg: float | None = None
    grip_m: float | None = None
    girdle_first: Share = 0.0
    faults: dict[str, float] = {}
    fault_reps: tuple[int, ...] | None = None


class CameraSpec(_Part):
    """Pinhole camera; azimuth 0 in front of, 90 left of, 180 behind the lifter."""

    azimuth_deg: float = 90.0
    distance_m: Annotated[float, Field(gt=1)] = 3.7
    height_m: float = 1.0
    target_m: tuple[float, float, float] = (0.0, 0.9, 0.08)
    fov_deg: Annotated[float, Field(gt=10, lt=100)] = 42.0
    roll_deg: float = 0.0


class Bystander(_Part):
    """A second person in the background."""

    body: BodySpec = BodySpec()
    start_m: tuple[float, float] = (-2.0, 0.5)
    end_m: tuple[float, float] | None = None
    facing_deg: float = 0.0


class Obstacle(_Part):
    """Something between camera and lifter, turned to the camera; it hides what is behind it.

    `height_m` is that of a rack's safety arm, or of the top of a bench or box. `away_m`
    counts from what the camera looks at, towards the camera; `aside_m` to the right.
    """

    kind: Literal["rack", "bench", "box"]
    height_m: Annotated[float, Field(gt=0.1, le=2)] = 0.45
    away_m: Annotated[float, Field(ge=0.2)] = 0.7
    aside_m: float = 0.0


class SceneSpec(_Part):
    """Room, light, other people, what stands in front."""

    room: Literal["gym", "dark", "home", "garage", "plain", "outdoor"] = "gym"
    light: Literal["soft", "side", "top", "dim", "backlit", "sun"] = "soft"
    floor_color: Colour | None = None
    wall_color: Colour | None = None
    seed: int = 1
    bystander: Bystander | None = None
    obstacle: Obstacle | None = None


class Equipment(_Part):
    """Bar, plates, dumbbells."""

    plate_m: Annotated[float, Field(ge=0, le=0.225)] = 0.11
    half_length_m: float = 0.95
    plate_color: Colour = "2b2b2e"
    frame: Literal["rack", "wall"] = "wall"


class VideoSpec(_Part):
    """Size, encoding, and what a poor camera does.

    `rotate` stores the picture sideways with a display matrix. `exposure` is the share of
    the light that reaches the sensor; with much `grain` that is a dark, noisy picture.
    `shutter` is the share of each frame's time that it is open: what moves is blurred.
    """

    width: Annotated[int, Field(ge=64, multiple_of=2)] = 360
    height: Annotated[int, Field(ge=64, multiple_of=2)] = 640
    fps: Annotated[float, Field(gt=1, le=120)] = 25.0
    variable_rate: bool = False
    rotate: bool = False
    crf: Annotated[int, Field(ge=0, le=51)] = 26
    grain: Share = 0.005
    vignette: Share = 0.35
    exposure: Annotated[float, Field(gt=0, le=1)] = 1.0
    shutter: Share = 0.0


class ClipSpec(_Part):
    """Everything that makes one clip."""

    exercise: Exercise
    note: str = ""
    name: str = ""
    body: BodySpec = BodySpec()
    motion: MotionSpec = MotionSpec()
    camera: CameraSpec = CameraSpec()
    scene: SceneSpec = SceneSpec()
    equipment: Equipment = Equipment()
    video: VideoSpec = VideoSpec()

    @model_validator(mode="after")
    def _known_faults(self) -> Self:
        unknown = set(self.motion.faults) - FAULTS[self.exercise]
        if unknown:
            raise ValueError(f"{self.exercise} has no fault {sorted(unknown)}")
        if not re.fullmatch(r"[a-z0-9_]*", self.name):
            raise ValueError("a clip's name uses a-z, 0-9 and _ only")
        return self

    @model_validator(mode="after")
    def _obstacle_before_the_camera(self) -> Self:
        obstacle, distance = self.scene.obstacle, self.camera.distance_m
        if obstacle is not None and obstacle.away_m > distance - LEAST_ROOM_M:
            raise ValueError(f"the obstacle must be {LEAST_ROOM_M} m or more before the camera")
        return self


def load_spec(path: Path) -> ClipSpec:
    """Read and check one parameter file; the clip is named after it."""
    with path.open("rb") as file:
        return ClipSpec.model_validate({**tomllib.load(file), "name": path.stem})
