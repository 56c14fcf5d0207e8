"""How well a lifter is filmed, and what to change first.

What counts is what comes out: whether body parts are believed, and which rules the view
lets judge. Dark, blurred or small pictures are named where the tracking suffers; where it
does not, they are remarks. One function says so for a quick look and for an analysis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.belief import GOOD, MOST_ERROR, PARTLY, PARTS, Trust
from formcheck.kinematics.view import ViewLabel, seen_otherwise
from formcheck.pose import landmarks
from formcheck.rules.evaluate import CRITICAL_SHARE, view_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formcheck.kinematics.belief import Belief
    from formcheck.kinematics.motion import Motion
    from formcheck.kinematics.view import View
    from formcheck.rules.schema import Rule
    from formcheck.video.light import Light

LOW_RATE_HZ = 20.0
"""Below, times are rough."""
LOW_COVERAGE = 0.8
"""Share of the time from which the lifter is there often enough."""
SHORT_S = 1.0
"""Who is seen for less may be hidden next, or not: how restless a landmark is does not show."""
SMALL_PX = 256
"""A body of fewer pixels from head to foot is smaller than what the pose network looks at."""
TRUNK_SHARE, LEG_SHARE = 0.288, 0.491
"""Hip to shoulder, and hip over knee to ankle, as shares of a body's height (reference 2.1)."""
DARK = 0.18
"""Mean brightness, as coded, of what lies three stops under a middle grey (judgement)."""
BURNT_OUT = 0.5
"""Share of the body that is white (judgement)."""
FLAT = 0.05
"""Contrast of little more than noise (judgement)."""
BLURRED = MOST_ERROR / 2
"""Width of edges, trunk lengths: to both sides it is the error that is not believed."""
TILTED_DEG = 5.0
"""From here shoulders and hips that lean to one side are worth a remark (judgement)."""


class Topic(StrEnum):
    """What is looked at."""

    VIEW = "view"
    FRAME = "frame"
    LIGHT = "light"
    SHARPNESS = "sharpness"
    SIZE = "size"
    CLEAR = "clear"
    STEADY = "steady"
    PRESENCE = "presence"
    RATE = "rate"
    PEOPLE = "people"
    LEVEL = "level"


class Mark(StrEnum):
    """What is to be done about it: nothing, it could be better, it has to be changed."""

    OK = "ok"
    NOTE = "note"
    CHANGE = "change"


class Verdict(StrEnum):
    """Whether to film like this."""

    GOOD = "good"
    PARTLY = "partly"
    AGAIN = "again"


@dataclass(frozen=True)
class Point:
    """One thing that was looked at.

    Attributes
    ----------
    topic, mark
        What, and what is to be done.
    what
        More closely, where a topic has several: "no_score" or "less" than from elsewhere of the
        view, "dark", "burnt_out" or "flat" of light,
        "short" of presence, "shots" that a clip is cut together from, "side" of what is not seen
        from there.
    parts
        Body parts that it is about, those that it is most about first.
    value
        The number behind it: pixels of the body, share of the time, pictures a second,
        people, degrees; None without one.
    views
        Groups of views to film from.
    """

    topic: Topic
    mark: Mark
    what: str = ""
    parts: tuple[str, ...] = ()
    value: float | None = None
    views: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filming:
    """How well a lifter is filmed.

    Attributes
    ----------
    verdict
        Whether to film like this.
    points
        What was looked at, the most important first.
    belief
        What is believed of the tracking.
    view
        From where the camera looks.
    """

    verdict: Verdict
    points: tuple[Point, ...]
    belief: Belief
    view: View

    @property
    def parts(self) -> tuple[str, ...]:
        """Body parts that are not seen, those first that the first thing to change is about."""
        own = (self.first, *(p for p in self.points if p.topic in (Topic.FRAME, Topic.CLEAR)))
        return tuple(dict.fromkeys(part for point in own if point for part in point.parts))

    @property
    def cut(self) -> tuple[str, ...]:
        """Body parts that the edge of the frame cuts off."""
        return next(p.parts for p in self.points if p.topic is Topic.FRAME)

    @property
    def first(self) -> Point | None:
        """The one thing to change; where nothing has to be, what could be better."""
        wrong = [point for point in self.points if point.mark is not Mark.OK]
        return min(wrong, key=_urgency, default=None)


