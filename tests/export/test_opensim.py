"""OpenSim's signs, the near side only, nothing that the view hides; files read cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.export.markers import MARKERS, marker_set
from formcheck.export.opensim import coordinates, mot_text, trc_text
from formcheck.kinematics.geometry import flexion
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from tests.helpers import skeleton as sk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.export.markers import MarkerSet
    from formcheck.export.source import Source

    Floats = NDArray[np.float64]


KEYS = (
    "DataRate CameraRate NumFrames NumMarkers Units OrigDataRate OrigDataStartFrame OrigNumFrames"
)
MOVES = sk.even_set(2)


@pytest.mark.parametrize(("azimuth", "side"), [(90, "l"), (-90, "r")])
def test_a_squat_from_the_side(azimuth: float, side: str) -> None:
    found = coordinates(measure_motion(clean(sk.squat(MOVES, camera=sk.Camera(azimuth)))))
    posture = sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, sk.share_of(found.t_s, MOVES))
    arm = np.asarray(posture.arm) + np.asarray(posture.trunk)  # against the leaning trunk
    expected = {
        "pelvis_tilt": -np.asarray(posture.trunk),
        f"hip_flexion_{side}": posture.hip,
        f"knee_angle_{side}": posture.knee,
        f"arm_flex_{side}": arm,
        f"elbow_flex_{side}": np.asarray(posture.elbow),
    }
    assert list(found.columns) == list(expected)
    for name, values in expected.items():
        assert np.abs(found.columns[name] - values).max() < 1.5, name


def test_at_an_angle_both_sides_right_first() -> None:
    found = coordinates(measure_motion(clean(sk.squat(MOVES, camera=sk.Camera(45)))))
    posture = sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, sk.share_of(found.t_s, MOVES))
    names = ("hip_flexion", "knee_angle", "arm_flex", "elbow_flex")
    assert list(found.columns) == ["pelvis_tilt", *(f"{n}_{s}" for s in "rl" for n in names)]
    for side in "rl":
        assert np.abs(found.columns[f"knee_angle_{side}"] - posture.knee).max() < 5
        assert np.abs(found.columns[f"hip_flexion_{side}"] - posture.hip).max() < 5


@pytest.mark.parametrize("azimuth", [0, 180])
def test_from_front_or_back_only_the_elbows(azimuth: float) -> None:
    found = coordinates(measure_motion(clean(sk.pull_up(MOVES, camera=sk.Camera(azimuth)))))
    assert set(found.columns) == {"elbow_flex_l", "elbow_flex_r"}


def test_an_arm_overhead_does_not_jump_over_the_half_turn() -> None:
    t_s = sk.clock(4.0)
    swing = replace(sk.STANDING, arm=180.0 + 12.0 * np.sin(3.0 * t_s))
    found = coordinates(measure_motion(clean(sk.film(t_s, swing, sk.SIDE))))
    arm = found.columns["arm_flex_l"]
    assert np.abs(np.diff(arm)).max() < 3
    assert np.abs(arm - 183.0 - 12.0 * np.sin(3.0 * found.t_s)).max() < 1.5


def test_a_fit_that_failed_leaves_nothing_to_tell() -> None:
    motion = measure_motion(clean(sk.squat(MOVES[:1], camera=sk.Camera(45))))
    short = measure_motion(clean(sk.squat(MOVES, camera=sk.Camera(45)).select(slice(0, 6))))
    assert coordinates(motion).columns
    assert short.fit is None
    assert not coordinates(short).columns


def read_trc(text: str) -> tuple[list[str], Floats, Floats]:
    """Names, times (K,) and places (K, M, 3), as OpenSim reads: strict about every cell."""
    lines = text.split("\n")
    assert lines.pop() == ""
    first, keys, values, names, axes, blank, *rows = (line.split("\t") for line in lines)
    assert first[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    head = dict(zip(keys, values, strict=True))
    assert keys == KEYS.split()
    count = int(head["NumMarkers"])
    assert names[:2] == ["Frame#", "Time"]
    assert names[-1] == ""  # every line ends with a tab
    assert names[3::3] == names[4::3] == [""] * count
    assert axes == ["", "", *(f"{axis}{n + 1}" for n in range(count) for axis in "XYZ"), ""]
    assert blank == [""]
    assert int(head["NumFrames"]) == int(head["OrigNumFrames"]) == len(rows)
    assert head["Units"] == "mm"
    assert head["DataRate"] == head["CameraRate"] == head["OrigDataRate"]
    assert all(len(row) == 2 + 3 * count + 1 and row[-1] == "" for row in rows)
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    times = np.array([float(row[1]) for row in rows])
    assert np.abs(np.diff(times) - 1 / float(head["DataRate"])).max() < 2e-6
    places = [[float(cell) if cell else np.nan for cell in row[2:-1]] for row in rows]
    return names[2:-1:3], times, np.reshape(places, (len(rows), count, 3))


def test_trc(gappy: MarkerSet) -> None:
    names, times, places = read_trc(trc_text(gappy, "my  squat.trc"))
    assert names == list(MARKERS)
    assert np.allclose(times, gappy.t_s, atol=1e-6)
    assert np.allclose(places, gappy.places_m * 1000, atol=0.006, equal_nan=True)
    missing = np.asarray(np.isnan(places).all(axis=2))
    assert 12 < missing[:, -1].sum() < 20
    assert not missing[:, :-1].any()


def read_mot(text: str) -> tuple[dict[str, str], dict[str, Floats]]:
    head, rows = text.split("\nendheader\n")
    settings = dict(line.split("=") for line in head.split("\n") if "=" in line)
    names, *cells = (line.split("\t") for line in rows.rstrip("\n").split("\n"))
    values = np.array([[float(cell) for cell in row] for row in cells])
    assert settings["nRows"] == str(len(values))
    assert settings["nColumns"] == str(len(names))
    return settings, dict(zip(names, values.T, strict=True))


def test_mot(side: Source) -> None:
    found = coordinates(side.movement(""))
    text = mot_text(found, "a=b squat", ["A note."])
    assert text.startswith("a_b squat\nversion=1\n")
    settings, columns = read_mot(text)
    assert settings["inDegrees"] == "yes"
    assert list(columns) == ["time", *found.columns]
    assert np.allclose(columns["time"], found.t_s, atol=1e-6)
    for name, values in found.columns.items():
        assert np.allclose(columns[name], values, atol=1e-6, equal_nan=True)


def test_mot_says_nan_where_nobody_is_seen() -> None:
    track = sk.without(sk.squat(sk.even_set(2)), 2.0, 2.6)
    _, columns = read_mot(mot_text(coordinates(measure_motion(clean(track))), "squat"))
    hidden = columns["time"][np.isnan(columns["knee_angle_l"])]
    assert hidden.min() == pytest.approx(2.0, abs=0.04)
    assert hidden.max() == pytest.approx(2.6, abs=0.04)


@pytest.mark.parametrize(("clip", "error_deg"), [("side", 5.0), ("oblique", 5.0)])
def test_markers_and_coordinates_tell_of_the_same_knees(
    request: pytest.FixtureRequest, clip: str, error_deg: float
) -> None:
    source: Source = request.getfixturevalue(clip)
    motion = source.movement("")
    names, times, places = read_trc(trc_text(marker_set(motion), "squat.trc"))
    _, columns = read_mot(mot_text(coordinates(motion), "squat"))
    assert np.array_equal(times, columns["time"])
    body = {name: places[:, number] for number, name in enumerate(names)}
    knee = flexion(body["LHip"], body["LKnee"], body["LAnkle"])
    difference = knee - columns["knee_angle_l"]
    assert np.sqrt(np.nanmean(difference**2)) < error_deg
    assert np.nanmax(knee) > 90
