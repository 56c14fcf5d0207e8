"""One lifter's movement, before any exercise is known.

`Motion` joins a clean track, its view and its angles with the lifter's own
units of length (trunk, leg and arm lengths in the picture), and gives the named
series of `formcheck.kinematics.series`.
"""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from formcheck.errors import UnknownSeriesError
from formcheck.kinematics.angles import AngleSource, best_angles, compute_angles
from formcheck.kinematics.draws import beyond_seen, excess
from formcheck.kinematics.nearness import seen_as_near, sizes
from formcheck.kinematics.series import RENAMED_SERIES, SERIES
from formcheck.kinematics.series.registry import SEEN
from formcheck.kinematics.view import View, doubted, estimate_view
from formcheck.pose import landmarks
from formcheck.pose.cleaning import trunk_length
from formcheck.pose.model import Quality
from formcheck.words.text import joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from formcheck.kinematics.angles import Angles
    from formcheck.kinematics.fit import BodyFit
    from formcheck.pose.cleaning import CleanTrack
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

Kind = TypeVar("Kind", bound=np.generic)

ONE_ARM = 0.5
"""One arm works alone when the other moves less than this share of its sure travel."""
MIDDLE_90 = 3.29
"""Width of the middle 90 percent of a normal scatter, standard deviations."""


@dataclass(frozen=True, eq=False)
class Motion:
    """Everything measured from the landmarks, before any exercise is known.

    Attributes
    ----------
    clean
        The cleaned track.
    view
        The camera's view.
    angles
        Each angle from the better source for this view.
    world_angles
        Angles of the world landmarks, whatever the view.
    trunk_px, leg_px, arm_px
        The lifter's lengths in the picture, pixels (of `steady`).
    arm
        "left", "right" or "both": the arm whose hand moves.
    fit
        The fitted body that angles come from at an angle; None elsewhere.
    network
        Which of formcheck's networks gave the landmarks; None for another one.
    size
        Shape (T,): how large the lifter is in the picture, over how large in the middle of all
        frames; None where the camera stays as near.
    """

    clean: CleanTrack
    view: View
    angles: Angles
    world_angles: Angles
    trunk_px: float
    leg_px: float
    arm_px: float
    arm: str
    fit: BodyFit | None = None
    network: Quality | None = Quality.STANDARD
    size: Floats | None = None
    _cache: dict[str, NDArray[Any]] = field(default_factory=dict, init=False, repr=False)

    @property
    def track(self) -> PoseTrack:
        """The clean landmarks."""
        return self.clean.track

    @cached_property
    def steady(self) -> PoseTrack:
        """The clean landmarks as a camera sees them that stays as near: lengths hold over time."""
        return seen_as_near(self.track, self.size)

    @property
    def t_s(self) -> Floats:
        """Shape (T,), seconds."""
        return self.clean.track.t_s

    def series(self, name: str) -> Floats:
        """Shape (T,): a named series, read-only; NaN where landmarks are missing.

        Raises
        ------
        UnknownSeriesError
            If there is no such series; the message has the names that come close.
        """
        if name not in SERIES:
            raise UnknownSeriesError(no_such_series(name))
        return self.once(name, lambda: SERIES[name].formula(self))

    def once(self, name: str, find: Callable[[], NDArray[Kind]], /) -> NDArray[Kind]:
        """What `find` gives, read-only; it is called only once for a name."""
        if name not in self._cache:
            # A view: what the formula took it from may be another's to write to.
            values = self._cache[name] = find().view()
            values.flags.writeable = False
        return self._cache[name]

    def of_arm(self, side: str, /) -> Motion:
        """The same movement, measured at one arm."""
        return self if side == self.arm else replace(self, arm=side)

    def seen(self, names: tuple[str, ...], side: str) -> float:
        """How well a chain of landmarks is seen over the clip, 0..1.

        The worst landmark's median visibility, times the share of frames in
        which it lies inside the picture: beyond the edge the model only guesses.
        """
        marks = [landmarks.index(name, side) for name in names]
        return float(self._marks_seen[marks].min())

    @cached_property
    def _marks_seen(self) -> Floats:
        """Shape (33,): how well each landmark is seen over the clip."""
        track = self.track
        known = track.tracked
        if not known.any():
            return np.zeros(landmarks.COUNT)
        inside = ((track.xy_px >= 0) & (track.xy_px <= track.frame_wh)).all(axis=2)
        visible = np.median(track.visibility[known], axis=0)
        return np.asarray(visible * np.asarray(inside)[known].mean(axis=0))


