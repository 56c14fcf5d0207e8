"""The visible figure: skin, hair, eyes and clothes, each a skinned mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from sample_videos.generator.body import (
    BONE_INDEX,
    BONES,
    SIDES,
    Skeleton,
    build_skeleton,
    eye_height,
)
from sample_videos.generator.flesh import Flesh, build_flesh, foot_tube, skull_centre
from sample_videos.generator.skinning import Skinner
from sample_videos.generator.surface import Tube, ball, mesh
from sample_videos.generator.vec import FORWARD, Array, unit, vec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sample_videos.generator.spec import BodySpec

SKIN_STEP = 0.0095
CLOTH_STEP = 0.0125
_BORDER = 0.02
_IRIS_DEG, _PUPIL_DEG = 30, 13
_FACE_FRONT = 0.06
TUCK = 0.009
"""How far shorts and trousers stand off the shirt that is tucked into them, m."""
_SLEEVE = {"tshirt": 0.62, "tank": 0.02, "long": 1.0}
_LEG = {"shorts": 0.42, "leggings": 0.95, "trousers": 0.95}


def rgb(colour: str) -> Array:
    """Colour from six hexadecimal digits, components 0..1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)])


def _within(values: Array, limit: float) -> Array:
    """Mask of the values nearer to zero than a limit."""
    mask: Array = np.abs(values) < limit
    return mask


@dataclass(frozen=True, eq=False)
class Part:
    """One skinned mesh in the rest pose.

    Attributes
    ----------
    vertices, triangles
        Shape (n, 3) in m, and (m, 3).
    weights
        Sparse, shape (n, bones).
    colour
        One colour, or one for each vertex.
    keep
        Per vertex; the surface is drawn where this is not negative.
    skin, shine, gloss, noise
        Material.
    closed
        Whether back faces can be skipped.
    """

    vertices: Array
    triangles: Array
    weights: Any
    colour: Array
    keep: Array
    skin: float = 0.0
    shine: float = 0.02
    gloss: float = 8.0
    noise: float = 0.0
    closed: bool = False

    def posed(self, matrices: Array) -> Array:
        """Vertices moved by bone matrices of shape (bones, 3, 4), m."""
        blend = self.weights @ matrices.reshape(len(BONES), 12).astype("f4")
        x, y, z = self.vertices.T
        columns = [
            blend[:, i] * x + blend[:, i + 1] * y + blend[:, i + 2] * z + blend[:, i + 3]
            for i in (0, 4, 8)
        ]
        return np.stack(columns, axis=1)


@dataclass(frozen=True, eq=False)
class Figure:
    """Skeleton and its visible parts."""

    skeleton: Skeleton
    parts: tuple[Part, ...]


def build_figure(spec: BodySpec) -> Figure:
    """Skeleton, skin and clothes for a build."""
    skeleton = build_skeleton(spec)
    return Figure(skeleton, tuple(_Tailor(skeleton).parts()))