def judge_filming(
    motion: Motion,
    belief: Belief,
    /,
    *,
    spans: Sequence[tuple[int, int]] = (),
    rate_hz: float | None = None,
    people: int = 1,
    light: Light | None = None,
    rules: Sequence[Rule] = (),
) -> Filming:
    """How well a lifter is filmed.

    Parameters
    ----------
    motion, belief
        The clip, or parts of it, and what is believed of it.
    spans
        First and last frames of what is looked at: repetitions, or parts of a clip.
    rate_hz
        Pictures a second; None for the track's own.
    people
        Most people seen at once.
    light
        How the body looks in the pictures; None where that was not looked at.
    rules
        Those that are to judge the clip. Without any, every known view is good for something.
    """
    view = _view(motion.view, rules)
    seen = list(_seen(motion, belief, light))
    if motion.clean.breaks and belief.trust is not Trust.GOOD:  # no angle mends that
        seen.insert(0, replace(_steady(motion, spans), mark=Mark.CHANGE, what="shots"))
    points = [view, *seen]
    if belief.trust is Trust.POOR:  # then the view is not sure either
        points = [*seen, view]
    shots = any(point.what == "shots" for point in seen)
    steady = [] if shots else [_steady(motion, spans)]
    presence = _presence(motion)
    if presence.mark is Mark.CHANGE:  # and nothing else is sure
        points = [presence, *points, *steady]
    else:
        points += [*steady, presence]
    points += [
        _rate(motion.track.rate_hz if rate_hz is None else rate_hz),
        Point(Topic.PEOPLE, Mark.NOTE if people > 1 else Mark.OK, value=people),
    ]
    tilt_deg = _tilt_deg(motion)
    if math.isfinite(tilt_deg):
        level = Mark.NOTE if abs(tilt_deg) > TILTED_DEG else Mark.OK
        points.append(Point(Topic.LEVEL, level, value=tilt_deg))
    verdict = Verdict.GOOD
    useless = bool(rules) and not judged_from(motion.view, rules)
    unclear = presence.mark is Mark.CHANGE or motion.view.label is ViewLabel.UNKNOWN
    if belief.trust is Trust.POOR or useless or unclear:
        verdict = Verdict.AGAIN
    elif any(point.mark is Mark.CHANGE for point in points):
        verdict = Verdict.PARTLY
    return Filming(verdict, tuple(points), belief, motion.view)


def _urgency(point: Point) -> int:
    """What comes first, smallest first.

    A view from which more is judged tells more than pictures that are closer in time: those make
    only times surer.
    """
    if point.mark is Mark.CHANGE and point.topic is not Topic.RATE:
        return 0
    if point.topic is Topic.VIEW:
        return 1
    return 2 if point.mark is Mark.CHANGE else 3


def judged_from(view: View, rules: Sequence[Rule], /) -> list[Rule]:
    """The rules that a view lets judge."""
    return [rule for rule in rules if view_problem(rule, view) is None]


def gives_score(view: View, rules: Sequence[Rule], /) -> bool:
    """Whether a view lets judge enough of the critical rules for a score."""
    critical = [rule for rule in rules if rule.critical]
    return len(judged_from(view, critical)) >= CRITICAL_SHARE * len(critical) > 0


def faults_of(rules: Sequence[Rule], /) -> list[Rule]:
    """The rules that tell faults; others are for information."""
    return [rule for rule in rules if rule.weight > 0]


def _view(view: View, rules: Sequence[Rule]) -> Point:
    """A view that leaves no score has to be changed; from another one more may be judged."""
    groups = _best_views([rule for rule in rules if rule.critical])
    if view.label is ViewLabel.UNKNOWN:
        return Point(Topic.VIEW, Mark.CHANGE, "unknown", views=groups or ("side",))
    if groups and not gives_score(view, rules):
        return Point(Topic.VIEW, Mark.CHANGE, "no_score", views=groups)
    most = _best_views(faults_of(rules))
    if most and view.label.group not in most:
        return Point(Topic.VIEW, Mark.NOTE, "less", views=most)
    return Point(Topic.VIEW, Mark.OK)