def no_such_series(name: str, /) -> str:
    """The sentence that says so, with its new name or those that come close, if any does.

    >>> no_such_series("knee_flexon")
    "There is no series 'knee_flexon'; similar: knee_flexion, knee_flexion_3d and elbow_flexion."
    """
    if name in RENAMED_SERIES:
        return f"There is no series {name!r}; it is called {RENAMED_SERIES[name]} now."
    close = difflib.get_close_matches(name, SERIES)
    near = f"similar: {joined(close)}" if close else "`formcheck rules series` lists them all"
    return f"There is no series {name!r}; {near}."


def measure_motion(
    clean: CleanTrack, /, *, network: Quality | None = Quality.STANDARD, fitted: bool = True
) -> Motion:
    """View, angles and lengths of a clean track.

    Parameters
    ----------
    clean
        The cleaned track.
    network
        What gave the landmarks: stated errors depend on it.
    fitted
        Whether a body is fitted where that makes angles better (`fit_if_oblique`).
    """
    track, size = clean.track, sizes(clean)
    steady = seen_as_near(track, size)
    trunk_px = clean.trunk_px if size is None else trunk_length(steady)
    view = estimate_view(steady, trunk_px=trunk_px)
    world = compute_angles(track, view, AngleSource.WORLD)
    arm_px = _chain_length(steady, ("shoulder", "elbow", "wrist"))
    arm = working_arm(replace(clean, track=steady), view)
    fit = fit_if_oblique(clean, view, both_arms=arm == "both") if fitted else None
    return Motion(
        clean=clean,
        view=view,
        angles=best_angles(track, view, world, fit),
        world_angles=world,
        trunk_px=trunk_px,
        leg_px=_chain_length(steady, ("hip", "knee", "ankle")),
        arm_px=arm_px,
        arm=arm,
        fit=fit,
        network=network,
        size=size,
    )


def fit_if_oblique(clean: CleanTrack, view: View, /, *, both_arms: bool) -> BodyFit | None:
    """A fitted body for a clip filmed at an angle; None elsewhere, or if the fit is bad.

    From the side the picture, and from the front or back picture and world
    landmarks, measure as well or better, and the fit would only cost time. Where it is not
    clear which way the lifter faces, it would hold on to one of both.
    """
    if not view.is_oblique or doubted(clean.track, view):
        return None
    # Brings SciPy's solvers and splines, which take half as long to load as all the rest.
    from formcheck.kinematics.fit import Contacts, fit_body, guess_contacts  # noqa: PLC0415

    contacts = guess_contacts(clean.track, trunk_px=clean.trunk_px)
    fit = fit_body(clean, contacts, mirror=both_arms and contacts is not Contacts.NONE)
    return fit if fit is not None and fit.ok else None


def _arm_seen(track: PoseTrack, side: str) -> bool:
    """Whether elbow and hand are seen well enough for an angle, most of the time."""
    marks = [landmarks.index(name, side) for name in ("elbow", "wrist")]
    return bool(np.median(track.visibility[track.tracked][:, marks], axis=0).min() >= SEEN)


def _chain_length(track: PoseTrack, names: tuple[str, ...]) -> float:
    """95th percentile of the summed segment lengths, the longer side, pixels."""
    best = 1.0
    for side in landmarks.SIDES:
        points = [track.point(name, side) for name in names]
        total = sum(np.linalg.norm(b - a, axis=1) for a, b in itertools.pairwise(points))
        known = np.asarray(total)[np.isfinite(total)]
        if len(known):
            best = max(best, float(np.percentile(known, 95)))
    return best


def working_arm(clean: CleanTrack, view: View, /) -> str:
    """Which hand moves: "left", "right", or "both".

    One moves alone when the other moves less than half as much as it surely does: by more than
    its error makes it seem to. A hand that is hidden behind the body and a bar on the back jumps
    in the picture and does not work. From the side the far arm may rest or be covered by the
    body: of one that is not seen nothing is said, and both are taken to work.
    """
    error_px = beyond_seen(clean.error_px, clean.trunk_px)
    travel, sure = {}, {}
    for side in landmarks.SIDES:
        drop = clean.track.point("wrist", side)[:, 1] - clean.track.point("shoulder", side)[:, 1]
        known = np.isfinite(drop)
        ends = [landmarks.index(name, side) for name in ("wrist", "shoulder")]
        travel[side] = sure[side] = 0.0
        if known.any():
            scatter = np.sqrt(np.mean((error_px[known][:, ends] ** 2).sum(axis=1)))
            travel[side] = float(np.ptp(np.percentile(drop[known], [5, 95])))
            sure[side] = float(excess(np.asarray(travel[side]), MIDDLE_90 * scatter))
    weaker, stronger = sorted(sure, key=lambda side: sure[side])
    if view.is_side and weaker != view.near_side and not _arm_seen(clean.track, weaker):
        return "both"
    return stronger if travel[weaker] < ONE_ARM * sure[stronger] else "both"
