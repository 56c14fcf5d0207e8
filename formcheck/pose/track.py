"""`PoseTrack`: the one container that carries a body through the pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """One person's landmarks over time.

    Attributes
    ----------
    t_s
        Shape (T,). Seconds on the clip's own clock (first video frame = 0),
        strictly increasing.
    xy_px
        Shape (T, 33, 2). Pixels of the picture as displayed, square pixels,
        x to the right, y **down**. May lie outside the frame.
    world_m
        Shape (T, 33, 3). The model's metric guess, hip-centred and
        camera-aligned: x right, y down, z away from the camera.
    visibility
        Shape (T, 33), 0..1. The model's own belief; it is known to stay high
        for hidden limbs.
    frame_wh
        Width and height of the displayed picture in pixels.
    certainty
        Shape (T, 33), 0..1. How high the landmark stands out in the network's heat map:
        unlike visibility it falls where a landmark is hidden (``docs/belief.md``). NaN
        where the engine does not tell it, as everywhere when it is left out.
    cuts_s
        Times from which another shot of the clip is seen, seconds.

    A landmark that was not seen in a frame is NaN in `xy_px` and `world_m` and
    0 in `visibility`. The arrays are read-only; what could still be written to from
    elsewhere is copied.

    Raises
    ------
    ValueError
        If shapes disagree or the times do not increase.
    """

    t_s: Floats
    xy_px: Floats
    world_m: Floats
    visibility: Floats
    frame_wh: tuple[int, int]
    certainty: Floats = field(default_factory=lambda: np.empty((0, landmarks.COUNT)))
    cuts_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        frames = len(self.t_s)
        if frames and not len(self.certainty):
            unknown = np.full((frames, landmarks.COUNT), np.nan)
            object.__setattr__(self, "certainty", unknown)
        expected = {
            "t_s": (frames,),
            "xy_px": (frames, landmarks.COUNT, 2),
            "world_m": (frames, landmarks.COUNT, 3),
            "visibility": (frames, landmarks.COUNT),
            "certainty": (frames, landmarks.COUNT),
        }
        for name, shape in expected.items():
            array = getattr(self, name)
            if not _is_fixed(array) or array.dtype != np.float64 or not array.flags.c_contiguous:
                array = np.array(array, dtype=np.float64, order="C")
            if array.shape != shape:
                raise ValueError(f"{name}: expected shape {shape}, got {array.shape}")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if not np.all(np.isfinite(self.t_s)):
            raise ValueError("t_s: expected finite seconds, got NaN or infinity")
        if np.any(np.diff(self.t_s) <= 0):
            raise ValueError("t_s: expected strictly increasing seconds")
        if min(self.frame_wh) <= 0:
            raise ValueError(f"frame_wh: expected positive sizes, got {self.frame_wh}")

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def tracked(self) -> NDArray[np.bool_]:
        """Shape (T,): frames in which the person was found at all."""
        return np.asarray(np.isfinite(self.xy_px[..., 0]).any(axis=1))

    @cached_property
    def rate_hz(self) -> float:
        """Median sampling rate; NaN for fewer than two frames."""
        return float(1 / np.median(np.diff(self.t_s))) if len(self) > 1 else float("nan")

    def point(self, name: str, side: str | None = None) -> Floats:
        """Shape (T, 2): one landmark's pixels; without `side`, "hip" is an error."""
        return self.xy_px[:, landmarks.index(name, side)]

    def middle(self, name: str) -> Floats:
        """Shape (T, 2): midpoint of a left/right pair in pixels."""
        return (self.point(name, "left") + self.point(name, "right")) / 2

    def with_arrays(
        self,
        *,
        xy_px: Floats | None = None,
        world_m: Floats | None = None,
        visibility: Floats | None = None,
        certainty: Floats | None = None,
    ) -> PoseTrack:
        """A copy with some arrays replaced."""
        return replace(
            self,
            xy_px=self.xy_px if xy_px is None else xy_px,
            world_m=self.world_m if world_m is None else world_m,
            visibility=self.visibility if visibility is None else visibility,
            certainty=self.certainty if certainty is None else certainty,
        )

    def select(self, frames: slice | Sequence[int] | NDArray[np.bool_]) -> PoseTrack:
        """A copy with some of the frames."""
        return PoseTrack(
            self.t_s[frames],
            self.xy_px[frames],
            self.world_m[frames],
            self.visibility[frames],
            self.frame_wh,
            self.certainty[frames],
            self.cuts_s,
        )


def _is_fixed(array: object) -> bool:
    """Whether nobody can write to an array, neither itself nor one that it is a view of."""
    if isinstance(array, np.ndarray):
        return not array.flags.writeable and (array.base is None or _is_fixed(array.base))
    return isinstance(array, bytes)
