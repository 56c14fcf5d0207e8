"""C3D files, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ezc3d
import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.export.c3d import c3d_bytes
from formcheck.export.markers import MARKERS, marker_set
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from tests.helpers import skeleton as sk

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck import Report
    from formcheck.export.markers import MarkerSet
    from formcheck.export.source import Source

    Floats = NDArray[np.float64]


def read_c3d(data: bytes, folder: Path) -> Any:
    (folder / "read.c3d").write_bytes(data)
    return ezc3d.c3d(str(folder / "read.c3d"))


def test_c3d(gappy: MarkerSet, side: Source, tmp_path: Path) -> None:
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


def test_c3d_events_are_the_reports(side: Source, tmp_path: Path) -> None:
    found = marker_set(side.movement(""))
    event = read_c3d(c3d_bytes(found, side.report), tmp_path)["parameters"]["EVENT"]
    labels = event["LABELS"]["value"]
    reps = side.report.reps
    assert labels == [f"{what} {r.index}" for r in reps for what in ("Start", "Turn", "End")]
    seconds = 60 * event["TIMES"]["value"][0] + event["TIMES"]["value"][1]
    expected = [t for r in reps for t in (r.start_s, r.turn_s, r.end_s)]
    assert np.allclose(seconds, expected, atol=1e-5)
    assert int(event["USED"]["value"][0]) == len(labels)


def test_c3d_counts_from_its_first_picture(side: Source, tmp_path: Path) -> None:
    late = measure_motion(clean(sk.squat(sk.even_set(2)).select(slice(30, None))))
    found = marker_set(late)
    assert found.t_s[0] == pytest.approx(1.0)
    file = read_c3d(c3d_bytes(found, side.report), tmp_path)["parameters"]
    assert file["FORMCHECK"]["START"]["value"][0] == pytest.approx(1.0)
    turn = file["EVENT"]["LABELS"]["value"].index("Turn 1")
    seconds = file["EVENT"]["TIMES"]["value"][1][turn]
    assert seconds == pytest.approx(side.report.reps[0].turn_s - 1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("reps", "labels"), [(85, ("Start", "Turn", "End")), (86, ("Turn",)), (255, ("Turn",))]
)
def test_no_more_events_than_the_format_counts(
    gappy: MarkerSet, side: Source, tmp_path: Path, reps: int, labels: tuple[str, ...]
) -> None:
    """Beyond 255 events the whole file could not be read."""
    event = read_c3d(c3d_bytes(gappy, with_reps(side.report, reps)), tmp_path)["parameters"][
        "EVENT"
    ]
    expected = [f"{label} {number}" for number in range(1, reps + 1) for label in labels]
    assert event["LABELS"]["value"] == expected


def test_more_repetitions_than_events_are_refused(gappy: MarkerSet, side: Source) -> None:
    with pytest.raises(UsageError, match="at most 255 events, and this clip has 256 repetitions"):
        c3d_bytes(gappy, with_reps(side.report, 256))


def with_reps(report: Report, count: int) -> Report:
    reps = [report.reps[0].model_copy(update={"index": n + 1}) for n in range(count)]
    return report.model_copy(update={"reps": reps})
