"""Pinhole camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.vec import UP, Array, unit

if TYPE_CHECKING:
    from sample_videos.generator.spec import CameraSpec

_NEAR, _FAR = 0.1, 60.0
_SIDE_ON, _QUARTER = 22.5, 45.0
_VIEWS = (
    "front",
    "oblique_front",
    "side_left",
    "oblique_back",
    "back",
    "oblique_back",
    "side_right",
    "oblique_front",
)


def look_at(eye: Array, target: Array, up: Array = UP) -> Array:
    """View matrix (4, 4): world to camera, the camera looks along its -Z."""
    forward = unit(np.asarray(target) - eye)
    right = unit(np.cross(forward, up))
    matrix = np.eye(4)
    matrix[:3, :3] = right, np.cross(right, forward), -forward
    matrix[:3, 3] = -matrix[:3, :3] @ eye
    return matrix


def orthographic(half: float, near: float, far: float) -> Array:
    """Projection of a box of half width `half`, m."""
    depth = [0, 0, -2 / (far - near), -(far + near) / (far - near)]
    return np.array([[1 / half, 0, 0, 0], [0, 1 / half, 0, 0], depth, [0, 0, 0, 1]])


class Camera:
    """Projects world points (m) to pixels, origin top left.

    Parameters
    ----------
    spec
        Where it stands and looks.
    size
        Width and height of the picture, px.
    """

    def __init__(self, spec: CameraSpec, size: tuple[int, int]) -> None:
        self.spec, (self.width, self.height) = spec, size
        azimuth, target = np.radians(spec.azimuth_deg), np.array(spec.target_m)
        away = spec.distance_m * np.array([np.sin(azimuth), 0, np.cos(azimuth)])
        self.eye = np.array([target[0], spec.height_m, target[2]]) + away
        self.view = self._rolled(look_at(self.eye, target))
        self.focal_px = max(size) / 2 / np.tan(np.radians(spec.fov_deg) / 2)
        self.matrix: Array = self._projection() @ self.view

    def _rolled(self, view: Array) -> Array:
        roll = np.radians(self.spec.roll_deg)
        turn = np.eye(4)
        turn[:2, :2] = [[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]]
        rolled: Array = turn @ view
        return rolled

    def _projection(self) -> Array:
        x, y = 2 * self.focal_px / self.width, 2 * self.focal_px / self.height
        depth = [0, 0, (_FAR + _NEAR) / (_NEAR - _FAR), 2 * _FAR * _NEAR / (_NEAR - _FAR)]
        return np.array([[x, 0, 0, 0], [0, y, 0, 0], depth, [0, 0, -1, 0]])

    def project(self, points: Array) -> Array:
        """Pixels (n, 2) of world points (n, 3)."""
        seen = np.c_[points, np.ones(len(points))] @ self.matrix.T
        plane = seen[:, :2] / seen[:, 3:]
        pixels: Array = (plane * [0.5, -0.5] + 0.5) * [self.width, self.height]
        return pixels

    def view_label(self) -> str:
        """Which side of the lifter the camera sees, as formcheck names it."""
        return _VIEWS[round((self.spec.azimuth_deg % 360) / _QUARTER) % len(_VIEWS)]

    def yaw_deg(self) -> float:
        """Angle away from a true side view, 0..90."""
        return abs(self.spec.azimuth_deg % 180 - 90)

    def describe(self) -> dict[str, object]:
        """Parameters for the truth file."""
        return {
            "width_px": self.width,
            "height_px": self.height,
            "focal_px": round(float(self.focal_px), 3),
            "azimuth_deg": self.spec.azimuth_deg,
            "distance_m": self.spec.distance_m,
            "eye_m": [round(float(x), 5) for x in self.eye],
            "view_matrix": [[round(float(x), 7) for x in row] for row in self.view],
        }
