"""Named series of a lifter's movement: what exercise and rule files refer to.

`Motion` joins a clean track, its view and its angles with the lifter's own
units of length (trunk, leg and arm lengths in the picture). `SERIES` maps each
name that a definition file may use to its unit, meaning and formula.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, best_angles, compute_angles, sagittal_points
from formcheck.kinematics.fit import Contacts, fit_body, guess_contacts
from formcheck.kinematics.view import View, estimate_view
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from formcheck.kinematics.angles import Angles
    from formcheck.kinematics.fit import BodyFit
    from formcheck.pose.cleaning import CleanTrack
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

ONE_ARM = 0.5
"""One arm works alone when the other moves less than this share of its travel."""
SEEN = 0.35
"""Limbs seen less than this give no angle."""
CHIN_BELOW_MOUTH = 1.5
"""Chin to mouth over mouth to nose (reference 1.3)."""


@dataclass(frozen=True, eq=False)
class Motion:
    """Everything measured from the landmarks, before any exercise is known.

    Attributes
    ----------
    clean
        The cleaned track.
    view
        The camera's view.
    angles
        Each angle from the better source for this view.
    space_angles
        Angles of the world landmarks, whatever the view.
    trunk_px, leg_px, arm_px
        The lifter's lengths in the picture, pixels.
    arm
        "left", "right" or "both": the arm whose hand moves.
    """

    clean: CleanTrack
    view: View
    angles: Angles
    space_angles: Angles
    trunk_px: float
    leg_px: float
    arm_px: float
    arm: str
    _cache: dict[str, Floats] = field(default_factory=dict, repr=False)

    @property
    def track(self) -> PoseTrack:
        """The clean landmarks."""
        return self.clean.track

    @property
    def t_s(self) -> Floats:
        """Shape (T,), seconds."""
        return self.clean.track.t_s

    def series(self, name: str) -> Floats:
        """Shape (T,): a named series; NaN where landmarks are missing.

        Raises
        ------
        KeyError
            If there is no such series.
        """
        if name not in self._cache:
            self._cache[name] = SERIES[name].formula(self)
        return self._cache[name]

    def seen(self, names: tuple[str, ...], side: str) -> float:
        """How well a chain of landmarks is seen over the clip, 0..1.

        The worst landmark's median visibility, times the share of frames in
        which it lies inside the picture: beyond the edge the model only guesses.
        """
        marks = [landmarks.index(name, side) for name in names]
        track = self.track
        inside = ((track.xy_px >= 0) & (track.xy_px <= track.frame_wh)).all(axis=2)
        known = track.tracked
        if not known.any():
            return 0.0
        visible = np.median(track.visibility[known][:, marks], axis=0)
        framed = np.asarray(inside)[known][:, marks].mean(axis=0)
        return float((visible * framed).min())


def measure_motion(clean: CleanTrack, /) -> Motion:
    """View, angles and lengths of a clean track."""
    track = clean.track
    view = estimate_view(track, trunk_px=clean.trunk_px)
    world = compute_angles(track, view, AngleSource.WORLD)
    arm_px = _chain_length(track, ("shoulder", "elbow", "wrist"))
    arm = working_arm(track)
    fit = fit_if_oblique(clean, view, both_arms=arm == "both")
    return Motion(
        clean=clean,
        view=view,
        angles=best_angles(track, view, world, fit),
        space_angles=world,
        trunk_px=clean.trunk_px,
        leg_px=_chain_length(track, ("hip", "knee", "ankle")),
        arm_px=arm_px,
        arm=arm,
    )


def fit_if_oblique(clean: CleanTrack, view: View, /, *, both_arms: bool) -> BodyFit | None:
    """A fitted body for a clip filmed at an angle; None elsewhere, or if the fit is bad.

    From the side the picture, and from the front or back picture and world
    landmarks, measure as well or better, and the fit would only cost time.
    """
    if not view.is_oblique:
        return None
    contacts = guess_contacts(clean.track, trunk_px=clean.trunk_px)
    fit = fit_body(clean, contacts, mirror=both_arms and contacts is not Contacts.NONE)
    return fit if fit is not None and fit.ok else None


def _chain_length(track: PoseTrack, names: tuple[str, ...]) -> float:
    """95th percentile of the summed segment lengths, the longer side, pixels."""
    best = 1.0
    for side in landmarks.SIDES:
        points = [track.point(name, side) for name in names]
        total = sum(np.linalg.norm(b - a, axis=1) for a, b in itertools.pairwise(points))
        known = np.asarray(total)[np.isfinite(total)]
        if len(known):
            best = max(best, float(np.percentile(known, 95)))
    return best


def working_arm(track: PoseTrack, /) -> str:
    """Which hand moves: "left", "right", or "both" when the lesser moves half as much."""
    travel = {}
    for side in landmarks.SIDES:
        drop = track.point("wrist", side)[:, 1] - track.point("shoulder", side)[:, 1]
        known = drop[np.isfinite(drop)]
        travel[side] = float(np.ptp(np.percentile(known, [5, 95]))) if len(known) else 0.0
    weaker, stronger = sorted(travel, key=lambda side: travel[side])
    return stronger if travel[weaker] < ONE_ARM * travel[stronger] else "both"


# --- series -----------------------------------------------------------------


@dataclass(frozen=True)
class SeriesInfo:
    """A series that definition files may name."""

    unit: str
    meaning: str
    formula: Callable[[Motion], Floats]


SERIES: dict[str, SeriesInfo] = {}


def _series(
    name: str, unit: str, meaning: str
) -> Callable[[Callable[[Motion], Floats]], Callable[[Motion], Floats]]:
    def register(formula: Callable[[Motion], Floats]) -> Callable[[Motion], Floats]:
        SERIES[name] = SeriesInfo(unit, meaning, formula)
        return formula

    return register


def _up(motion: Motion, name: str) -> Floats:
    """Height of the middle of a landmark pair, pixels, up."""
    return np.asarray(-motion.track.middle(name)[:, 1])


def _arms(motion: Motion) -> tuple[str, ...]:
    """The arms that count: the one that works, in side views the near one, else both."""
    if motion.arm != "both":
        return (motion.arm,)
    return (motion.view.near_side,) if motion.view.is_side else landmarks.SIDES


def _over_sides(sides: tuple[str, ...], formula: Callable[[str], Floats]) -> Floats:
    return np.asarray(np.mean([formula(side) for side in sides], axis=0))


def _body_sides(motion: Motion) -> tuple[str, ...]:
    return (motion.view.near_side,) if motion.view.is_side else landmarks.SIDES


_CHAIN = {
    "knee_flexion": ("hip", "knee", "ankle"),
    "hip_flexion": ("shoulder", "hip", "knee"),
    "shin_inclination": ("knee", "ankle"),
    "thigh_elevation": ("hip", "knee"),
    "neck": ("ear", "shoulder"),
    "elbow_flexion": ("shoulder", "elbow", "wrist"),
    "shoulder_elevation": ("shoulder", "elbow"),
    "upper_arm_to_trunk": ("shoulder", "elbow"),
}


def _seen_angle(motion: Motion, angles: Angles, name: str, *, arm: bool) -> Floats:
    """An angle over the sides that count, each as much as it is seen; NaN if none is."""
    sides = _arms(motion) if arm else _body_sides(motion)
    weights = np.array([motion.seen(_CHAIN[name], side) for side in sides])
    if weights.max() < SEEN:
        return np.full(len(motion.t_s), np.nan)
    columns = np.array([angles[f"{name}_{side}"] for side in sides])
    return np.asarray(np.average(columns, axis=0, weights=weights**2))


def _register_angles() -> None:
    """Angles of the near side (side views) or the mean of both, and their 3D twins."""
    names = {
        "knee_flexion": "0 = straight",
        "hip_flexion": "0 = straight",
        "shin_inclination": "positive with the knee in front of the ankle",
        "thigh_elevation": "90 = standing, 0 = hip level with the knee",
        "neck": "ear in front of the trunk line",
    }
    arm_names = {
        "elbow_flexion": "0 = straight",
        "shoulder_elevation": "upper arm away from the trunk",
        "upper_arm_to_trunk": "positive with the elbow behind the trunk line",
    }

    def add(name: str, meaning: str, *, arm: bool) -> None:
        def plain(motion: Motion) -> Floats:
            return _seen_angle(motion, motion.angles, name, arm=arm)

        def solid(motion: Motion) -> Floats:
            return _seen_angle(motion, motion.space_angles, name, arm=arm)

        SERIES[name] = SeriesInfo("deg", meaning, plain)
        SERIES[f"{name}_3d"] = SeriesInfo("deg", f"{meaning}; from world landmarks", solid)

    for name, meaning in names.items():
        add(name, meaning, arm=False)
    for name, meaning in arm_names.items():
        add(name, meaning, arm=True)


_register_angles()


@_series("trunk_lean", "deg", "trunk from the vertical, positive forward")
def _trunk_lean(motion: Motion) -> Floats:
    return motion.angles["trunk_lean"]


@_series("trunk_lean_3d", "deg", "trunk from the vertical, from world landmarks")
def _trunk_lean_3d(motion: Motion) -> Floats:
    return motion.space_angles["trunk_lean"]


@_series("hip_height", "leg", "hips above the ankles")
def _hip_height(motion: Motion) -> Floats:
    return (_up(motion, "hip") - _up(motion, "ankle")) / motion.leg_px


@_series("hip_over_knee", "leg", "hips above the knees")
def _hip_over_knee(motion: Motion) -> Floats:
    return (_up(motion, "hip") - _up(motion, "knee")) / motion.leg_px


@_series("shoulder_over_hip", "trunk", "shoulders above the hips")
def _shoulder_over_hip(motion: Motion) -> Floats:
    return (_up(motion, "shoulder") - _up(motion, "hip")) / motion.trunk_px


@_series("hip_level", "leg", "height of the hips in the picture")
def _hip_level(motion: Motion) -> Floats:
    return _up(motion, "hip") / motion.leg_px


@_series("hip_x", "leg", "position of the hips along the picture, forward positive")
def _hip_x(motion: Motion) -> Floats:
    return motion.track.middle("hip")[:, 0] * motion.view.facing / motion.leg_px


@_series("shoulder_level", "arm", "height of the shoulders in the picture")
def _shoulder_level(motion: Motion) -> Floats:
    return _up(motion, "shoulder") / motion.arm_px


@_series("ankle_level", "leg", "height of the ankles in the picture")
def _ankle_level(motion: Motion) -> Floats:
    return _up(motion, "ankle") / motion.leg_px


@_series("ankle_x", "leg", "position of the ankles along the picture")
def _ankle_x(motion: Motion) -> Floats:
    return motion.track.middle("ankle")[:, 0] * motion.view.facing / motion.leg_px


@_series("wrist_level", "arm", "height of the working hands in the picture")
def _wrist_level(motion: Motion) -> Floats:
    return _over_sides(
        _arms(motion), lambda s: -motion.track.point("wrist", s)[:, 1] / motion.arm_px
    )


@_series("arm_drop", "arm", "working hands below their shoulders")
def _arm_drop(motion: Motion) -> Floats:
    def drop(side: str) -> Floats:
        reach = motion.track.point("wrist", side) - motion.track.point("shoulder", side)
        return np.asarray(reach[:, 1] / motion.arm_px)

    return _over_sides(_arms(motion), drop)


@_series("arm_rise", "arm", "working hands above their shoulders")
def _arm_rise(motion: Motion) -> Floats:
    return -motion.series("arm_drop")


@_series("hands_over_head", "trunk", "lower hand above the nose")
def _hands_over_head(motion: Motion) -> Floats:
    hands = [-motion.track.point("wrist", side)[:, 1] for side in landmarks.SIDES]
    nose = -motion.track.point("nose")[:, 1]
    return np.asarray((np.minimum(*hands) - nose) / motion.trunk_px)


@_series("wrist_over_hip", "trunk", "working hands above the hips")
def _wrist_over_hip(motion: Motion) -> Floats:
    wrist = _over_sides(_arms(motion), lambda s: -motion.track.point("wrist", s)[:, 1])
    return (wrist - _up(motion, "hip")) / motion.trunk_px


@_series("elbow_over_shoulder", "arm", "elbows above the shoulders")
def _elbow_over_shoulder(motion: Motion) -> Floats:
    def height(side: str) -> Floats:
        reach = motion.track.point("elbow", side) - motion.track.point("shoulder", side)
        return np.asarray(-reach[:, 1] / motion.arm_px)

    return _over_sides(_arms(motion), height)


@_series("elbow_over_wrist", "arm", "elbows above the hands")
def _elbow_over_wrist(motion: Motion) -> Floats:
    def height(side: str) -> Floats:
        reach = motion.track.point("elbow", side) - motion.track.point("wrist", side)
        return np.asarray(-reach[:, 1] / motion.arm_px)

    return _over_sides(_arms(motion), height)


@_series("wrist_to_shoulder", "arm", "distance of the hands from their shoulders in the picture")
def _wrist_to_shoulder(motion: Motion) -> Floats:
    def reach(side: str) -> Floats:
        span = motion.track.point("wrist", side) - motion.track.point("shoulder", side)
        return np.asarray(np.linalg.norm(span, axis=1) / motion.arm_px)

    return _over_sides(_arms(motion), reach)


@_series("elbow_past_trunk", "upper arm", "elbow behind the hip-shoulder line")
def _elbow_past_trunk(motion: Motion) -> Floats:
    """Signed distance of the elbow from the trunk line over the upper arm's length (A10)."""
    beta = np.radians(motion.series("upper_arm_to_trunk"))
    return np.asarray(np.sin(beta))