class _Tailor:
    """Cuts clothes: each is the body surface moved outwards, kept where its field is positive."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self.flesh: Flesh = build_flesh(skeleton)
        self.skinner = Skinner(skeleton, self.flesh)

    def parts(self) -> list[Part]:
        spec, outfit = self.skeleton.spec, self.skeleton.spec.outfit
        vertices, triangles = mesh(self.flesh.all_tubes(), SKIN_STEP)
        covered = np.full(len(vertices), -1.0)
        parts = [
            self._garment(
                self._legwear(), outfit.loose_m + TUCK, self._leg_field, outfit.bottom_color
            )
        ]
        covered = np.maximum(covered, self._leg_field(vertices) - 0.012)
        parts.append(self._garment(self._shoe_tubes(), 0.0, self._shoe_field, outfit.shoe_color))
        covered = np.maximum(covered, self._shoe_field(vertices) - 0.012)
        if outfit.top != "none":
            parts.append(
                self._garment(self._shirt(), outfit.loose_m, self._shirt_field, outfit.top_color)
            )
            covered = np.maximum(covered, self._shirt_field(vertices, 0.006) - 0.040)
        if spec.hair != "none":
            parts.append(
                self._garment(self._hair_tubes(), 0.004, self._hair_field, spec.hair_color, 0.9)
            )
        skin = Part(
            vertices,
            triangles,
            self.skinner.weights(vertices, triangles),
            self._complexion(vertices),
            -covered,
            skin=1.0,
            shine=0.07,
            gloss=14.0,
            noise=0.12,
            closed=True,
        )
        return [skin, *parts, *(self._eye(sign) for _, sign in SIDES)]

    def _garment(
        self,
        tubes: Sequence[Tube],
        offset: float,
        field: Callable[[Array], Array],
        colour: str,
        noise: float = 0.3,
    ) -> Part:
        vertices, triangles = mesh(tubes, CLOTH_STEP, offset)
        keep = field(vertices)
        triangles = triangles[(keep[triangles] > -_BORDER).any(axis=1)]
        used, numbers = np.unique(triangles.ravel(), return_inverse=True)
        vertices, triangles = vertices[used], numbers.reshape(-1, 3).astype(np.int32)
        weights = self.skinner.weights(vertices, triangles, 14)
        return Part(vertices, triangles, weights, rgb(colour), keep[used], noise=noise)

    def _shirt(self) -> list[Tube]:
        flesh = self.flesh
        tubes = [flesh.torso, flesh.neck, *flesh.traps, *flesh.upper_arm.values()]
        if self.skeleton.spec.outfit.top == "long":
            tubes += flesh.forearm.values()
        return [*tubes, *flesh.thigh.values(), *flesh.seat.values()]

    def _shirt_field(self, points: Array, near_torso: float = 0.03) -> Array:
        """Field of the shirt; points up to `near_torso` (m) from the torso are not sleeve."""
        j, k, spec = self.skeleton.joints, self.skeleton.scale, self.skeleton.spec
        hem = points[:, 1] - (j["pelvis"][1] + 0.072 * k)
        collar = 0.028 * k - (points - j["neck_low"]) @ unit([0, 1, 0.25])
        keep: Array = np.minimum(hem, collar)
        away = self.flesh.torso.distance(points) > near_torso * k
        for side, sign in SIDES:
            shoulder, elbow, wrist = (j[n + side] for n in ("shoulder", "elbow", "wrist"))
            along = (points - shoulder) @ unit(elbow - shoulder)
            on_arm = (points[:, 0] * sign > 0.9 * abs(shoulder[0])) & away
            reach = _SLEEVE[spec.outfit.top] * np.linalg.norm(elbow - shoulder)
            if spec.outfit.top == "long":
                cuff = 0.94 * np.linalg.norm(wrist - elbow) - (points - elbow) @ unit(wrist - elbow)
                keep = np.where(on_arm, np.maximum(cuff, reach - along), keep)
            else:
                keep = np.where(on_arm, np.minimum(keep, reach - along), keep)
        return keep

    def _legwear(self) -> list[Tube]:
        flesh = self.flesh
        tubes = [flesh.torso]
        for side, _ in SIDES:
            tubes += [flesh.thigh[side], flesh.seat[side], flesh.shank[side]]
        return tubes

    def _leg_field(self, points: Array) -> Array:
        j, k = self.skeleton.joints, self.skeleton.scale
        hip = j["hip_l"][1]
        length = _LEG[self.skeleton.spec.outfit.bottom] * (hip - j["ankle_l"][1])
        waist = hip + 0.095 * k - points[:, 1]
        hem = points[:, 1] - (hip - length)
        field: Array = np.minimum(np.minimum(waist, hem), 0.3 * k - np.abs(points[:, 0]))
        return field

    def _shoe_tubes(self) -> list[Tube]:
        j, k = self.skeleton.joints, self.skeleton.scale
        tubes = []
        for side, _ in SIDES:
            x = j["ankle" + side][0]
            upper = foot_tube(self.skeleton, side, 0.007 * k)
            sole = [vec(x, 0.016 * k, z * k) for z in (-0.040, 0.03, 0.10, 0.16)]
            widths = [w * k for w in (0.040, 0.041, 0.050, 0.040)]
            tubes += [upper, Tube(sole, widths, [0.016 * k] * 4, blend=0.008)]
        return tubes

    def _shoe_field(self, points: Array) -> Array:
        field: Array = 0.085 * self.skeleton.scale - points[:, 1]
        return field

    def _hair_tubes(self) -> list[Tube]:
        k, middle = self.skeleton.scale, skull_centre(self.skeleton)
        tubes = [
            ball(middle + vec(0, 0.014, -0.012) * k, (0.079 * k, 0.102 * k)),
            ball(middle + vec(0, 0.0, 0.012) * k, (0.074 * k, 0.088 * k)),
        ]
        if self.skeleton.spec.hair == "bun":
            tubes.append(ball(middle + vec(0, 0.03, -0.125) * k, (0.042 * k, 0.040 * k), 0.01))
        return tubes

    def _hair_field(self, points: Array) -> Array:
        k, eye = self.skeleton.scale, eye_height(self.skeleton.joints)
        back = (points[:, 2] - 0.006 * k) / (0.09 * k)
        front = 0.055 * np.clip(back / 0.5, 0, 1)
        behind = 0.09 * np.clip(back * 1.3, -1, 0)
        line = eye + k * (0.005 + np.where(back > 0, front, behind))
        field: Array = points[:, 1] - line
        return field

    def _complexion(self, points: Array) -> Array:
        """Skin colours with lips, brows and nose."""
        k, eye = self.skeleton.scale, eye_height(self.skeleton.joints)
        skin, hair = rgb(self.skeleton.spec.skin), rgb(self.skeleton.spec.hair_color)
        colours = np.tile(skin, (len(points), 1))
        x, y, z = points.T / k
        y = y - eye / k
        front = z > _FACE_FRONT
        lips = front & _within(y + 0.066, 0.007) & _within(x, 0.023)
        colours[lips] = skin * [0.85, 0.55, 0.55]
        arch = y - 0.019 + 3 * (np.abs(x) - 0.03) ** 2
        brows = front & _within(arch, 0.0045) & _within(np.abs(x) - 0.032, 0.018)
        colours[brows] = 0.15 * skin + 0.85 * hair
        tip = np.linalg.norm(np.stack([x / 1.2, y + 0.036, z - 0.117], axis=1), axis=1)
        colours[_within(tip, 0.014)] = skin * [1.0, 0.88, 0.86]
        return colours

    def _eye(self, sign: float) -> Part:
        k = self.skeleton.scale
        centre = vec(sign * 0.031 * k, eye_height(self.skeleton.joints), 0.0885 * k)
        vertices, triangles = mesh([ball(centre, (0.0125 * k, 0.0125 * k))], 0.0025)
        outward = (vertices - centre) / np.linalg.norm(vertices - centre, axis=1, keepdims=True)
        facing = np.degrees(np.arccos(np.clip(outward @ FORWARD, -1, 1)))[:, None]
        colours = np.where(facing < _IRIS_DEG, [0.25, 0.15, 0.08], [0.93, 0.93, 0.92])
        colours = np.where(facing < _PUPIL_DEG, [0.03, 0.03, 0.03], colours)
        weights = np.zeros((len(vertices), len(BONES)))
        weights[:, BONE_INDEX["head"]] = 1
        keep = np.ones(len(vertices))
        sparse = sp.csr_matrix(weights.astype("f4"))
        return Part(vertices, triangles, sparse, colours, keep, shine=0.4, gloss=60.0)
