"""What `formcheck.analyze` hands to somebody in a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import formcheck
from formcheck import ClipAnalysis, FormcheckError, TrackCache, analyze, analyze_track
from formcheck.errors import MissingLibraryError, ModelError, UnknownSeriesError, UsageError
from formcheck.pose import landmarks
from formcheck.pose.cache import renamed
from formcheck.present.notebook import MOST_ROWS
from formcheck.words.severity import Severity
from tests.helpers.remux import remux
from tests.helpers.skeleton import STANDING, clock, even_set, film, squat

if TYPE_CHECKING:
    from formcheck.analysis import Analysis
    from formcheck.pose.track import PoseTrack

ROOT = Path(__file__).resolve().parents[1]
FILES = ["angles.csv", "report.html", "report.json"]


@pytest.fixture(scope="module")
def clip(shared_cache: Path) -> ClipAnalysis:
    faulty = ROOT / "sample_videos" / "clips" / "squat_side_lean.mp4"
    return analyze(faulty, cache=TrackCache(shared_cache))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("short") / "short.mp4"
    remux(ROOT / "sample_videos" / "clips" / "row_side_good.mp4", file, seconds=1.0)
    return file


def another(clip: ClipAnalysis, analysis: Analysis | None = None, name: str = "") -> ClipAnalysis:
    """The same clip with another finding or name."""
    tracked = renamed(clip.tracked, Path(name or clip.tracked.video.path))
    found = analysis or clip.analysis
    return ClipAnalysis(tracked, clip.model, clip.settings, clip.book, found)


@pytest.fixture(scope="module")
def nothing(clip: ClipAnalysis) -> ClipAnalysis:
    """Somebody who stands."""
    return another(clip, analyze_track(film(clock(4.0), STANDING)))


def test_it_tells_itself_in_two_lines(clip: ClipAnalysis) -> None:
    first, second = repr(clip).splitlines()
    assert first == "<ClipAnalysis squat_side_lean.mp4: Squat with hands at the chest, 3 reps, " + (
        f"score {clip.score:.0f} of 100"
    )
    assert second.startswith("Main thing to fix: let your knees travel further forward")
    assert repr(clip.analysis) == f"<Analysis: squat, 3 reps, score {clip.score:.0f}>"


def test_an_unknown_exercise_is_told(nothing: ClipAnalysis) -> None:
    assert nothing.exercise == "unknown"
    assert nothing.score is None
    assert repr(nothing) == "<ClipAnalysis squat_side_lean.mp4: exercise not recognised>"
    assert "<table>" not in nothing._repr_html_()
    assert len(nothing.reps) == 0
    assert nothing.angles["rep"].isna().all()


def test_a_table_for_notebooks(clip: ClipAnalysis) -> None:
    html = clip._repr_html_()
    assert html.count("<tr>") == 1 + len(clip.analysis.reps)
    assert html.count("<th>") == 3 + 5
    (check,) = (c for c in clip.report().reps[0].checks if c.rule == "squat.parallel")
    assert f"{check.value:.0f}° ±{check.error:.0f}, moderate</td>" in html
    assert "Main thing to fix" in html


def test_text_in_the_table_is_escaped(clip: ClipAnalysis) -> None:
    html = another(clip, name="clips/<script>&.mp4")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;&amp;.mp4" in html


def test_a_long_set_stays_a_small_table(clip: ClipAnalysis) -> None:
    count = MOST_ROWS + 3
    html = another(clip, analyze_track(squat(even_set(count)), exercise="squat"))._repr_html_()
    assert html.count("<tr>") == 1 + MOST_ROWS + 1
    assert "3 more reps" in html


def test_repetitions_as_a_frame(clip: ClipAnalysis) -> None:
    reps, report = clip.reps, clip.report()
    assert reps.index.name == "rep"
    assert list(reps.index) == [rep.index for rep in report.reps]
    for rep in report.reps:
        row = reps.loc[rep.index]
        assert (row["kind"], row["start_s"], row["turn_s"]) == (rep.kind, rep.start_s, rep.turn_s)
        for phase in rep.phases:
            assert row[f"{phase.name}_start_s"] == phase.start_s
            assert row[f"{phase.name}_end_s"] == phase.end_s
        lean = rep.measurements["trunk_lean_bottom"]
        assert row["trunk_lean_bottom_deg"] == lean.value
        assert row["trunk_lean_bottom_deg_error"] == lean.error
        for check in rep.checks:
            assert row[f"{check.rule.replace('.', '_')}_severity"] == check.severity
    unseen = next(name for name, m in report.reps[0].measurements.items() if not m.valid)
    assert reps.filter(regex=f"^{unseen}").isna().all(axis=None)
    severities = reps.filter(like="_severity")
    assert set(severities.stack()) <= set(Severity)


def test_angles_as_a_frame(clip: ClipAnalysis) -> None:
    angles, found = clip.angles, clip.analysis.motion.angles
    names = {n.removesuffix("_deg") for n in angles if n.endswith("_deg")}
    assert names == {*found.columns, *(f"{name}_error" for name in found.columns)}
    np.testing.assert_array_equal(angles["t_s"], found.t_s)
    np.testing.assert_array_equal(angles["knee_flexion_left_deg"], found["knee_flexion_left"])
    for rep in clip.analysis.reps:
        assert angles["rep"][rep.rep.cycle.turn] == rep.rep.index
        assert angles["phase"][rep.rep.cycle.turn] == "bottom"
    angles.loc[:, "trunk_lean_deg"] = 0.0
    assert clip.angles["trunk_lean_deg"].abs().max() > 0.0


def test_poses_as_movement_has_them(clip: ClipAnalysis) -> None:
    track: PoseTrack = clip.analysis.motion.track
    poses = clip.poses()
    assert poses.position.dims == ("time", "space", "keypoint", "individual")
    assert poses.confidence.dims == ("time", "keypoint", "individual")
    assert list(poses.space.values) == ["x", "y"]
    assert list(poses.keypoint.values) == list(landmarks.NAMES)
    np.testing.assert_array_equal(poses.time, track.t_s)
    knee = poses.sel(keypoint="left_knee", individual="lifter")
    np.testing.assert_array_equal(knee.position, track.point("knee", "left"))
    np.testing.assert_array_equal(
        knee.confidence, track.visibility[:, landmarks.index("knee", "left")]
    )
    assert poses.attrs["ds_type"] == "poses"
    assert poses.attrs["time_unit"] == "seconds"
    assert "fps" not in poses.attrs
    poses.position[:] = 0.0
    assert np.abs(track.xy_px).max() > 0.0


def test_a_figure_that_shows_itself(clip: ClipAnalysis) -> None:
    before = dict(mpl.rcParams)
    figure = clip.plot("knee_flexion", "trunk_lean")
    assert isinstance(figure, Figure)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["Knee flexion (deg)", "Trunk lean (deg)"]
    knee = clip.analysis.motion.series("knee_flexion")
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), knee)
    picture = figure._repr_png_()  # type: ignore[attr-defined]
    assert picture.startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before


def test_a_figure_of_what_matters(clip: ClipAnalysis) -> None:
    figure = clip.plot(over="reps")
    assert len(figure.axes) > 1
    assert figure.axes[-1].get_xlabel() == "Repetition (%)"


def test_what_cannot_be_plotted_is_refused(clip: ClipAnalysis, nothing: ClipAnalysis) -> None:
    with pytest.raises(UnknownSeriesError, match="similar: knee_flexion, "):
        clip.plot("trunk_lean", "knee_flexon")
    with pytest.raises(UsageError, match="expected 'time' or 'reps', got 'phase'"):
        clip.plot("knee_flexion", over="phase")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no repetition was found"):
        nothing.plot("knee_flexion", over="reps")


def test_saved_as_the_command_writes_it(
    clip: ClipAnalysis, shared_cache: Path, tmp_path: Path
) -> None:
    folder = clip.save(tmp_path / "ours")
    command = [sys.executable, "-m", "formcheck", "analyze", clip.tracked.video.path, "--quiet"]
    subprocess.run(
        [*command, "--out", str(tmp_path / "theirs")],
        env=os.environ | {"FORMCHECK_CACHE": str(shared_cache), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert sorted(file.name for file in folder.iterdir()) == FILES
    for name in FILES:
        assert (folder / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes(), name


def test_saved_next_to_the_clip(clip: ClipAnalysis, tmp_path: Path) -> None:
    folder = another(clip, name=str(tmp_path / "set 1.mp4")).save()
    assert folder == tmp_path / "set 1_formcheck"
    assert sorted(file.name for file in folder.iterdir()) == FILES


def test_tracks_are_kept_unless_told_not_to(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = tmp_path / "users"
    monkeypatch.setenv("FORMCHECK_CACHE", str(users))
    looked: list[float] = []

    def look(done_s: float, _total_s: float | None) -> None:
        looked.append(done_s)

    for off in (None, False):
        analyze(short, cache=off, progress=look)
        assert not users.exists()
    analyze(short, cache=TrackCache(tmp_path / "own"))
    assert not users.exists()
    assert TrackCache(tmp_path / "own").size_bytes() > 0
    looked.clear()
    analyze(short, progress=look)
    assert looked
    assert TrackCache(users).size_bytes() > 0
    looked.clear()
    analyze(short, progress=look)
    assert not looked


def test_a_network_by_its_name(short: Path) -> None:
    assert analyze(short, model="fast").model.name == "pose_lite"
    with pytest.raises(ModelError, match=r"no pose model .*finest"):
        analyze(short, model="finest")


@pytest.mark.parametrize(
    ("library", "extra", "call"),
    [
        ("pandas", "frames", lambda clip: clip.reps),
        ("pandas", "frames", lambda clip: clip.angles),
        ("xarray", "movement", lambda clip: clip.poses()),
    ],
    ids=["reps", "angles", "poses"],
)
def test_a_missing_library_is_named(
    clip: ClipAnalysis,
    monkeypatch: pytest.MonkeyPatch,
    library: str,
    extra: str,
    call: object,
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert callable(call)
    with pytest.raises(MissingLibraryError) as caught:
        call(clip)
    assert f"needs the extra '{extra}': pip install 'formcheck[{extra}]'." in str(caught.value)


def test_the_package_shows_what_it_has() -> None:
    assert dir(formcheck) == sorted(formcheck.__all__)
    assert {*formcheck._HOME, "__version__"} == set(formcheck.__all__)
    for name in formcheck.__all__:
        assert getattr(formcheck, name) is not None
    assert issubclass(formcheck.UnknownSeriesError, FormcheckError)
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = formcheck.analyse  # type: ignore[attr-defined]
