"""Fit of a jointed body to one clip (``docs/accuracy.md`` has what it is worth).

Unknown are, in every tenth of a second, the places of sixteen joints in front of
a pinhole camera and, once per clip, the bone lengths (left = right), the focal
length, the direction the lifter faces and the camera's tilt. They are pulled
towards the landmarks in the picture (robustly: some are wrong), constant bone
lengths with human proportions, small accelerations, feet or hands that stay,
left and right mirroring each other, and weakly towards the pose model's own
guess of depth. Everything is solved at once by Levenberg-Marquardt.

Left-right differences of a lifter are drawn together by the mirror term: they
should be measured in the picture, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from formcheck.kinematics.draws import DEPTH_SHARE, excess
from formcheck.kinematics.fit import skeleton, terms
from formcheck.kinematics.fit.observations import Observations, observe
from formcheck.kinematics.fit.skeleton import COUNT, JOINTS, Contacts, body_angles, in_plane
from formcheck.kinematics.fit.spread import angle_spread
from formcheck.kinematics.fit.system import NormalEquations, Term, minimize
from formcheck.pose import landmarks
from formcheck.signals import smooth_curve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from formcheck.pose.cleaning import CleanTrack
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class FitSettings:
    """Standard errors of what pulls on the body.

    Chosen on rendered clips; every one can be doubled or halved without moving
    the mean error of an angle by more than about half a degree.

    Attributes
    ----------
    image_m
        A well-seen landmark in the picture (times `IMAGE_SHARES`), metres at the
        body; what others are stated to be off beyond that is added.
    depth_m
        The model's depth of one end of a bone against the other, metres.
    bone_m
        A bone's length in one picture, metres.
    acceleration
        m/s^2.
    planted_m
        Movement of a joint in contact from knot to knot, metres.
    mirror_m
        Left against right: across, up and forward, metres.
    length_share
        Factor on the errors of the table of proportions.
    focal
        Share of the focal length.
    yaw_deg, pitch_deg
        The lifter's direction and the camera's tilt, degrees.
    steps, tolerance
        Most steps of the solver, and the relative gain that ends it.
    """

    image_m: float = 0.015
    depth_m: float = 0.12
    bone_m: float = 0.01
    acceleration: float = 4.0
    planted_m: float = 0.004
    mirror_m: tuple[float, float, float] = (0.010, 0.007, 0.014)
    length_share: float = 1.0
    focal: float = 0.05
    yaw_deg: float = 60.0
    pitch_deg: float = 1.0
    steps: int = 20
    tolerance: float = 1e-3


IMAGE_SHARES = {
    "shoulder": 1.2,
    "elbow": 1.8,
    "wrist": 2.2,
    "hip": 1.5,
    "knee": 1.0,
    "ankle": 0.6,
    "heel": 1.5,
    "foot_index": 1.5,
}
"""How far landmarks wander about their usual place beside the joint, over how far knees do:
median of rendered clips at 45 degrees (heels and toes: judgement)."""
MIRROR_SHARES = {
    "shoulder": (1.0, 1.0, 1.0),
    "elbow": (2.0, 2.0, 2.0),
    "wrist": (2.0, 2.0, 2.0),
    "hip": (1.0, 0.7, 1.0),
    "knee": (1.5, 1.0, 1.3),
    "ankle": (1.5, 0.7, 1.3),
    "heel": (1.5, 0.7, 1.5),
    "foot_index": (1.5, 0.7, 1.5),
}
"""Arms and a staggered stance may differ more between left and right."""
SAME_RATIO = 0.03
"""Error of thigh over shank, against the table's."""
SAME_SIZE = 1e-3
"""Of the body's size; it only sets the unit of length."""
ROBUST_IMAGE, ROBUST_DEPTH, ROBUST_MIRROR, ROBUST_PLANTED = 3.0, 2.0, 2.0, 3.0
"""Standard errors from which a residual counts less."""
MOST_DOUBT = 9.0
"""Pictures with more doubt than this show no body."""
GOOD_MISFIT = 1.5
GOOD_SHARE = 0.5
GOOD_PITCH_DEG = 20.0
"""A fit is not used with a larger misfit, fewer frames, or a steeper camera."""


