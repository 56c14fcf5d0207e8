"""A stick figure that moves exactly as told, seen by a parallel-projection camera.

Body axes are forward, up and left, metres, the floor at height 0. Angles are
those of ``docs/angles.md``: a test knows every one of them without measuring.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks
from formcheck.pose.track import PoseTrack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SHANK, THIGH, TRUNK, UPPER_ARM, FOREARM = 0.43, 0.43, 0.50, 0.30, 0.25
LEG, ARM = SHANK + THIGH, UPPER_ARM + FOREARM
HIP_HALF, SHOULDER_HALF = 0.12, 0.1875
"""Shoulders are 0.75 trunks wide."""
ANKLE_HEIGHT, HEEL_BACK, TOE_AHEAD = 0.07, 0.05, 0.16
FOOT = HEEL_BACK + TOE_AHEAD
NECK, NOSE_AHEAD, MOUTH_BELOW = 0.20, 0.10, 0.06
HAND = 0.08
BAR_HEIGHT = 2.2


@dataclass(frozen=True)
class Posture:
    """Angles in degrees, one number or one per frame; legs may differ: shape (2, T), left first.

    Attributes
    ----------
    shin
        Inclination, positive with the knee in front of the ankle.
    thigh
        Elevation: 90 standing, 0 with hip and knee level.
    trunk
        Lean, positive forward.
    arm
        Upper arm from hanging straight down (0), forward (90), overhead (180).
    elbow
        Flexion, 0 = straight.
    arm_plane
        Where the arm moves: 0 in the sagittal plane, 90 to its own side.
    neck
        Head in front of the trunk's line.
    knee_in
        How far each knee is inside its ankle, metres.
    heel
        Height of the heels above the floor, metres.
    shrug
        How far the shoulders are raised along the trunk towards the ears, metres.
    shift
        How far hips and trunk are moved to the lifter's left of the feet, metres.
    """

    shin: ArrayLike = 3.0
    thigh: ArrayLike = 89.0
    trunk: ArrayLike = 3.0
    arm: ArrayLike = 0.0
    elbow: ArrayLike = 8.0
    arm_plane: ArrayLike = 0.0
    neck: ArrayLike = 0.0
    knee_in: ArrayLike = 0.0
    heel: ArrayLike = 0.0
    shrug: ArrayLike = 0.0
    shift: ArrayLike = 0.0

    @property
    def knee(self) -> Floats:
        """Knee flexion that follows from shin and thigh (reference A4)."""
        return np.asarray(90.0 - np.asarray(self.thigh) + np.asarray(self.shin))

    @property
    def hip(self) -> Floats:
        """Hip flexion that follows from trunk and thigh (reference A5)."""
        return np.asarray(90.0 - np.asarray(self.thigh) + np.asarray(self.trunk))


STANDING = Posture(arm=10.0)
SQUAT_BOTTOM = Posture(shin=30.0, thigh=0.0, trunk=40.0, arm=75.0)
HINGED = Posture(shin=6.0, thigh=66.0, trunk=62.0, arm=0.0, elbow=5.0)
ROW_TOP = Posture(shin=6.0, thigh=66.0, trunk=62.0, arm=-80.0, elbow=100.0)
HANGING = Posture(shin=-10.0, thigh=88.0, trunk=0.0, arm=178.0, elbow=4.0, arm_plane=60.0)
PULLED_UP = Posture(shin=-10.0, thigh=88.0, trunk=-10.0, arm=50.0, elbow=128.0, arm_plane=60.0)


def mix(rest: Posture, turn: Posture, share: Floats) -> Posture:
    """Each angle the given share of the way from `rest` to `turn`."""
    values = {}
    for name in (field.name for field in fields(Posture)):
        low, high = np.asarray(getattr(rest, name)), np.asarray(getattr(turn, name))
        values[name] = low + share * (high - low)
    return Posture(**values)


@dataclass(frozen=True)
class Camera:
    """Where it stands (0 sees the face, 90 the lifter's left side), scale and picture size."""

    azimuth_deg: float = 90.0
    px_per_m: float = 200.0
    frame_wh: tuple[int, int] = (640, 640)

    @property
    def right(self) -> Floats:
        """The picture's right in body axes."""
        angle = np.radians(self.azimuth_deg)
        return np.array([-np.sin(angle), 0.0, np.cos(angle)])

    @property
    def away(self) -> Floats:
        """The viewing direction in body axes."""
        angle = np.radians(self.azimuth_deg)
        return np.array([-np.cos(angle), 0.0, -np.sin(angle)])


SIDE, FRONT, BACK = Camera(90.0), Camera(0.0), Camera(180.0)


def film(
    t_s: Floats,
    posture: Posture,
    camera: Camera = SIDE,
    *,
    place_m: ArrayLike = 0.0,
    from_bar: bool = False,
) -> PoseTrack:
    """The track of a body in the given postures, without any error.

    Parameters
    ----------
    t_s
        Shape (T,), seconds.
    posture
        The body's angles.
    camera
        From where it is seen.
    place_m
        How far ahead the middle between the ankles is.
    from_bar
        Hold the hands still at `BAR_HEIGHT` instead of the feet on the floor.
    """
    body = _body(len(t_s), posture)
    if from_bar:
        wrists = (body["left_wrist"] + body["right_wrist"]) / 2
        shift = np.array([0.0, BAR_HEIGHT, 0.0]) - wrists
    else:
        ankles = np.stack([body["left_ankle"], body["right_ankle"]])
        shift = np.zeros((len(t_s), 3))
        shift[:, 0] = np.asarray(place_m) - ankles[..., 0].mean(axis=0)
        shift[:, 1] = ANKLE_HEIGHT - ankles[..., 1].min(axis=0)
    points = np.stack([body[name] + shift for name in landmarks.NAMES], axis=1)
    width, height = camera.frame_wh
    across, up, depth = points @ camera.right, points[..., 1], points @ camera.away
    x = width / 2 + camera.px_per_m * across
    y = height - 40 - camera.px_per_m * up
    space = np.stack([across, -up, depth], axis=-1)
    hips = space[:, [landmarks.index("hip", side) for side in landmarks.SIDES]].mean(axis=1)
    return PoseTrack(
        t_s,
        np.stack([x, y], axis=-1),
        space - hips[:, None],
        np.full(x.shape, 0.98),
        camera.frame_wh,
    )


def _body(frames: int, posture: Posture) -> dict[str, Floats]:
    """Landmark name to position (T, 3), the middle of the hips at the origin."""

    def spread(name: str, sides: bool = False) -> Floats:
        shape = (2, frames) if sides else (frames,)
        return np.broadcast_to(np.asarray(getattr(posture, name), dtype=float), shape)

    trunk = np.radians(spread("trunk"))
    head = trunk + np.radians(spread("neck"))
    shoulders = TRUNK * _towards(trunk)
    ears = shoulders + NECK * _towards(head)
    nose = ears + NOSE_AHEAD * _towards(head + np.pi / 2)
    mouth = nose - MOUTH_BELOW * _towards(head)
    body = {"nose": nose}
    shins, thighs = np.radians(spread("shin", sides=True)), np.radians(spread("thigh", sides=True))
    raised = spread("shrug")[:, None] * _towards(trunk)
    arm = np.radians(spread("arm"))
    forearm = arm + np.radians(spread("elbow"))
    plane = np.radians(spread("arm_plane"))
    for number, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
        left = np.array([0.0, 0.0, sign])
        body[f"{side}_ear"] = ears + 0.07 * left
        body[f"mouth_{side}"] = mouth + 0.025 * left
        for part in ("eye_inner", "eye", "eye_outer"):
            body[f"{side}_{part}"] = nose + 0.03 * (left + np.array([0.0, 1.0, 0.0]))
        knee = HIP_HALF * left + THIGH * _towards(thighs[number] + np.pi / 2)
        knee = knee - spread("shift")[:, None] * np.array([0.0, 0.0, 1.0])
        ankle = knee - SHANK * _towards(shins[number])
        body[f"{side}_hip"] = np.broadcast_to(HIP_HALF * left, (frames, 3))
        body[f"{side}_knee"] = knee - spread("knee_in")[:, None] * left
        body[f"{side}_ankle"] = ankle
        sole = ankle - np.array([0.0, ANKLE_HEIGHT, 0.0])
        rise = spread("heel")
        toe = sole + np.array([TOE_AHEAD, 0.0, 0.0])
        body[f"{side}_foot_index"] = toe
        body[f"{side}_heel"] = toe + np.stack(
            [-np.sqrt(FOOT**2 - rise**2), rise, np.zeros(frames)], axis=-1
        )
        shoulder = shoulders + raised + SHOULDER_HALF * left
        elbow = shoulder + UPPER_ARM * _hanging(arm, plane, sign)
        wrist = elbow + FOREARM * _hanging(forearm, plane, sign)
        body[f"{side}_shoulder"], body[f"{side}_elbow"] = shoulder, elbow
        body[f"{side}_wrist"] = wrist
        for part in ("pinky", "index", "thumb"):
            body[f"{side}_{part}"] = wrist + HAND * _hanging(forearm, plane, sign)
    return body


def _towards(lean: Floats) -> Floats:
    """Unit vectors leaning forward from upright by radians, shape (T, 3)."""
    return np.stack([np.sin(lean), np.cos(lean), np.zeros_like(lean)], axis=-1)


def _hanging(angle: Floats, plane: Floats, sign: float) -> Floats:
    """Unit vectors raised by radians from straight down, shape (T, 3)."""
    out = np.sin(angle)
    return np.stack(
        [out * np.cos(plane), -np.cos(angle), sign * out * np.sin(plane)],
        axis=-1,
    )


# --- movement -----------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One there-and-back: its times in seconds and its share of the full movement."""

    start_s: float
    first_half_s: float = 1.2
    hold_s: float = 0.2
    second_half_s: float = 1.0
    size: float = 1.0

    @property
    def turn_s(self) -> float:
        """Middle of the stay at the turn."""
        return self.start_s + self.first_half_s + self.hold_s / 2

    @property
    def end_s(self) -> float:
        return self.start_s + self.first_half_s + self.hold_s + self.second_half_s


def even_set(count: int, *, first_s: float = 1.0, rest_s: float = 0.6, **move: float) -> list[Move]:
    """Moves of the same kind, one after the other."""
    moves: list[Move] = []
    for _ in range(count):
        moves.append(Move(first_s, **move))
        first_s = moves[-1].end_s + rest_s
    return moves


def share_of(t_s: Floats, moves: Sequence[Move]) -> Floats:
    """0 at rest, `size` at each turn."""
    knots = [(0.0, 0.0)]
    for move in moves:
        low = move.start_s + move.first_half_s
        knots += [(move.start_s, 0.0), (low, move.size)]
        knots += [(low + move.hold_s, move.size), (move.end_s, 0.0)]
    return eased(t_s, knots)


def eased(t_s: Floats, knots: Sequence[tuple[float, float]]) -> Floats:
    """From value to value at the given times, each change a half cosine."""
    times, values = np.array(knots).T
    segment = np.clip(np.searchsorted(times, t_s, side="right") - 1, 0, len(times) - 2)
    span = np.maximum(times[segment + 1] - times[segment], 1e-9)
    done = np.clip((t_s - times[segment]) / span, 0.0, 1.0)
    smooth = (1 - np.cos(np.pi * done)) / 2
    return np.asarray(values[segment] + smooth * (values[segment + 1] - values[segment]))


def clock(end_s: float, rate_hz: float = 30.0) -> Floats:
    """Even times from 0."""
    return np.arange(0.0, end_s, 1 / rate_hz)


def uneven_clock(end_s: float, *, seed: int = 5) -> Floats:
    """Times of a phone that drops from 30 to 15 pictures a second as it likes."""
    steps = np.random.default_rng(seed).choice([1 / 30, 1 / 24, 1 / 15], size=int(end_s * 30))
    times = np.concatenate([[0.0], np.cumsum(steps)])
    return times[times < end_s]


def squat(
    moves: Sequence[Move],
    *,
    t_s: Floats | None = None,
    camera: Camera = SIDE,
    bottom: Posture = SQUAT_BOTTOM,
    place_m: ArrayLike = 0.0,
) -> PoseTrack:
    """Squats; the clip ends a second after the last one."""
    t_s = clock(moves[-1].end_s + 1.0) if t_s is None else t_s
    return film(t_s, mix(STANDING, bottom, share_of(t_s, moves)), camera, place_m=place_m)


def row(
    moves: Sequence[Move],
    *,
    t_s: Floats | None = None,
    camera: Camera = SIDE,
    hang: Posture = HINGED,
    top: Posture = ROW_TOP,
) -> PoseTrack:
    """Bent-over rows."""
    t_s = clock(moves[-1].end_s + 1.0) if t_s is None else t_s
    return film(t_s, mix(hang, top, share_of(t_s, moves)), camera)


def pull_up(
    moves: Sequence[Move],
    *,
    t_s: Floats | None = None,
    camera: Camera = BACK,
    hang: Posture = HANGING,
    top: Posture = PULLED_UP,
) -> PoseTrack:
    """Pull-ups from a bar that does not move."""
    t_s = clock(moves[-1].end_s + 1.0) if t_s is None else t_s
    return film(t_s, mix(hang, top, share_of(t_s, moves)), camera, from_bar=True)


LIFTS: dict[str, Callable[..., PoseTrack]] = {
    "squat": squat,
    "bent_over_row": row,
    "pull_up": pull_up,
}


def walk(t_s: Floats, metres: Floats, posture: Posture = STANDING) -> Posture:
    """`posture` with legs that stride where `metres` changes, half a metre a step."""
    moving = np.clip(np.abs(np.gradient(metres, t_s)) / 0.5, 0.0, 1.0)
    swing = 18.0 * moving * np.sin(2 * np.pi * metres / 1.0)
    pair = np.stack([swing, -swing])
    kept = {field.name: getattr(posture, field.name) for field in fields(Posture)}
    kept["shin"] = np.asarray(kept["shin"]) - pair
    kept["thigh"] = np.asarray(kept["thigh"]) - pair
    return Posture(**kept)


# --- what goes wrong -----------------------------------------------------------


def with_noise(track: PoseTrack, px: float, *, seed: int = 3) -> PoseTrack:
    """Independent noise on every landmark, of the same size in the world landmarks."""
    random = np.random.default_rng(seed)
    shoulders = track.middle("shoulder") - track.middle("hip")
    metre = float(np.nanpercentile(np.linalg.norm(shoulders, axis=1), 90)) / TRUNK
    return track.with_arrays(
        xy_px=track.xy_px + random.normal(0.0, px, track.xy_px.shape),
        world_m=track.world_m + random.normal(0.0, px / metre, track.world_m.shape),
    )


def without(
    track: PoseTrack, from_s: float, to_s: float, marks: Sequence[int] | None = None
) -> PoseTrack:
    """Nobody (or not these landmarks) seen from one time to another."""
    hidden = np.zeros((len(track), landmarks.COUNT), dtype=bool)
    frames = (track.t_s >= from_s) & (track.t_s < to_s)
    hidden[frames] = np.isin(range(landmarks.COUNT), marks) if marks is not None else True
    return track.with_arrays(
        xy_px=np.where(hidden[..., None], np.nan, track.xy_px),
        world_m=np.where(hidden[..., None], np.nan, track.world_m),
        visibility=np.where(hidden, 0.0, track.visibility),
    )


def with_swaps(track: PoseTrack, frames: Sequence[int], names: Sequence[str]) -> PoseTrack:
    """Left and right of some landmarks exchanged in some frames."""
    xy, world, visibility = (
        np.array(values) for values in (track.xy_px, track.world_m, track.visibility)
    )
    marks = [landmarks.index(name, side) for name in names for side in landmarks.SIDES]
    mirrored = [landmarks.MIRROR[mark] for mark in marks]
    rows = np.array(frames)[:, None]
    for values in (xy, world, visibility):
        values[rows, marks] = values[rows, mirrored]
    return track.with_arrays(xy_px=xy, world_m=world, visibility=visibility)


def moved(track: PoseTrack, from_s: float, by_px: float) -> PoseTrack:
    """The picture shifted sideways from a time on: a cut, or a jump to another body."""
    shift = np.zeros((len(track), 1, 2))
    shift[track.t_s >= from_s, 0, 0] = by_px
    return track.with_arrays(xy_px=track.xy_px + shift)
