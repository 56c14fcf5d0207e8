"""TRC, MOT and C3D files, read back cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ezc3d
import numpy as np
import pytest

from formcheck.export.coordinates import coordinates
from formcheck.export.markers import MARKERS, marker_set
from formcheck.export.write_c3d import c3d_bytes
from formcheck.export.write_opensim import mot_text, trc_text
from formcheck.kinematics.geometry import flexion
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from tests.helpers import skeleton as sk

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck.export.markers import MarkerSet
    from formcheck.export.material import Material

    Floats = NDArray[np.float64]

KEYS = (
    "DataRate CameraRate NumFrames NumMarkers Units OrigDataRate OrigDataStartFrame OrigNumFrames"
)
LAST = landmarks.index("foot_index", "right")
"""The landmark of the last marker: where it is missing a line ends with empty cells."""


@pytest.fixture(scope="module")
def gappy() -> MarkerSet:
    track = sk.without(sk.squat(sk.even_set(2), camera=sk.Camera(45)), 2.0, 2.5, [LAST])
    return marker_set(measure_motion(clean(track)))


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
    assert names[3::3] == names[4::3] == [""] * count
    assert axes == ["", "", *(f"{axis}{n + 1}" for n in range(count) for axis in "XYZ")]
    assert blank == [""]
    assert int(head["NumFrames"]) == int(head["OrigNumFrames"]) == len(rows)
    assert head["Units"] == "mm"
    assert head["DataRate"] == head["CameraRate"] == head["OrigDataRate"]
    assert all(len(row) == 2 + 3 * count + 1 and row[-1] == "" for row in rows)
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    times = np.array([float(row[1]) for row in rows])
    assert np.abs(np.diff(times) - 1 / float(head["DataRate"])).max() < 2e-6
    places = [[float(cell) if cell else np.nan for cell in row[2:-1]] for row in rows]
    return names[2::3], times, np.reshape(places, (len(rows), count, 3))


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


def test_mot(side: Material) -> None:
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
    material: Material = request.getfixturevalue(clip)
    motion = material.movement("")
    names, times, places = read_trc(trc_text(marker_set(motion), "squat.trc"))
    _, columns = read_mot(mot_text(coordinates(motion), "squat"))
    assert np.array_equal(times, columns["time"])
    body = {name: places[:, number] for number, name in enumerate(names)}
    knee = flexion(body["LHip"], body["LKnee"], body["LAnkle"])
    difference = knee - columns["knee_angle_l"]
    assert np.sqrt(np.nanmean(difference**2)) < error_deg
    assert np.nanmax(knee) > 90


def read_c3d(data: bytes, folder: Path) -> Any:
    (folder / "read.c3d").write_bytes(data)
    return ezc3d.c3d(str(folder / "read.c3d"))


def test_c3d(gappy: MarkerSet, side: Material, tmp_path: Path) -> None:
    file = read_c3d(c3d_bytes(gappy, side.report), tmp_path)
    point = file["parameters"]["POINT"]
    assert point["LABELS"]["value"] == list(MARKERS)
    assert point["UNITS"]["value"] == ["mm"]
    assert point["RATE"]["value"][0] == pytest.approx(gappy.rate_hz)
    assert [point[f"{axis}_SCREEN"]["value"][0] for axis in "XY"] == ["+X", "+Y"]
    places = np.moveaxis(file["data"]["points"][:3], (0, 1, 2), (2, 1, 0))
    assert np.allclose(places, gappy.places_m * 1000, atol=1e-3, equal_nan=True)
    missing = np.isnan(gappy.places_m).any(axis=2).T
    assert missing.any()
    assert np.array_equal(file["data"]["meta_points"]["residuals"][0] < 0, missing)
    assert file["parameters"]["MANUFACTURER"]["SOFTWARE"]["value"] == ["formcheck"]
    assert file["parameters"]["FORMCHECK"]["VIDEO_SHA256"]["value"] == [side.report.video.sha256]


def test_c3d_events_are_the_reports(side: Material, tmp_path: Path) -> None:
    found = marker_set(side.movement(""))
    event = read_c3d(c3d_bytes(found, side.report), tmp_path)["parameters"]["EVENT"]
    labels = event["LABELS"]["value"]
    reps = side.report.reps
    assert labels == [f"{what} {r.index}" for r in reps for what in ("Start", "Turn", "End")]
    seconds = 60 * event["TIMES"]["value"][0] + event["TIMES"]["value"][1]
    expected = [t for r in reps for t in (r.start_s, r.turn_s, r.end_s)]
    assert np.allclose(seconds, expected, atol=1e-5)
    assert int(event["USED"]["value"][0]) == len(labels)


def test_c3d_counts_from_its_first_picture(side: Material, tmp_path: Path) -> None:
    late = measure_motion(clean(sk.squat(sk.even_set(2)).select(slice(30, None))))
    found = marker_set(late)
    assert found.t_s[0] == pytest.approx(1.0)
    file = read_c3d(c3d_bytes(found, side.report), tmp_path)["parameters"]
    assert file["FORMCHECK"]["START"]["value"][0] == pytest.approx(1.0)
    turn = file["EVENT"]["LABELS"]["value"].index("Turn 1")
    seconds = file["EVENT"]["TIMES"]["value"][1][turn]
    assert seconds == pytest.approx(side.report.reps[0].turn_s - 1.0, abs=1e-5)
