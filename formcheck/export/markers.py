"""Markers in space: an upright body that faces +X, from one camera.

Axes are those of OpenSim: X forward, Y up, Z to the lifter's right; metres. The
places come from a body of constant bones fitted to the whole clip, which also
tells where the body goes; where no fit is good enough, from the pose model's
hip-centred guess, held by its feet (or, hanging, by its hands).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from formcheck.export.resampling import even_rate, even_times, resample
from formcheck.kinematics.fit import Contacts, fit_body, guess_contacts
from formcheck.kinematics.fit.skeleton import STATURE_M
from formcheck.kinematics.geometry import middle
from formcheck.kinematics.view import ViewLabel
from formcheck.lean.needed import TRUNK_PER_HEIGHT
from formcheck.pose import landmarks
from formcheck.rules.computed.speed import LEG_PER_HEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.fit import BodyFit
    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

MARKERS = {
    "Nose": "nose",
    "LEar": "left_ear",
    "REar": "right_ear",
    "LShoulder": "left_shoulder",
    "RShoulder": "right_shoulder",
    "LElbow": "left_elbow",
    "RElbow": "right_elbow",
    "LWrist": "left_wrist",
    "RWrist": "right_wrist",
    "LHip": "left_hip",
    "RHip": "right_hip",
    "LKnee": "left_knee",
    "RKnee": "right_knee",
    "LAnkle": "left_ankle",
    "RAnkle": "right_ankle",
    "LHeel": "left_heel",
    "RHeel": "right_heel",
    "LBigToe": "left_foot_index",
    "RBigToe": "right_foot_index",
}
"""Marker -> landmark."""
HEAD = tuple(landmarks.index(name) for name in ("nose", "left_ear", "right_ear"))
SOLE = ("heel", "foot_index")
Held = Literal["feet", "hands", "nothing"]
HELD: Final[dict[Contacts, Held]] = {
    Contacts.FEET: "feet",
    Contacts.HANDS: "hands",
    Contacts.NONE: "nothing",
}
STILL = 0.3
"""What stays in place moves less than this share of what works."""
LOWEST_PERCENT = 2.0
"""The floor is where the lowest part of a foot is at times, not in its noisiest picture."""


@dataclass(frozen=True, eq=False)
class MarkerSet:
    """Markers at even times.

    Attributes
    ----------
    t_s
        Shape (K,): seconds on the clip's own clock.
    rate_hz
        Pictures per second.
    names
        M markers, as in `MARKERS`.
    places_m
        Shape (K, M, 3): X forward, Y up, Z right; NaN where not seen.
    source
        "fit" or "world" (see the module).
    held
        What stays in place: "feet", "hands" or "nothing".
    scaled
        Whether the metres follow from a body height that was told.
    """

    t_s: Floats
    rate_hz: float
    names: tuple[str, ...]
    places_m: Floats
    source: Literal["fit", "world"]
    held: Held
    scaled: bool


def marker_set(motion: Motion, /, *, height_m: float | None = None) -> MarkerSet:
    """Markers of a clip at even times.

    Parameters
    ----------
    motion
        The clip.
    height_m
        Body height, for the scale; None keeps that of the fitted body (a stature of
        `STATURE_M`) or the pose model's.
    """
    track = motion.track
    contacts = _contacts(motion)
    fit = _fit(motion, contacts)
    if fit is not None:
        body, axes = _fitted_body(motion, fit), np.stack([fit.axes[2], fit.axes[1], -fit.axes[0]])
        stature_m = STATURE_M
    else:
        body, axes = _held_body(track.world_m, contacts), _world_axes(track.world_m)
        stature_m = _stature(track.world_m)
    scale = 1.0 if height_m is None else height_m / stature_m
    marks = [landmarks.index(name) for name in MARKERS.values()]
    places = _grounded(scale * np.einsum("tmk,dk->tmd", body, axes), contacts)[:, marks]
    rate_hz = even_rate(track.t_s)
    times = even_times(track.t_s, rate_hz)
    return MarkerSet(
        t_s=times,
        rate_hz=rate_hz,
        names=tuple(MARKERS),
        places_m=resample(track.t_s, places, times, motion.clean.breaks),
        source="world" if fit is None else "fit",
        held=HELD[contacts],
        scaled=height_m is not None,
    )


def _contacts(motion: Motion) -> Contacts:
    """What stays: as guessed, or the hands if they are up and move far less than the feet.

    The guess asks for hands above the head, where they are not for long in a set
    of pull-ups with slow tops.
    """
    track = motion.track
    hands = track.middle("wrist")
    up = np.nanmedian(track.middle("shoulder")[:, 1] - hands[:, 1]) > 0
    if up and _travel(hands) < STILL * _travel(track.middle("ankle")):
        return Contacts.HANDS
    return guess_contacts(track, trunk_px=motion.clean.trunk_px)


def _travel(points_px: Floats) -> float:
    """How far a point moves up and down in the picture, pixels."""
    return float(np.subtract(*np.nanpercentile(points_px[:, 1], [95, 5])))


def _fit(motion: Motion, contacts: Contacts) -> BodyFit | None:
    """The fitted body, in every view; None if it is no good."""
    tried = motion.view.is_oblique and contacts is not Contacts.HANDS
    if motion.fit is not None or tried:
        return motion.fit
    # Left and right are seen apart from the front or back: there they may differ.
    straight_on = motion.view.label in (ViewLabel.FRONT, ViewLabel.BACK)
    alike = not straight_on and motion.arm == "both" and contacts is not Contacts.NONE
    fit = fit_body(motion.clean, contacts, mirror=alike)
    return fit if fit is not None and fit.ok else None


def _fitted_body(motion: Motion, fit: BodyFit) -> Floats:
    """Shape (T, 33, 3), camera axes; where a landmark was not seen, neither is its joint.

    The head is no part of the fitted body: it is set on its shoulders as the pose
    model sees it.
    """
    world, body = motion.track.world_m, fit.space_points()
    neck, own_neck = middle(world, "shoulder"), middle(body, "shoulder")
    trunk, own_trunk = neck - middle(world, "hip"), own_neck - middle(body, "hip")
    share = float(np.nanmedian(np.linalg.norm(own_trunk, axis=1) / np.linalg.norm(trunk, axis=1)))
    for mark in HEAD:
        body[:, mark] = own_neck + share * (world[:, mark] - neck)
    body[np.isnan(world)] = np.nan
    return body


def _held_body(world_m: Floats, contacts: Contacts) -> Floats:
    """Shape (T, 33, 3): the hip-centred body, moved so that what it holds on by stays."""
    if contacts is Contacts.NONE:
        return world_m
    anchor = middle(world_m, "wrist" if contacts is Contacts.HANDS else "ankle")
    return np.asarray(world_m - anchor[:, None])


def _world_axes(world_m: Floats) -> Floats:
    """Shape (3, 3): the lifter's forward, up and right in camera axes, one for the clip."""
    across = np.mean(
        [
            world_m[:, landmarks.index(name, "right")] - world_m[:, landmarks.index(name, "left")]
            for name in ("shoulder", "hip")
        ],
        axis=0,
    )
    right = np.nanmedian(across, axis=0) * (1.0, 0.0, 1.0)
    right = right / max(float(np.linalg.norm(right)), 1e-6)
    up = np.array([0.0, -1.0, 0.0])
    return np.stack([np.cross(up, right), up, right])


def _stature(world_m: Floats) -> float:
    """Body height that goes with the pose model's trunk and legs, metres."""

    def length(first: str, second: str, side: str) -> float:
        ends = (world_m[:, landmarks.index(name, side)] for name in (first, second))
        return float(np.nanmedian(np.linalg.norm(np.subtract(*ends), axis=1)))

    bones = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))
    both = [sum(length(*ends, side) for ends in bones) for side in landmarks.SIDES]
    return float(np.mean(both)) / (TRUNK_PER_HEIGHT + LEG_PER_HEIGHT)


def _grounded(places: Floats, contacts: Contacts) -> Floats:
    """The whole clip moved by one step: floor at Y = 0, what stays at X = Z = 0."""
    soles = np.stack(
        [places[:, landmarks.index(n, side), 1] for n in SOLE for side in landmarks.SIDES]
    )
    held = middle(places, "wrist" if contacts is Contacts.HANDS else "ankle")
    known = np.isfinite(soles)
    floor = float(np.percentile(soles[known], LOWEST_PERCENT)) if known.any() else 0.0
    kept = np.isfinite(held).all(axis=1)
    origin = np.median(held[kept], axis=0) if kept.any() else np.zeros(3)
    return np.asarray(places - (origin[0], floor, origin[2]))