@_series("knee_difference", "deg", "left and right knee flexion apart, from world landmarks")
def _knee_difference(motion: Motion) -> Floats:
    columns = motion.space_angles
    return np.abs(columns["knee_flexion_left"] - columns["knee_flexion_right"])


@_series("ankle_step", "leg", "left ankle below the right one in the picture")
def _ankle_step(motion: Motion) -> Floats:
    left, right = (motion.track.point("ankle", side)[:, 1] for side in landmarks.SIDES)
    return _if_feet_seen(motion, (left - right) / motion.leg_px)


@_series("ankle_spread", "leg", "left ankle right of the right one in the picture")
def _ankle_spread(motion: Motion) -> Floats:
    left, right = (motion.track.point("ankle", side)[:, 0] for side in landmarks.SIDES)
    return _if_feet_seen(motion, (left - right) / motion.leg_px)


@_series("ankle_stride", "leg", "ankles apart front to back, from world landmarks")
def _ankle_stride(motion: Motion) -> Floats:
    points = sagittal_points(motion.track, motion.view, AngleSource.WORLD)
    left, right = (points[:, landmarks.index("ankle", side), 0] for side in landmarks.SIDES)
    return _if_feet_seen(motion, np.abs(left - right) / _world_leg(motion))


@_series("hip_height_3d", "leg", "hips above the ankles, from world landmarks")
def _hip_height_3d(motion: Motion) -> Floats:
    hips, ankles = (
        motion.track.world_m[:, [landmarks.index(name, side) for side in landmarks.SIDES], 1].mean(
            axis=1
        )
        for name in ("hip", "ankle")
    )
    return np.asarray((ankles - hips) / _world_leg(motion))


