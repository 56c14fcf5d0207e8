"""The exercises by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_videos.generator.bent import ReverseFly, Row, UprightRow
from sample_videos.generator.hang import PullUp
from sample_videos.generator.rig import Rig
from sample_videos.generator.squat import Squat

if TYPE_CHECKING:
    from sample_videos.generator.body import Skeleton
    from sample_videos.generator.motion import Movement
    from sample_videos.generator.spec import ClipSpec

MOVEMENTS: dict[str, type[Movement]] = {
    "squat": Squat,
    "bent_over_row": Row,
    "upright_row": UprightRow,
    "reverse_fly": ReverseFly,
    "pull_up": PullUp,
}


def movement(spec: ClipSpec, skeleton: Skeleton) -> Movement:
    """Return the movement that a clip shows."""
    return MOVEMENTS[spec.exercise](Rig(skeleton), spec.motion)
