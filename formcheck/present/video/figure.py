"""Draw the lifter's skeleton, angles, trunk line and trail on a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.kinematics.belief import doubted_marks
from formcheck.kinematics.view import ViewLabel
from formcheck.pose.landmarks import SIDES, index
from formcheck.present.video import canvas
from formcheck.present.video.body import Timeline
from formcheck.present.video.canvas import DARK, GREEN, GREY, PALE, SKY_BLUE, WHITE, Box
from formcheck.words.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.present.video.canvas import Colour
    from formcheck.present.video.story import JointAngle, Measures

    Image = NDArray[np.uint8]
    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Label = tuple[str, tuple[float, float], Colour]

LIMBS = {
    "arms": (("shoulder", "elbow"), ("elbow", "wrist")),
    "legs": (("hip", "knee"), ("knee", "ankle")),
    "feet": (("ankle", "heel"), ("heel", "foot_index"), ("ankle", "foot_index")),
}
DOTS = {
    "arms": ("shoulder", "elbow", "wrist"),
    "legs": ("hip", "knee", "ankle"),
}
SEEN = 0.15
"""Landmarks less visible than this are not drawn: the model only guesses."""
SURE = 0.5
"""Between two samples the nearer one says whether a landmark is believed."""
TRAIL_S = 1.5
FAINT = 0.55
"""Opacity of the far side, and of what is a guess."""
LEAST_DEG = 10.0
"""Smaller angles are not shown: their arcs and numbers would only hide the joint."""
FAN = 0.28
"""Opacity of the band of needed lean."""


@dataclass(frozen=True, eq=False)
class FigureStyle:
    """Sizes of one clip's drawing, pixels.

    Attributes
    ----------
    scale
        Drawn pixels per pixel of the track.
    trunk
        The trunk's length.
    line
        Width of the near side's lines.
    text
        Height of letters.
    """

    scale: float
    trunk: float
    line: float
    text: int

    @classmethod
    def of(cls, trunk_px: float, scale: float, text: int) -> FigureStyle:
        """Thin lines for a small lifter, and for a small picture."""
        trunk = trunk_px * scale
        return cls(scale, trunk, float(np.clip(0.035 * trunk, 1.5, 0.3 * text)), text)


class Figure:
    """Draws one lifter at any time of a clip.

    Parameters
    ----------
    motion
        The lifter's movement.
    measures
        What to draw beside the skeleton.
    style
        Sizes.
    colour
        Of the skeleton where no fault is shown.
    """

    def __init__(
        self,
        motion: Motion,
        measures: Measures,
        style: FigureStyle,
        *,
        colour: Colour = SKY_BLUE,
    ) -> None:
        self._motion, self._measures, self._style = motion, measures, style
        self._colour = colour
        self._time = Timeline(motion.t_s, motion.clean.breaks)
        self._xy = motion.track.xy_px * style.scale
        straight_on = motion.view.label in (ViewLabel.FRONT, ViewLabel.BACK)
        near = SIDES if straight_on else (motion.view.near_side,)
        self._doubt = doubted_marks(motion).astype(float)
        self._near, self._far = near, tuple(side for side in SIDES if side not in near)

    def draw(self, image: Image, t_s: float, colours: Mapping[str, Colour]) -> None:
        """Draw the body at a time.

        Parameters
        ----------
        image
            Shape (height, width, 3), uint8 RGB; drawn on in place.
        t_s
            Seconds of the clip.
        colours
            Colours of parts of the body ("arms", "legs", "feet", "trunk") that a
            fault is about.
        """
        points = self._time.read(self._xy, t_s)
        visible = self._time.read(self._motion.track.visibility, t_s)
        if not np.isfinite(points).any():
            return
        points = np.where((visible >= SEEN)[:, None], points, np.nan)
        doubted = self._time.read(self._doubt, t_s) > SURE
        unsure_trunk = self._any(doubted, "shoulder", "hip")
        if not unsure_trunk:
            self._fan(image, points, t_s)
        self._trail(image, t_s)
        self._far_side(image, points)
        self._trunk(image, points, doubted, colours.get("trunk", self._colour))
        for side in self._near:
            self._limbs(image, points, doubted, side, colours)
        labels = [  # a number looks sure whatever its colour: what is a guess has none
            self._angle(image, points, joint, t_s)
            for joint in self._measures.joints
            if not doubted[list(joint.chain)].any()
        ]
        if not unsure_trunk:
            labels.append(self._lean(image, points, t_s, colours.get("trunk", WHITE)))
        placed = self._hips(points)
        for label in labels:
            if label is not None:
                words, at, colour = label
                placed.append(canvas.haloed(image, words, at, colour, self._small, avoid=placed))

    def _hips(self, points: Floats) -> list[Box]:
        """The dots of the hips, which no number covers."""
        hips = [points[index("hip", side)] for side in SIDES]
        radius = 1.3 * self._style.line
        return [Box.around(hip[None]).grown(radius) for hip in hips if canvas.known(hip)]

    @property
    def _small(self) -> int:
        return max(9, round(0.85 * self._style.text))

    def _limbs(
        self,
        image: Image,
        points: Floats,
        doubted: Mask,
        side: str,
        colours: Mapping[str, Colour],
    ) -> None:
        width = self._style.line
        for part, pairs in LIMBS.items():
            colour = colours.get(part, self._colour)
            thin = 0.6 if part == "feet" else 1.0
            for pair in pairs:
                marks = [index(name, side) for name in pair]
                ends = points[marks[0]], points[marks[1]]
                self._segment(image, ends, colour, thin * width, guess=doubted[marks].any())
        for part, names in DOTS.items():
            for name in names:
                mark = index(name, side)
                radius = (0.4 if doubted[mark] else 0.95) * width
                canvas.dot(image, points[mark], radius, colours.get(part, WHITE))

    def _segment(
        self,
        image: Image,
        ends: tuple[Floats, Floats],
        colour: Colour,
        width: float,
        *,
        guess: np.bool_,
    ) -> None:
        """A part of the body: a line, or thin and faint dashes where its place is a guess."""
        if not guess:
            canvas.outlined(image, *ends, colour, width)
        elif canvas.known(*ends):
            with canvas.see_through(image, Box.around(np.array(ends)).grown(width), FAINT) as layer:
                if layer is not None:
                    over, corner = layer
                    canvas.dashed(over, ends[0] - corner, ends[1] - corner, colour, 0.5 * width)

    def _far_side(self, image: Image, points: Floats) -> None:
        for side in self._far:
            pairs = [pair for limb in LIMBS.values() for pair in limb]
            marks = sorted({index(name, side) for pair in pairs for name in pair})
            known = points[marks][np.isfinite(points[marks]).all(axis=1)]
            if not len(known):
                continue
            box = Box.around(known).grown(2 * self._style.line)
            with canvas.see_through(image, box, FAINT) as layer:
                if layer is not None:
                    over, corner = layer
                    for a, b in pairs:
                        ends = points[index(a, side)] - corner, points[index(b, side)] - corner
                        canvas.line(over, *ends, PALE, 0.6 * self._style.line)

    def _trunk(self, image: Image, points: Floats, doubted: Mask, colour: Colour) -> None:
        width = self._style.line
        guess = partial(self._any, doubted)
        shoulders, hips = self._middle(points, "shoulder"), self._middle(points, "hip")
        if not self._motion.view.is_side:
            for name in ("shoulder", "hip"):
                ends = points[index(name, "left")], points[index(name, "right")]
                self._segment(image, ends, colour, 0.8 * width, guess=guess(name, sides=SIDES))
        if len(self._near) == len(SIDES):
            for side in SIDES:
                ends = points[index("shoulder", side)], points[index("hip", side)]
                doubt = guess("shoulder", "hip", sides=(side,))
                self._segment(image, ends, colour, 0.8 * width, guess=doubt)
        else:
            ends = hips, shoulders
            self._segment(image, ends, colour, 1.2 * width, guess=guess("shoulder", "hip"))
        neck = shoulders, self._middle(points, "ear")
        self._segment(image, neck, self._colour, 0.6 * width, guess=guess("shoulder", "ear"))

    def _any(self, doubted: Mask, *names: str, sides: tuple[str, ...] = ()) -> np.bool_:
        """Whether a landmark is a guess, of the near side if not told."""
        near = sides or self._near
        return np.bool_(doubted[[index(name, side) for name in names for side in near]].any())

    def _middle(self, points: Floats, name: str) -> Floats:
        both = points[[index(name, side) for side in SIDES]]
        known = both[np.isfinite(both).all(axis=1)]
        return np.asarray(known.mean(axis=0)) if len(known) else np.full(2, np.nan)

    def _angle(self, image: Image, points: Floats, joint: JointAngle, t_s: float) -> Label | None:
        """The arc between where the limb would go straight on and where it goes."""
        start, middle, end = (points[number] for number in joint.chain)
        degrees = float(self._time.read(joint.degrees, t_s))
        if not canvas.known(start, middle, end) or not abs(degrees) >= LEAST_DEG:
            return None
        on, along = middle - start, end - middle
        lengths = float(np.linalg.norm(on)), float(np.linalg.norm(along))
        if min(lengths) < 2 * self._style.line:
            return None
        radius = min(0.24 * self._style.trunk, 0.8 * min(lengths))
        first = math.atan2(on[1], on[0])
        turn = math.remainder(math.atan2(along[1], along[0]) - first, math.tau)
        thin = max(1.0, 0.35 * self._style.line)
        canvas.dashed(image, middle, middle + on / lengths[0] * 1.3 * radius, WHITE, thin)
        canvas.path(image, canvas.fan(middle, radius, first, first + turn), WHITE, 1.6 * thin)
        away = 0.8 * self._style.text + 1.25 * radius
        aim = first + turn / 2
        at = float(middle[0]) + away * math.cos(aim), float(middle[1]) + away * math.sin(aim)
        return f"{degrees:.0f}°", at, WHITE

    def _lean(self, image: Image, points: Floats, t_s: float, colour: Colour) -> Label | None:
        """The vertical through the hips, and how far the trunk is from it."""
        if self._measures.lean is None:
            return None
        degrees = float(self._time.read(self._measures.lean, t_s))
        hips, shoulders = self._middle(points, "hip"), self._middle(points, "shoulder")
        if not canvas.known(hips, shoulders) or not abs(degrees) >= LEAST_DEG:
            return None
        up = -math.pi / 2
        thin = max(1.0, 0.35 * self._style.line)
        top = hips - np.array([0.0, 1.12 * self._style.trunk])
        canvas.dashed(image, hips, top, WHITE, thin)
        way = shoulders - hips
        turn = math.remainder(math.atan2(way[1], way[0]) - up, math.tau)
        radius = 0.62 * self._style.trunk
        canvas.path(image, canvas.fan(hips, radius, up, up + turn), WHITE, 1.6 * thin)
        words = _("lean {degrees}°").format(degrees=f"{degrees:.0f}")
        behind = math.copysign(0.5 * canvas.text_width(words, self._small, canvas.BOLD), -way[0])
        at = float(top[0]) + behind, float(top[1]) - 0.6 * self._style.text
        return words, at, colour

    def _fan(self, image: Image, points: Floats, t_s: float) -> None:
        """The band of lean that the lifter's build needs, as a sector from the hips."""
        if self._measures.band is None:
            return
        band = self._time.read(self._measures.band, t_s)
        hips = self._middle(points, "hip")
        if not canvas.known(band, hips):
            return
        facing = self._motion.view.facing
        low, high = (-math.pi / 2 + facing * math.radians(float(edge)) for edge in band)
        rim = canvas.fan(hips, 1.2 * self._style.trunk, low, high)
        sector = np.concatenate([hips[None], rim])
        with canvas.see_through(image, Box.around(sector).grown(2), FAN) as layer:
            if layer is not None:
                over, corner = layer
                canvas.polygon(over, sector - corner, GREEN)

    def _trail(self, image: Image, t_s: float) -> None:
        """The way of the point that does the work, fading with age."""
        if self._measures.trail is None:
            return
        times = self._time.t_s
        first, last = np.searchsorted(times, [t_s - TRAIL_S, t_s])
        breaks = [b for b in self._time.breaks if first < b <= last]
        first = max([int(first), *breaks])
        now = self._time.read(self._measures.trail, t_s)
        way = np.concatenate([self._measures.trail[first:last], now[None]]) * self._style.scale
        ages = t_s - np.append(times[first:last], t_s)
        known = np.asarray(np.isfinite(way).all(axis=1))
        if known.sum() < 2:
            return
        place = Box.around(way[known]).grown(2 * self._style.line).within(image)
        if place is None:
            return
        left, top, right, bottom = place
        mask = np.zeros((bottom - top, right - left), np.uint8)
        corner = np.array([left, top], np.float64)
        for number in range(len(way) - 1):
            if known[number] and known[number + 1]:
                share = max(0.0, 1 - ages[number] / TRAIL_S)
                ends = [canvas.fixed(p - corner) for p in way[number : number + 2]]
                width = max(1, round((0.35 + 0.65 * share) * self._style.line))
                cv2.line(
                    mask, ends[0], ends[1], round(235 * share), width, cv2.LINE_AA, canvas.SHIFT
                )
        rim = cv2.dilate(mask, np.ones((3, 3), np.uint8)) // 2
        canvas.blend(image, np.asarray(rim, np.uint8), (left, top), DARK)
        canvas.blend(image, mask, (left, top), WHITE)


NOT_JUDGED = GREY
"""Colour of a skeleton whose exercise is not known."""
