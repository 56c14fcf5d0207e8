"""Joint and segment angles of a clean track (definitions: ``docs/angles.md``).

There are three sources, and each angle comes from the one that measures it best
in the view at hand, as decided on clips with exact truth (``docs/accuracy.md``):

- the picture: in a view from the side it *is* the sagittal plane; and arms that
  work across it are read best in it from the front or back;
- the fitted body (`formcheck.kinematics.fit`): at an angle, where a picture's
  sagittal angles are foreshortened (a 40 degree lean reads 33 at 45 degrees);
- the model's own world landmarks: what remains, with larger errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.geometry import angle_between, flexion, lean, middle, signed_angle
from formcheck.kinematics.view import ViewLabel
from formcheck.pose import landmarks
from formcheck.pose.cleaning import low_pass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from formcheck.kinematics.fit import BodyFit
    from formcheck.kinematics.view import View
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]


class AngleSource(StrEnum):
    """Where angles come from."""

    IMAGE = "image"
    WORLD = "world"
    FIT = "fit"


@dataclass(frozen=True, eq=False)
class Angles:
    """Angles over time.

    Attributes
    ----------
    t_s
        Shape (T,), seconds.
    columns
        Name to degrees, shape (T,) each; NaN where a needed landmark is
        missing. Names end in ``_left`` or ``_right`` where there are two.
    visibility
        Shape (T,): mean visibility of the near side's joints.
    sources
        What each column was computed from.
    fit_errors
        For columns from the fitted body, one standard error in degrees (median
        over the clip).
    """

    t_s: Floats
    columns: Mapping[str, Floats]
    visibility: Floats
    sources: Mapping[str, AngleSource]
    fit_errors: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name]


ARM_ANGLES = ("elbow_flexion", "shoulder_elevation")


def best_angles(track: PoseTrack, view: View, world: Angles, fit: BodyFit | None, /) -> Angles:
    """Every angle from the source that measures it best in this view.

    Parameters
    ----------
    track
        Clean landmarks.
    view
        The camera's view.
    world
        The angles of the world landmarks.
    fit
        The fitted body, when there is a good one.
    """
    image = compute_angles(track, view, AngleSource.IMAGE)
    tables = {AngleSource.IMAGE: image, AngleSource.WORLD: world}
    if fit is not None:
        tables[AngleSource.FIT] = _fitted(track, fit, image.visibility)
    columns, sources = {}, {}
    for name in image.columns:
        source = _best_source(name, view)
        if source is AngleSource.FIT and (fit is None or name not in fit.angles):
            source = AngleSource.WORLD
        columns[name], sources[name] = tables[source].columns[name], source
    fit_errors = tables[AngleSource.FIT].fit_errors if fit is not None else {}
    return Angles(track.t_s, columns, image.visibility, sources, fit_errors)


def _best_source(name: str, view: View) -> AngleSource:
    if view.is_side:
        side = name.startswith("shoulder_elevation")
        return AngleSource.WORLD if side else AngleSource.IMAGE
    if view.label in (ViewLabel.FRONT, ViewLabel.BACK):
        return AngleSource.IMAGE if name.startswith(ARM_ANGLES) else AngleSource.WORLD
    return AngleSource.FIT


def _fitted(track: PoseTrack, fit: BodyFit, visibility: Floats) -> Angles:
    columns = dict(fit.angles)
    errors = {
        name: float(np.nanmedian(error)) if np.isfinite(error).any() else float("nan")
        for name, error in fit.errors.items()
    }
    return Angles(track.t_s, columns, visibility, dict.fromkeys(columns, AngleSource.FIT), errors)


def compute_angles(track: PoseTrack, view: View, /, source: AngleSource) -> Angles:
    """All angles that formcheck knows, for both sides of the body, from one source.

    Parameters
    ----------
    track
        Clean landmarks.
    view
        Gives the direction the lifter faces.
    source
        The picture or the world landmarks (a fitted body brings its own angles).

    Notes
    -----
    Signs: flexion 0 = straight; lean and shin inclination positive forward;
    thigh elevation 90 standing, 0 with the hip level with the knee.
    """
    plane = sagittal_points(track, view, source)
    space = plane if source is AngleSource.IMAGE else track.world_m
    columns: dict[str, Floats] = {
        "trunk_lean": lean(middle(plane, "shoulder") - middle(plane, "hip"))
    }
    for side in landmarks.SIDES:
        columns.update(_side_angles(plane, space, side))
    near = [landmarks.index(name, view.near_side) for name in ("shoulder", "hip", "knee", "ankle")]
    visibility = track.visibility[:, near].mean(axis=1)
    return Angles(track.t_s, columns, visibility, dict.fromkeys(columns, source))


def _side_angles(plane: Floats, space: Floats, side: str) -> dict[str, Floats]:
    def flat(name: str) -> Floats:
        return np.asarray(plane[:, landmarks.index(name, side)])

    def solid(name: str) -> Floats:
        return np.asarray(space[:, landmarks.index(name, side)])

    trunk = flat("shoulder") - flat("hip")
    return {
        f"knee_flexion_{side}": flexion(solid("hip"), solid("knee"), solid("ankle")),
        f"hip_flexion_{side}": _hip_flexion(plane, side),
        f"elbow_flexion_{side}": flexion(solid("shoulder"), solid("elbow"), solid("wrist")),
        f"shoulder_elevation_{side}": angle_between(
            solid("elbow") - solid("shoulder"), solid("hip") - solid("shoulder")
        ),
        f"shin_inclination_{side}": lean(flat("knee") - flat("ankle")),
        f"thigh_elevation_{side}": _elevation(flat("hip") - flat("knee")),
        f"upper_arm_to_trunk_{side}": signed_angle(-trunk, flat("elbow") - flat("shoulder")) * -1.0,
        f"neck_{side}": -signed_angle(trunk, flat("ear") - flat("shoulder")),
    }


def _hip_flexion(plane: Floats, side: str) -> Floats:
    """Thigh against the trunk's midline in the sagittal plane; 0 = in line, negative arched.

    The shoulder of one side is wider than its hip, so an angle through it would
    read about 10 degrees for somebody standing straight.
    """
    trunk = middle(plane, "shoulder") - middle(plane, "hip")
    thigh = plane[:, landmarks.index("hip", side)] - plane[:, landmarks.index("knee", side)]
    return -signed_angle(thigh, trunk)


def _elevation(thigh: Floats) -> Floats:
    """Angle of knee-to-hip above the horizontal; 90 upright, 0 hip level with the knee.

    Never above 90: a hip in front of its knee is a misplaced landmark, and as
    such reads far less wrong here than as a thigh turned over.
    """
    return np.asarray(np.degrees(np.arctan2(thigh[..., 1], np.abs(thigh[..., 0]))))


def sagittal_points(track: PoseTrack, view: View, /, source: AngleSource) -> Floats:
    """Landmarks in the lifter's sagittal plane.

    Returns
    -------
    ndarray
        Shape (T, 33, 2): x forward, y up; pixels from the picture, or metres
        from the world landmarks turned by the lifter's own left-right axis.
    """
    if source is AngleSource.IMAGE:
        return np.asarray(track.xy_px * (view.facing, -1.0))
    left = landmarks.index("shoulder", "left"), landmarks.index("hip", "left")
    right = landmarks.index("shoulder", "right"), landmarks.index("hip", "right")
    across = (track.world_m[:, left] - track.world_m[:, right]).mean(axis=1)[:, [0, 2]]
    across = low_pass(track.t_s, across, cutoff_hz=0.5)
    across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    # forward = left x up, with up = -y in camera axes (x right, y down, z away).
    forward = np.stack([across[:, 1], -across[:, 0]], axis=1)
    ahead = np.einsum("tmk,tk->tm", track.world_m[..., [0, 2]], forward)
    return np.stack([ahead, -track.world_m[..., 1]], axis=-1)
