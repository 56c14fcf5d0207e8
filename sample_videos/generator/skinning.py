"""How strongly each bone moves each point of a surface."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from sample_videos.generator.body import BONE_INDEX, BONES, NECK, SIDES, SPINE, Skeleton
from sample_videos.generator.vec import FORWARD, Array, vec

if TYPE_CHECKING:
    from sample_videos.generator.flesh import Flesh

_FAR = 99.0
_SHARPNESS = 4.5
_LEAST = 0.04
_NEGLIGIBLE = 0.003
_ACROSS, _ON_TORSO = 0.01, 0.008
_ARM = ("upper_arm", "forearm", "hand", "finger", "thumb")
_LEG = ("thigh", "shank", "foot", "toes")
_RADII = (
    ("lumbar", 0.10),
    ("thorax", 0.10),
    ("pelvis", 0.10),
    ("thigh", 0.085),
    ("head", 0.09),
    ("finger", 0.015),
    ("thumb", 0.013),
    ("hand", 0.035),
    ("foot", 0.04),
    ("toes", 0.04),
)


def _named(*starts: str) -> Array:
    return np.array([BONE_INDEX[bone] for bone in BONES if bone.startswith(starts)])


class Skinner:
    """Weights for surfaces in the rest pose of one body."""

    def __init__(self, skeleton: Skeleton, flesh: Flesh) -> None:
        self._skeleton = skeleton
        self._flesh = flesh
        self._segments = _segments(skeleton)
        scale = skeleton.scale
        self._radii = np.array(
            [
                scale * next((r for start, r in _RADII if bone.startswith(start)), 0.05)
                for bone in BONES
            ]
        )

    def weights(self, vertices: Array, triangles: Array, rounds: int = 12) -> Any:
        """Smoothed weights, sparse, shape (vertices, bones), rows adding to one."""
        weights = self._raw(vertices)
        edges = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
        count = len(vertices)
        shape = (count, count)
        links = sp.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape).tocsr()
        links = ((links + links.T) > 0).astype(float) + sp.eye(count)
        links = sp.diags(1 / np.asarray(links.sum(axis=1)).ravel()) @ links
        for _ in range(rounds):
            weights = links @ weights
        weights[weights < _NEGLIGIBLE] = 0
        weights /= weights.sum(axis=1, keepdims=True)
        return sp.csr_matrix(weights.astype("f4"))

    def _raw(self, points: Array) -> Array:
        distance = np.empty((len(points), len(BONES)))
        for number, bone in enumerate(BONES):
            start, end = self._segments[bone]
            step = end - start
            share = np.clip((points - start) @ step / (step @ step), 0, 1)
            gap = points - start - share[:, None] * step
            distance[:, number] = np.linalg.norm(gap, axis=1) / self._radii[number]
        self._forbid(points, distance)
        weights = np.exp(-_SHARPNESS * (distance - distance.min(axis=1, keepdims=True)))
        weights[weights < _LEAST] = 0
        normed: Array = weights / weights.sum(axis=1, keepdims=True)
        return normed

    def _forbid(self, points: Array, distance: Array) -> None:
        """Keep bones from moving parts of the body they do not belong to."""
        j, k = self._skeleton.joints, self._skeleton.scale
        x, y = np.abs(points[:, 0]), points[:, 1]
        shoulder, hip = j["shoulder_l"][1], j["hip_l"][1]
        for side, sign in SIDES:
            other = points[:, 0] * sign < -_ACROSS
            mine = np.array([BONE_INDEX[bone] for bone in BONES if bone.endswith(side)])
            distance[np.ix_(other.nonzero()[0], mine)] = _FAR
        from_torso = self._flesh.torso.distance(points)
        trunk_side = (x < 0.15 * k) & (y < shoulder - 0.07 * k) & (from_torso < _ON_TORSO)
        free_arm = (from_torso > 0.03 * k) & (y < shoulder - 0.02 * k) & (x > 0.17 * k)
        rules = (
            (y > shoulder + 0.075 * k, _named(*_ARM)),
            (trunk_side, _named(*_ARM)),
            (free_arm, _named("pelvis", *SPINE, NECK[0])),
            (y > hip + 0.10 * k, _named(*_LEG)),
            ((y < hip - 0.13 * k) & (x < 0.3 * k), _named("pelvis", SPINE[0])),
        )
        for mask, bones in rules:
            distance[np.ix_(mask.nonzero()[0], bones)] = _FAR


def _segments(skeleton: Skeleton) -> dict[str, tuple[Array, Array]]:
    """Both ends of every bone in the rest pose, m."""
    j = skeleton.joints
    lift = vec(0, 0.02, 0)
    segments = {"pelvis": (j["hip_l"] * [0.8, 1, 1] + lift, j["hip_r"] * [0.8, 1, 1] + lift)}
    chain = (*SPINE, *NECK, "crown")
    for bone, following in itertools.pairwise(chain):
        segments[bone] = (j[bone], j[following])
    for side, _ in SIDES:
        segments |= {bone + side: ends for bone, ends in _limb_segments(j, side).items()}
    return segments


def _limb_segments(j: dict[str, Array], side: str) -> dict[str, tuple[Array, Array]]:
    clavicle, shoulder, elbow = j["clavicle" + side], j["shoulder" + side], j["elbow" + side]
    wrist, knuckles, ankle, ball = (j[n + side] for n in ("wrist", "knuckles", "ankle", "ball"))
    mid_arm, mid_forearm = (shoulder + elbow) / 2, (elbow + wrist) / 2
    return {
        "clavicle": (clavicle, 0.8 * shoulder + 0.2 * clavicle),
        "upper_arm_top": (shoulder, mid_arm),
        "upper_arm": (mid_arm, elbow),
        "forearm_top": (elbow, mid_forearm),
        "forearm": (mid_forearm, wrist),
        "hand": (wrist, knuckles),
        "fingers": (knuckles, j["finger_mid" + side]),
        "fingertips": (j["finger_mid" + side], j["finger_tip" + side]),
        "thumb": (j["thumb" + side], j["thumb_tip" + side]),
        "thigh": (j["hip" + side], j["knee" + side]),
        "shank": (j["knee" + side], ankle),
        "foot": (0.6 * ankle + 0.4 * ball, ball),
        "toes": (ball, ball + 0.08 * FORWARD),
    }