@dataclass(frozen=True, eq=False)
class BodyFit:
    """A body fitted to a clip.

    Attributes
    ----------
    t_s
        Shape (T,), seconds: the track's own times.
    joints_m
        Shape (T, J, 3), metres for a stature of `skeleton.STATURE_M`, camera
        axes: x right, y down, z away. NaN in frames without a body.
    axes
        Shape (3, 3): the lifter's left, up and forward in camera axes.
    angles
        Name -> degrees (T,), as `formcheck.kinematics.angles` names them.
    errors
        Name -> one standard error of the angle in degrees (T,), of a body that is seen well.
    doubts
        Name -> what has to be added to it in quadrature (T,), because landmarks may be off by
        more; 0 in frames without a body.
    bones_m
        Bone -> metres.
    focal_px
        Focal length that was used.
    yaw_deg
        0 = seen from the side, 90 = from the front or back.
    pitch_deg
        How much the camera looks down.
    misfit
        Root mean square distance of the worst pair of landmarks from the body,
        in assumed standard errors, its worst tenth left out: 0.4 to 0.9 in good
        clips.
    ok
        Whether the fit is better used than not.
    """

    t_s: Floats
    joints_m: Floats
    axes: Floats
    angles: Mapping[str, Floats]
    errors: Mapping[str, Floats]
    doubts: Mapping[str, Floats]
    bones_m: Mapping[str, float]
    focal_px: float
    yaw_deg: float
    pitch_deg: float
    misfit: float
    ok: bool

    def space_points(self) -> Floats:
        """Shape (T, 33, 3), metres, camera axes; landmarks that are not fitted are NaN."""
        points = np.full((len(self.t_s), landmarks.COUNT, 3), np.nan)
        points[:, JOINTS] = self.joints_m
        return points

    def sagittal_points(self) -> Floats:
        """Shape (T, 33, 2), metres in the lifter's sagittal plane: x forward, y up."""
        return in_plane(self.space_points(), self.axes)


def fit_body(
    clean: CleanTrack,
    contacts: Contacts,
    /,
    *,
    mirror: bool = True,
    settings: FitSettings | None = None,
) -> BodyFit | None:
    """Fit a body to a clean track; None when there is too little to see.

    Parameters
    ----------
    clean
        Landmarks, with gaps as NaN.
    contacts
        What stays in place.
    mirror
        Whether left and right do the same (squat, row, pull-up; not a lunge or
        a one-armed row).
    settings
        Weights; None for the usual ones.
    """
    settings = settings or FitSettings()
    seen = observe(clean, contacts.value)
    if seen is None:
        return None
    # The matrices are small: several threads only wait for each other, and on a
    # busy machine that made the fit ten times slower.
    with threadpool_limits(limits=1, user_api="blas"):
        return _solve(clean.track, seen, settings, mirror=mirror)


def _solve(track: PoseTrack, seen: Observations, settings: FitSettings, *, mirror: bool) -> BodyFit:
    layout = terms.Layout(len(seen.t_s))
    sigma_px = _image_errors(seen, settings)
    parts = _terms(layout, seen, sigma_px, settings)
    if mirror:
        shares = np.array([MIRROR_SHARES[name] for name in skeleton.NAMES])
        parts += terms.symmetry_terms(layout, shares * settings.mirror_m, ROBUST_MIRROR)
    equations = NormalEquations(parts, layout.local, layout.total, layout.bandwidth)
    start = _start(layout, seen)
    unknowns, _ = minimize(equations, start, steps=settings.steps, tolerance=settings.tolerance)
    misfit = _misfit(parts[0], parts[0].evaluate(unknowns)[0])
    shifts = _shifts(parts, seen, sigma_px, settings)
    return _result(track, seen, layout, equations, unknowns, misfit, shifts)


def _image_errors(seen: Observations, settings: FitSettings) -> Floats:
    """Shape (T, J): standard errors of the landmarks, pixels."""
    shares = np.repeat([IMAGE_SHARES[name] for name in skeleton.NAMES], 2)
    usual = settings.image_m * seen.px_per_m * shares
    more = excess(seen.error_px, seen.usual_px)
    return np.asarray(np.hypot(usual, more) * seen.doubt[:, None])


def _terms(
    layout: terms.Layout, seen: Observations, sigma_px: Floats, settings: FitSettings
) -> list[Term]:
    logs = np.log(skeleton.LENGTH_M)
    columns = np.array([*layout.lengths, layout.focal, layout.yaw, layout.pitch])
    target = np.array([*logs, np.log(seen.focal_px), seen.yaw_rad, 0.0])
    angles = np.radians([settings.yaw_deg, settings.pitch_deg])
    errors = skeleton.LENGTH_ERROR * settings.length_share
    sigma = np.array([*errors, settings.focal, *angles])
    return [
        terms.image_term(layout, seen.pixels, sigma_px, ROBUST_IMAGE),
        terms.bone_term(layout, settings.bone_m),
        terms.depth_term(layout, seen.world, settings.depth_m * seen.doubt, ROBUST_DEPTH),
        terms.smooth_term(layout, seen.step_s, settings.acceleration),
        terms.planted_term(layout, seen.resting, seen.held, settings.planted_m, ROBUST_PLANTED),
        terms.prior_term(columns, target, sigma),
        *_proportions(layout),
    ]


