"""From where the camera looks at the lifter.

The yaw is the angle between the camera axis and the normal of the lifter's
sagittal plane: 0 is a true side view, 90 a true front or back view.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

SIDE_MAX_DEG = 25.0
FRONT_MIN_DEG = 70.0
"""Between the two a view is oblique. First the edges were 20..35 and 55..70 degrees
with a grey zone (reference 1.1). Whoever looks at a clip says "at an angle" up to 20 degrees
from straight in front: with 65 two of eleven such clips were called front, with 70 to 75 none
(developed half of the real clips)."""
LEAST_FRAMES = 10
"""Pictures that a part of a clip needs for a view of its own."""
TURNED_DEG = 30.0
"""A part of a clip is seen from another side when its yaw differs by more: well
beyond what the estimate scatters from repetition to repetition."""
OTHER_WAY = 0.25
"""Share of pictures that look the other way, from which a view is doubted. Clear rendered clips
at an angle have none, those whose view is wrong a third or more (judgement)."""
BASE_ERROR_DEG = 8.0
"""Of a yaw, one standard error (reference 1.1)."""
BENT_SHARE = 0.2
"""A knee this far beside its leg's line, in lengths of the line, is bent."""
SHOULDER_TO_TRUNK = 0.75
SHOULDER_TO_TRUNK_ERROR = 0.08 / 0.75
"""Width between the shoulder landmarks over trunk length, and its relative
error (reference 1.1)."""


class ViewLabel(StrEnum):
    """Names of the report contract; `side_left` shows the lifter's left side."""

    SIDE_LEFT = "side_left"
    SIDE_RIGHT = "side_right"
    FRONT = "front"
    BACK = "back"
    OBLIQUE_FRONT = "oblique_front"
    OBLIQUE_BACK = "oblique_back"
    UNKNOWN = "unknown"

    @property
    def group(self) -> str | None:
        """Views that rules treat alike: "side", "oblique" or "front" (or back)."""
        kind = self.value.partition("_")[0]
        return {"back": "front", "unknown": None}.get(kind, kind)


@dataclass(frozen=True)
class View:
    """The camera's view of the lifter.

    Attributes
    ----------
    label
        Name of the view.
    yaw_deg
        0 = true side view, 90 = true front or back view.
    yaw_error_deg
        One standard error.
    confidence
        0..1: how clear the label is and how steady the view.
    near_side
        "left" or "right": the side nearer to the camera.
    facing
        +1 when the lifter faces the right edge of the picture, -1 the left.
    """

    label: ViewLabel
    yaw_deg: float
    yaw_error_deg: float
    confidence: float
    near_side: str
    facing: int

    @property
    def is_side(self) -> bool:
        """Whether sagittal angles can be read off the picture."""
        return self.label in (ViewLabel.SIDE_LEFT, ViewLabel.SIDE_RIGHT)

    @property
    def is_oblique(self) -> bool:
        """Whether the camera looks at an angle, neither from the side nor straight on."""
        return self.label in (ViewLabel.OBLIQUE_FRONT, ViewLabel.OBLIQUE_BACK)


def estimate_view(track: PoseTrack, /, *, trunk_px: float) -> View:
    """The view of a clean track, one for the whole clip.

    Parameters
    ----------
    track
        Clean landmarks.
    trunk_px
        Trunk length in pixels.

    Notes
    -----
    The direction from right to left through shoulders and hips comes from the
    world landmarks (its depth) and from the width of the shoulders in the
    picture; the two are averaged by their errors, and how far they disagree is part
    of the error as far as it moves the average. The part of the clip with the middle of
    all directions counts, so a walk to the camera after the set does not.
    """
    across = _right_to_left(track)
    known = np.isfinite(across).all(axis=1)
    if not known.any():
        return View(ViewLabel.UNKNOWN, 45.0, 45.0, 0.0, "left", 1)
    across = across[known]
    from_depth = np.degrees(np.arctan2(np.abs(across[:, 0]), np.abs(across[:, 2])))
    from_width = _yaw_from_width(track, trunk_px)[known]
    depth, width = float(np.median(from_depth)), float(np.nanmedian(from_width))
    yaw = _weighted_yaw(depth, width)
    spread = float(np.percentile(from_depth, 75) - np.percentile(from_depth, 25)) / 1.35
    error = float(np.hypot(np.hypot(BASE_ERROR_DEG, (depth - yaw) / 2), spread / 2))
    facing = _facing(track)
    to_camera = float(np.median(across[:, 0])) > 0
    near = _near_side(across, facing, yaw)
    label = _label(yaw, near, to_camera=to_camera)
    edge = min(abs(yaw - SIDE_MAX_DEG), abs(yaw - FRONT_MIN_DEG))
    confidence = float(np.clip(0.5 + 0.5 * edge / (1.5 * error), 0.0, 1.0))
    return View(label, yaw, error, confidence, near, facing)