def _if_feet_seen(motion: Motion, values: Floats) -> Floats:
    """The values, or NaN when an ankle is hidden or outside the picture."""
    seen = min(motion.seen(("ankle",), side) for side in landmarks.SIDES)
    return np.asarray(values if seen >= SEEN else np.full(len(values), np.nan))


def _world_leg(motion: Motion) -> float:
    """Twice the median thigh of the world landmarks, metres."""
    hip, knee = (landmarks.index(name, motion.view.near_side) for name in ("hip", "knee"))
    thigh = np.linalg.norm(motion.track.world_m[:, hip] - motion.track.world_m[:, knee], axis=1)
    return max(0.1, 2 * float(np.nanmedian(thigh)))


@_series("knee_separation", "ratio", "knees apart over ankles apart, across the picture")
def _knee_separation(motion: Motion) -> Floats:
    apart = {
        name: np.abs(
            motion.track.point(name, "left")[:, 0] - motion.track.point(name, "right")[:, 0]
        )
        for name in ("knee", "ankle")
    }
    return np.asarray(apart["knee"] / np.maximum(apart["ankle"], 0.02 * motion.leg_px))


@_series("heel_rise", "foot", "near heel above its toes, over the foot's length")
def _heel_rise(motion: Motion) -> Floats:
    side = motion.view.near_side
    foot = motion.track.point("heel", side) - motion.track.point("foot_index", side)
    lengths = np.linalg.norm(foot, axis=1)
    known = lengths[np.isfinite(lengths)]
    length = float(np.percentile(known, 90)) if len(known) else float("nan")
    return np.asarray(-foot[:, 1] / max(length, 1.0))


@_series("chin_over_bar", "trunk", "chin above the hands on the bar")
def _chin_over_bar(motion: Motion) -> Floats:
    """Chin from nose and mouth; the bar from the fingers (index and little finger)."""
    track = motion.track
    mouth = -track.xy_px[:, landmarks.MOUTH, 1].mean(axis=1)
    nose = -track.point("nose")[:, 1]
    chin = mouth - CHIN_BELOW_MOUTH * np.abs(nose - mouth)
    fingers = [track.point(name, side) for name in ("pinky", "index") for side in _arms(motion)]
    bar = -np.mean(fingers, axis=0)[:, 1]
    return np.asarray((chin - bar) / motion.trunk_px)


@_series("hip_swing", "arm", "hips across the picture relative to the hands")
def _hip_swing(motion: Motion) -> Floats:
    hands = _over_sides(_arms(motion), lambda s: motion.track.point("wrist", s)[:, 0])
    return np.asarray((motion.track.middle("hip")[:, 0] - hands) / motion.arm_px)