def _shifts(
    parts: Sequence[Term], seen: Observations, sigma_px: Floats, settings: FitSettings
) -> list[tuple[Term, sparse.csr_array]]:
    """The first two terms of `_terms` that rest on landmarks, and what their errors do there."""
    depth_m = DEPTH_SHARE * seen.doubt_px / seen.px_per_m
    sigma_m = settings.depth_m * seen.doubt
    return [
        (parts[0], terms.image_shifts(seen.pixels, sigma_px, seen.doubt_px)),
        (parts[2], terms.depth_shifts(seen.world, sigma_m, depth_m)),
    ]


def _proportions(layout: terms.Layout) -> list[Term]:
    """Thigh over shank, and the size of the body.

    One camera cannot tell size from distance, and a smaller body moves and errs
    by fewer metres: left free it would shrink.
    """
    thigh, shank, trunk = (
        layout.lengths[skeleton.KINDS.index(kind)] for kind in ("thigh", "shank", "trunk")
    )
    logs = dict(zip(layout.lengths.tolist(), np.log(skeleton.LENGTH_M).tolist(), strict=True))
    found = []
    for columns, factors, sigma in (
        ([thigh, shank], [1.0, -1.0], SAME_RATIO),
        ([trunk, thigh, shank], [1 / 3, 1 / 3, 1 / 3], SAME_SIZE),
    ):
        slopes = np.array([factors]) / sigma
        target = slopes @ [logs[int(column)] for column in columns]
        found.append(terms.linear_term(np.array([columns]), slopes, target))
    return found


def _start(layout: terms.Layout, seen: Observations) -> Floats:
    unknowns = np.zeros(layout.total)
    unknowns[: layout.local] = seen.start().ravel()
    unknowns[layout.lengths] = np.log(skeleton.LENGTH_M)
    unknowns[layout.focal] = np.log(seen.focal_px)
    unknowns[layout.yaw] = seen.yaw_rad
    return unknowns


def _result(
    track: PoseTrack,
    seen: Observations,
    layout: terms.Layout,
    equations: NormalEquations,
    unknowns: Floats,
    misfit: float,
    shifts: Sequence[tuple[Term, sparse.csr_array]],
) -> BodyFit:
    knots = unknowns[: layout.local].reshape(-1, COUNT, 3)
    axes = terms.axes(unknowns[layout.yaw], unknowns[layout.pitch])
    shown = _shown(track, seen)
    joints = smooth_curve(knots, (track.t_s - seen.t_s[0]) / seen.step_s)
    joints[~shown] = np.nan
    yaw_deg = float(np.degrees(np.arccos(min(1.0, abs(axes[0, 2])))))
    pitch_deg = float(np.degrees(unknowns[layout.pitch]))
    ok = (
        misfit < GOOD_MISFIT
        and float(shown.mean()) > GOOD_SHARE
        and abs(pitch_deg) < GOOD_PITCH_DEG
    )
    angles = body_angles(joints, axes)
    errors, doubts = angle_spread(equations, layout, unknowns, seen.t_s, track.t_s, yaw_deg, shifts)
    return BodyFit(
        t_s=track.t_s,
        joints_m=joints,
        axes=axes,
        angles=angles,
        errors={name: np.where(shown, errors[name], np.nan) for name in angles},
        doubts={name: np.where(shown, doubts[name], 0.0) for name in angles},
        bones_m=dict(zip(skeleton.KINDS, np.exp(unknowns[layout.lengths]).tolist(), strict=True)),
        focal_px=float(np.exp(unknowns[layout.focal])),
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        misfit=misfit,
        ok=ok,
    )


def _shown(track: PoseTrack, seen: Observations) -> Mask:
    """Shape (T,): frames in which the body is seen and believed."""
    present = np.isfinite(track.xy_px[:, JOINTS, 0]).mean(axis=1) > 0.5
    doubt = np.interp(track.t_s, seen.t_s, seen.doubt)
    inside = (track.t_s >= seen.t_s[0] - seen.step_s) & (track.t_s <= seen.t_s[-1] + seen.step_s)
    return np.asarray(present & inside & (doubt < MOST_DOUBT))


def _misfit(term: Term, residuals: Floats) -> float:
    """Root mean square residual of the worst fitted pair of joints, the worst tenth left out.

    The worst pair, because a body that does not fit (one leg on a bench) still
    puts most of its joints where they are seen.
    """
    pair = term.columns[:, 0] % (COUNT * 3) // 6
    found = []
    for number in range(len(skeleton.NAMES)):
        squares = np.sort(residuals[pair == number] ** 2)
        if len(squares):
            found.append(squares[: max(1, int(0.9 * len(squares)))].mean())
    return float(np.sqrt(max(found) / 0.6))