def seen_otherwise(part: PoseTrack, view: View, /, *, trunk_px: float) -> bool:
    """Whether a part of a clip is seen from clearly another side than the clip.

    A cut to another camera, or a camera that walks around the lifter, makes
    angles of that part wrong, because they are taken in the clip's view.

    Parameters
    ----------
    part
        Clean landmarks of the part.
    view
        The view of the whole clip.
    trunk_px
        Trunk length in pixels.
    """
    if int(part.tracked.sum()) < LEAST_FRAMES:
        return False
    own = estimate_view(part, trunk_px=trunk_px)
    mirrored = own.is_side and view.is_side and own.near_side != view.near_side
    return mirrored or abs(own.yaw_deg - view.yaw_deg) > TURNED_DEG


def doubted(part: PoseTrack, view: View, /) -> bool:
    """Whether it is not clear in a part of a clip which way the lifter faces.

    Seen badly at an angle, a body is taken for one that faces away instead of towards the
    camera, left and right exchanged, and back again. From the side and straight on that does
    not matter to what is judged there.

    Parameters
    ----------
    part
        Clean landmarks of the part.
    view
        The view of the whole clip.
    """
    if not view.is_oblique:
        return False
    across = _right_to_left(part)
    across = across[np.isfinite(across).all(axis=1)]
    if not len(across):
        return False
    to_camera = view.label is ViewLabel.OBLIQUE_FRONT
    other = ((across[:, 0] > 0) != to_camera) | ((across[:, 2] < 0) != (view.near_side == "left"))
    return float(other.mean()) > OTHER_WAY


def _weighted_yaw(depth: float, width: float) -> float:
    """Both estimates, each weighted by its inverse variance.

    The width of the shoulders tells little near a front view (the sine is flat
    there) and much near a side view; the error of depth is about the same
    everywhere. Which of both it is, depth says: shoulders that look narrow, as with the arms
    overhead, would else pass for a view from further aside, and for a sure one.
    """
    sine = min(np.sin(np.radians(depth)), 0.98)
    width_error = np.degrees(SHOULDER_TO_TRUNK_ERROR * sine / np.sqrt(1 - sine**2)) + 4.0
    weights = np.array([BASE_ERROR_DEG, width_error]) ** -2.0
    return float(np.average([depth, width], weights=weights))


def _label(yaw: float, near: str, *, to_camera: bool) -> ViewLabel:
    if yaw < SIDE_MAX_DEG:
        return ViewLabel.SIDE_LEFT if near == "left" else ViewLabel.SIDE_RIGHT
    if yaw > FRONT_MIN_DEG:
        return ViewLabel.FRONT if to_camera else ViewLabel.BACK
    return ViewLabel.OBLIQUE_FRONT if to_camera else ViewLabel.OBLIQUE_BACK


def _right_to_left(track: PoseTrack) -> Floats:
    """Shape (T, 3): mean of the right-to-left vectors of shoulders and hips, metres."""
    pairs = [
        track.world_m[:, landmarks.index(name, "left")]
        - track.world_m[:, landmarks.index(name, "right")]
        for name in ("shoulder", "hip")
    ]
    return np.asarray(np.mean(pairs, axis=0))


def _yaw_from_width(track: PoseTrack, trunk_px: float) -> Floats:
    """Shape (T,): yaw from how wide the shoulders look, degrees."""
    left, right = track.point("shoulder", "left"), track.point("shoulder", "right")
    width = np.abs(left[:, 0] - right[:, 0]) / (SHOULDER_TO_TRUNK * trunk_px)
    return np.asarray(np.degrees(np.arcsin(np.clip(width, 0.0, 1.0))))


def _near_side(across: Floats, facing: int, yaw: float) -> str:
    """Side whose shoulder and hip are nearer; in a side view the facing decides with it."""
    nearer_left = float(np.median(across[:, 2])) < 0
    if yaw < SIDE_MAX_DEG:
        return "right" if facing > 0 else "left"
    return "left" if nearer_left else "right"


def _facing(track: PoseTrack) -> int:
    """+1 when toes point to the right edge of the picture, -1 to the left.

    Feet and knees (weighted by how well they are seen) and head vote. Knees
    bend forward, always; the head counts less because lifters turn it.
    """
    votes = 0.0
    for side in landmarks.SIDES:
        toe, heel = track.point("foot_index", side), track.point("heel", side)
        votes += _vote(toe[:, 0] - heel[:, 0], track.visibility[:, landmarks.index("heel", side)])
        votes += _vote(_knee_bend(track, side), track.visibility[:, landmarks.index("knee", side)])
        ear = track.point("ear", side)
        weight = 0.5 * track.visibility[:, landmarks.index("ear", side)]
        votes += _vote(track.point("nose")[:, 0] - ear[:, 0], weight)
    return 1 if votes >= 0 else -1


def _knee_bend(track: PoseTrack, side: str) -> Floats:
    """Shape (T,): knee to the right of the line from hip to ankle, pixels; NaN when straight."""
    hip, knee, ankle = (track.point(name, side) for name in ("hip", "knee", "ankle"))
    across = knee[:, 0] - (hip[:, 0] + ankle[:, 0]) / 2
    bent = np.abs(across) > BENT_SHARE * np.linalg.norm(hip - ankle, axis=1)
    return np.where(bent, across, np.nan)


def _vote(difference: Floats, weight: Floats) -> float:
    known = np.isfinite(difference)
    if not known.any():
        return 0.0
    return float(np.average(np.sign(difference[known]), weights=weight[known] + 1e-3)) * float(
        weight[known].mean()
    )