def _best_views(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Groups of views that most of some rules can be judged from."""
    counts = {
        group: sum(group in rule.views for rule in rules) for group in ("side", "oblique", "front")
    }
    most = max(counts.values())
    return tuple(group for group, count in counts.items() if count == most > 0)


def _seen(motion: Motion, belief: Belief, light: Light | None) -> Iterator[Point]:
    """What may keep body parts from being believed, what is surest to help first.

    A part beyond the edge of the frame is a fact, and what is next to it suffers with it: that
    comes before the causes that hide parts within. A cause that costs no belief is a remark.
    """
    grave = Mark.NOTE if belief.trust is Trust.GOOD else Mark.CHANGE
    worst_first = sorted(PARTS, key=lambda part: -belief.doubted[part])
    cut = {part: belief.outside[part] for part in worst_first}
    hidden = {part: max(0.0, belief.doubted[part] - cut[part]) for part in worst_first}
    frame = _parts_point(Topic.FRAME, cut, grave)
    clear = _parts_point(Topic.CLEAR, hidden, grave)
    view = motion.view
    # What hides a body part from the side is seldom in the way from in front, unless the camera
    # surely is a little in front already.
    if view.is_side and view.yaw_deg < 2 * view.yaw_error_deg:
        clear = replace(clear, what="side")
    if belief.trust is not Trust.GOOD and Mark.CHANGE not in (frame.mark, clear.mark):
        if max(cut.values()) > max(hidden.values()):  # a little of each
            frame = _parts_point(Topic.FRAME, cut, grave, least=0.0)
        elif any(hidden.values()) or belief.trust is Trust.POOR:  # else there is nothing to move
            parts = _worst(hidden, 0.0)
            clear = replace(clear, parts=parts, mark=grave)
    causes = [*_light(motion, light, grave), _size(motion, grave)]
    own = [point for point in causes if point.mark is not Mark.OK]
    fine = [point for point in causes if point.mark is Mark.OK]
    yield from (frame, *own, clear, *fine)


def _parts_point(
    topic: Topic, shares: dict[str, float], grave: Mark, *, least: float = 1 - GOOD
) -> Point:
    parts = _worst(shares, least)
    most = max(shares.values())
    return Point(topic, grave if parts else Mark.OK, parts=parts, value=most)


def _worst(shares: dict[str, float], least: float) -> tuple[str, ...]:
    """Parts with more than a share, in the order given: one for all that is said of a clip."""
    return tuple(part for part, share in shares.items() if share > least)


def _light(motion: Motion, light: Light | None, grave: Mark) -> Iterator[Point]:
    if light is None:
        return
    what = (
        "dark"
        if light.brightness < DARK
        else "burnt_out"
        if light.burnt > BURNT_OUT
        else "flat"
        if light.contrast < FLAT
        else ""
    )
    yield Point(Topic.LIGHT, grave if what else Mark.OK, what, value=light.brightness)
    blur = light.blur_px / motion.trunk_px
    yield Point(Topic.SHARPNESS, grave if blur > BLURRED else Mark.OK, value=blur)


def _size(motion: Motion, grave: Mark) -> Point:
    """How many pixels the body is tall: by trunk or legs, whichever is less foreshortened."""
    height_px = max(motion.trunk_px / TRUNK_SHARE, motion.leg_px / LEG_SHARE)
    return Point(Topic.SIZE, grave if height_px < SMALL_PX else Mark.OK, value=height_px)


def _steady(motion: Motion, spans: Sequence[tuple[int, int]]) -> Point:
    """Whether all parts are seen from where the clip is."""
    parts = [motion.track.select(slice(first, last + 1)) for first, last in spans]
    other = [seen_otherwise(part, motion.view, trunk_px=motion.trunk_px) for part in parts]
    share = float(np.mean(other)) if other else 0.0
    mark = Mark.CHANGE if share > 1 - PARTLY else Mark.NOTE if share > 0 else Mark.OK
    return Point(Topic.STEADY, mark, value=share)


def _presence(motion: Motion) -> Point:
    share, t_s = float(motion.track.tracked.mean()), motion.t_s
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
    if step_s * float(motion.track.tracked.sum()) < SHORT_S:
        return Point(Topic.PRESENCE, Mark.CHANGE, "short", value=share)
    return Point(Topic.PRESENCE, Mark.NOTE if share < LOW_COVERAGE else Mark.OK, value=share)


def _rate(rate_hz: float) -> Point:
    return Point(Topic.RATE, Mark.CHANGE if rate_hz < LOW_RATE_HZ else Mark.OK, value=rate_hz)


def _tilt_deg(motion: Motion) -> float:
    """How far shoulders and hips both lean to one side, seen from the front or back; else NaN.

    A camera that is held crooked, or a lifter who leans: the picture does not tell which.
    """
    if motion.view.label.group != "front":
        return float("nan")
    tilts = []
    for name in ("shoulder", "hip"):
        left, right = (motion.track.point(name, side) for side in landmarks.SIDES)
        line = right - left
        tilt = np.degrees(np.arctan(line[:, 1] / line[:, 0]))
        known = tilt[np.isfinite(tilt)]
        if not len(known):
            return float("nan")
        tilts.append(float(np.median(known)))
    least = min(tilts, key=abs)
    return least if tilts[0] * tilts[1] > 0 else 0.0
