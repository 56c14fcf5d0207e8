"""Whether a rounded upper back can be seen: landmarks and the silhouette of the back.

    python -m benchmarks.rounding FOLDER [--render] [--npm PATH] [--clips CLIPS_FOLDER]

`--render` first makes the clips that are not in FOLDER yet (extra ``formcheck[samples]``).
The network is built with the segmentation mask that the shipped bundles do without, from
the npm package that ``models/build.py`` names (``--npm`` takes a local copy).
CLIPS_FOLDER holds real clips as for ``benchmarks.real_clips``; without it only rendered
clips are measured. ``docs/rounding.md`` tells what came of it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.clips import Analyzer
from benchmarks.fault_grid_specs import render_missing
from benchmarks.real_clips import half_of
from benchmarks.rounding_clips import SOUND, renderings
from formcheck.errors import FormcheckError
from formcheck.pose.blazepose.landmarker import Landmarker, sigmoid
from formcheck.pose.blazepose.network import Network
from formcheck.pose.blazepose.region import Region
from formcheck.pose.tracker import DEFAULT_RATE_HZ
from formcheck.video import VideoReader
from models import build

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from formcheck.analysis import Analysis
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]

ROUNDED = {"thoracic_rounding", "rounded_back"}
"""Labels by eye of the real clips."""
CLEAR_DEG = 20
"""Bend of the thoracic spine from which a rendered rounding is a clear one."""
FALSE_ALARMS = 0.03
NEAR_S = 0.06
"""Three pictures are read around each moment, so far apart, and the middle value counts."""
SAME_PICTURE_S = 0.001
EARS, SHOULDERS, HIPS = [7, 8], [11, 12], [23, 24]
ALONG = np.linspace(0.1, 1.15, 43)
"""Where the back's outline is read, in trunk lengths from the hips to the shoulders and on to
the root of the neck."""
TO_NECK = (0.2, 0.5), (0.75, 1.1)
TO_SHOULDERS = (0.1, 0.4), (0.7, 1.0)
"""Stretches of the lower and the upper back whose directions are compared; the second pair
leaves out the neck, which an extended head makes hollow."""
DEPTHS = np.arange(0.0, 0.9, 0.01)


@dataclass(frozen=True, eq=False)
class Look:
    """A body with its silhouette.

    Attributes
    ----------
    mask
        Shape (side, side), 0..1: how sure each pixel of the crop is part of somebody.
    to_picture
        Shape (2, 3): from pixel numbers of the crop to the picture's.
    xy_px
        Shape (33, 2), pixel numbers of the picture.
    world_m
        Shape (33, 3), metres.
    """

    mask: NDArray[np.float32]
    to_picture: Floats
    xy_px: Floats
    world_m: Floats


class Silhouettes:
    """Looks at a body once more, with the network that also gives a mask."""

    def __init__(self, npm: Path) -> None:
        content = build.prepare_landmarks("full", build.read_landmarks(npm, "full"), keep_mask=True)
        self._network = Network(content)
        self._network.expect(Identity_2=(1, 256, 256, 1))
        self._landmarker = Landmarker(self._network)

    def look(self, picture: Picture, xy_px: Floats, /) -> Look:
        """The body whose landmarks are known, in the crop that the network asks for itself."""
        hips, shoulders = xy_px[HIPS].mean(axis=0), xy_px[SHOULDERS].mean(axis=0)
        up = (shoulders - hips) / np.linalg.norm(shoulders - hips)
        region = Region.around(hips, hips + up * np.nanmax(np.linalg.norm(xy_px - hips, axis=1)))
        for _ in range(2):
            if region is None:
                break
            body = self._landmarker.measure(picture, region)
            region = body.region or region
        if region is None:
            raise ValueError("a body without extent")
        body, side = self._landmarker.measure(picture, region), self._network.side
        to_picture = region.to_picture(side)
        outputs = self._network.run(picture.sample(to_picture, side))
        mask = sigmoid(outputs["Identity_2"][0, :, :, 0].astype(float)).astype(np.float32)
        return Look(mask, to_picture, body.xy_px, body.world_m)


def outline(look: Look, facing: int) -> Floats:
    """How far the back's outline lies behind the line hips to shoulders.

    Parameters
    ----------
    look
        Body and mask.
    facing
        +1 when the lifter faces the right edge of the picture, -1 the left.

    Returns
    -------
    ndarray
        Trunk lengths at each of `ALONG`; NaN where the line is not in the mask or the mask
        does not end.
    """
    hips, shoulders = (look.xy_px[pair].mean(axis=0) for pair in (HIPS, SHOULDERS))
    trunk = shoulders - hips
    behind = np.array([trunk[1], -trunk[0]]) * facing
    places = (
        hips + ALONG[:, None, None] * trunk + DEPTHS[None, :, None] * behind
    ) - look.to_picture[:, 2]
    crop = (places @ np.linalg.inv(look.to_picture[:, :2]).T).astype(np.float32)
    values = cv2.remap(look.mask, crop[..., 0], crop[..., 1], cv2.INTER_LINEAR)
    inside = np.asarray(values) > 0.5
    ends = np.argmin(inside, axis=1)
    known = inside[:, 0] & ~inside.all(axis=1)
    rows = np.arange(len(ALONG))
    last, first = values[rows, ends - 1], values[rows, ends]
    share = (last - 0.5) / np.maximum(last - first, 1e-6)
    return np.where(known, DEPTHS[ends - 1] + share * (DEPTHS[1] - DEPTHS[0]), np.nan)


def _direction(found: Floats, part: tuple[float, float]) -> float:
    """Direction of the outline over a part of the trunk against the trunk line, degrees."""
    there = (part[0] <= ALONG) & (part[1] >= ALONG)
    seen = there & np.isfinite(found)
    if seen.sum() < 0.6 * there.sum():
        return np.nan
    return float(np.degrees(np.arctan(np.polyfit(ALONG[seen], found[seen], 1)[0])))


def _bend(found: Floats, lower: tuple[float, float], upper: tuple[float, float]) -> float:
    """By how much the outline turns forward between two stretches, degrees."""
    return _direction(found, lower) - _direction(found, upper)


def _forward(line: Floats, along: Floats, facing: int) -> float:
    """Angle of a line in front of another one in the picture, degrees."""
    across = along[0] * line[1] - along[1] * line[0]
    return float(np.degrees(np.arctan2(across, along @ line))) * facing


def readings(look: Look, facing: int) -> dict[str, float]:
    """Every measurement of one picture.

    Parameters
    ----------
    look
        Body and mask.
    facing
        +1 when the lifter faces the right edge of the picture, -1 the left.

    Notes
    -----
    ``back bend``, ``bend below neck``, ``neck``, ``neck in space``: degrees. ``bulge``: trunk
    lengths. ``shoulder width``: trunk lengths, in space, fewer with shoulders drawn forward;
    ``trunk``: pixels, fewer with a bent one. Both are negative, so that more is rounder.
    """
    ears, shoulders, hips = (look.xy_px[pair].mean(axis=0) for pair in (EARS, SHOULDERS, HIPS))
    trunk = shoulders - hips
    found = outline(look, facing)
    chord = np.interp(ALONG, ALONG[[0, -1]], found[[0, -1]])
    bulges = (found - chord)[np.isfinite(found - chord)]
    ears3, shoulders3, hips3 = (look.world_m[pair].mean(axis=0) for pair in (EARS, SHOULDERS, HIPS))
    across, trunk3 = np.subtract(*look.world_m[SHOULDERS]), shoulders3 - hips3
    front = np.cross(across, trunk3)
    front, along = front / np.linalg.norm(front), trunk3 / np.linalg.norm(trunk3)
    head = ears3 - shoulders3
    return {
        "back bend": _bend(found, *TO_NECK),
        "bend below neck": _bend(found, *TO_SHOULDERS),
        "bulge": float(bulges.max()) if len(bulges) else np.nan,
        "neck": _forward(ears - shoulders, trunk, facing),
        "neck in space": float(np.degrees(np.arctan2(head @ front, head @ along))),
        "shoulder width": -float(np.linalg.norm(across) / np.linalg.norm(trunk3)),
        "trunk": -float(np.linalg.norm(trunk)),
    }


def _middle(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else np.nan


def per_rep(path: Path, analysis: Analysis, silhouettes: Silhouettes) -> list[dict[str, float]]:
    """Measurements of each counted repetition of a clip.

    In a squat at the turn, and (``... change``) against its start. A row hangs at its start, and
    at its turn the elbows hide the back, so that there is nothing to compare it with.
    """
    motion = analysis.motion
    step = max(1, round(NEAR_S / float(np.median(np.diff(motion.t_s)))))
    reps = [r.rep.cycle for r in analysis.reps if r.rep.counts]
    wanted = {
        min(max(moment + shift, 0), len(motion.t_s) - 1)
        for cycle in reps
        for moment in (cycle.start, cycle.turn)
        for shift in (-step, 0, step)
    }
    found: dict[int, dict[str, float]] = {}
    with VideoReader(path) as reader:
        for picture in reader.pictures(rate_hz=DEFAULT_RATE_HZ):
            frame = int(np.argmin(np.abs(motion.t_s - picture.t_s)))
            xy = motion.track.xy_px[frame]
            same = abs(motion.t_s[frame] - picture.t_s) < SAME_PICTURE_S
            if frame in wanted and same and np.isfinite(xy[[*SHOULDERS, *HIPS]]).all():
                found[frame] = readings(silhouettes.look(picture, xy), motion.view.facing)

    def at(moment: int) -> dict[str, float]:
        near = [found[f] for f in (moment - step, moment, moment + step) if f in found]
        return {name: _middle([one[name] for one in near]) for name in near[0]} if near else {}

    rows = []
    for cycle in reps:
        start, turn = at(cycle.start), at(cycle.turn)
        if analysis.exercise == "bent_over_row" and start:
            rows.append({name: start[name] for name in start if name != "trunk"})
        elif analysis.exercise == "squat" and start and turn:
            changes = {f"{name} change": turn[name] - start[name] for name in turn}
            changes["trunk change"] = 1 - turn["trunk"] / start["trunk"]
            rows.append({**{name: turn[name] for name in turn if name != "trunk"}, **changes})
    return rows


@dataclass(frozen=True)
class Measured:
    """A clip: `rounded` in degrees (real ones labelled so: None), its load and repetitions."""

    name: str
    exercise: str
    view: str
    load: str
    rounded: int | None
    reps: list[dict[str, float]]
    half: str = ""


def measure_rendered(
    folder: Path, analyze: Analyzer, silhouettes: Silhouettes
) -> Iterator[Measured]:
    """Every clip that has been rendered, by the view that it was made for."""
    for one in renderings():
        clip = one.clip
        if clip.rendered(folder):
            path = clip.video(folder)
            analysis = analyze(path, exercise=clip.spec.exercise).analysis
            reps = per_rep(path, analysis, silhouettes)
            load = "plates" if one.plates else "free"
            yield Measured(clip.spec.name, clip.spec.exercise, clip.view, load, one.dose, reps)


def measure_real(folder: Path, analyze: Analyzer, silhouettes: Silhouettes) -> Iterator[Measured]:
    """Every real squat and row that formcheck sees from the side or at an angle."""
    for label in json.loads((folder / "manifest.json").read_text()):
        if label["exercise"] not in SOUND:
            continue
        path = folder / label["file"]
        try:
            analysis = analyze(path, exercise=label["exercise"]).analysis
        except FormcheckError:
            continue
        view = analysis.motion.view.label.group
        reps = per_rep(path, analysis, silhouettes) if view in ("side", "oblique") else []
        if reps:
            back_bar = label["exercise"] == "squat" and "barbell" in label["variant"]
            rounded = None if ROUNDED & {fault["fault"] for fault in label["faults"]} else 0
            load, half = "plates" if back_bar else "free", half_of(label["source_repo"])
            yield Measured(label["id"], label["exercise"], str(view), load, rounded, reps, half)


def _values(clips: Iterable[Measured], name: str) -> Floats:
    values = np.array([rep.get(name, np.nan) for clip in clips for rep in clip.reps], dtype=float)
    return np.asarray(values[np.isfinite(values)])


def above(rounded: Floats, sound: Floats) -> float:
    """Share of pairs in which the rounded one has the larger value (area under the ROC curve)."""
    if not len(rounded) or not len(sound):
        return np.nan
    gaps = rounded[:, None] - sound
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0)))


def false_at_half(rounded: Floats, sound: Floats) -> float:
    """Share of the sound ones at or above the value that half of the rounded ones reach."""
    return float(np.mean(sound >= np.median(rounded))) if len(rounded) and len(sound) else np.nan


def found_at(rounded: Floats, sound: Floats) -> float:
    """Share of the rounded ones above the value that `FALSE_ALARMS` of the sound ones exceed."""
    if not len(rounded) or not len(sound):
        return np.nan
    return float(np.mean(rounded > np.quantile(sound, 1 - FALSE_ALARMS)))


def separation_table(rendered: Sequence[Measured], real: Sequence[Measured]) -> Table:
    """How well each measurement tells clear rendered roundings from sound repetitions."""
    table = Table(title="Clear roundings against sound repetitions")
    rendered_columns = ("above", "false at half")
    real_columns = ("sound, real", "false at half", "found", "labelled above")
    for heading in ("lift", "measurement", *rendered_columns, *real_columns):
        table.add_column(heading)
    groups: dict[tuple[str, str, str], list[Measured]] = defaultdict(list)
    for clip in (*rendered, *real):
        groups[clip.exercise, clip.load, clip.view].append(clip)
    for (exercise, load, view), own in sorted(groups.items()):
        made, filmed = [c for c in own if not c.half], [c for c in own if c.half]
        if not made:
            continue
        for name in made[0].reps[0]:
            clear = _values([c for c in made if (c.rounded or 0) >= CLEAR_DEG], name)
            sound = _values([c for c in made if c.rounded == 0], name)
            real_sound = _values([c for c in filmed if c.rounded == 0], name)
            labelled = _values([c for c in filmed if c.rounded is None], name)
            shares = (
                f"{len(real_sound)} reps",
                false_at_half(clear, real_sound),
                found_at(clear, real_sound),
                above(labelled, real_sound),
            )
            table.add_row(
                f"{exercise}, {load}, {view}",
                name,
                *(_told(x) for x in (above(clear, sound), false_at_half(clear, sound), *shares)),
            )
        table.add_section()
    return table


def _told(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return "-" if np.isnan(value) else f"{value:.2f}"


def clip_lines(clips: Iterable[Measured], names: Sequence[str]) -> list[str]:
    """The middle of each clip's repetitions, one line a clip."""
    return [
        f"{clip.name} ({', '.join(filter(None, (clip.view, clip.load, clip.half)))}"
        f"{', labelled rounded' if clip.rounded is None else ''}, {len(clip.reps)} reps): "
        + ", ".join(
            f"{name} {np.median(values):.2f}"
            for name in names
            if len(values := _values([clip], name))
        )
        for clip in clips
    ]


def main() -> None:
    """Render if asked, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="rendered clips")
    parser.add_argument("--render", action="store_true", help="first render what is missing")
    parser.add_argument("--npm", type=Path, help=f"a local copy of the npm package {build.NPM}")
    parser.add_argument("--clips", type=Path, help="folder of real clips with manifest.json")
    options = parser.parse_args()
    if options.render:
        render_missing([one.clip for one in renderings()], options.folder)
    with tempfile.TemporaryDirectory() as folder:
        silhouettes = Silhouettes(options.npm or build.fetch_npm(Path(folder)))
    analyze = Analyzer()
    rendered = list(measure_rendered(options.folder, analyze, silhouettes))
    real = list(measure_real(options.clips, analyze, silhouettes)) if options.clips else []
    console = Console(width=150)
    console.print(separation_table(rendered, real))
    names = ("back bend", "bend below neck", "bulge", "neck", "back bend change", "neck change")
    console.print("\n".join(clip_lines((*rendered, *real), names)), markup=False)


if __name__ == "__main__":
    main()
