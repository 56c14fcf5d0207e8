"""``formcheck export``: one file for another tool, or one sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

from formcheck import analyze, build_report
from formcheck.lifter import Lifter
from formcheck.pose.cache import TrackCache
from formcheck.report.files import write_report
from formcheck.report.model import FilesPart
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine, Here

MAGIC = {
    "csv": b"t_s,",
    "parquet": b"PAR1",
    "trc": b"PathFileType\t4\t",
    "mot": b"squat\nversion=1\n",
    "c3d": b"\x02P",
}


@pytest.fixture
def clip(squat_clip: Path, tmp_path: Path) -> Path:
    """A clip in a folder of its own, which may be written to."""
    return Path(shutil.copy(squat_clip, tmp_path / "squat.mp4"))


@pytest.fixture
def report(clip: Path, shared_cache: Path) -> Path:
    """The clip's report, in the usual folder, for a lifter of 1.76 m."""
    done = analyze(clip, lifter=Lifter(height_m=1.76), cache=TrackCache(shared_cache))
    folder = clip.parent / "squat_formcheck"
    told = build_report(done, FilesPart(angles_csv="angles.csv"))
    write_report(told, done.analysis.motion, folder)
    return folder / "report.json"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("parquet", "squat_angles.parquet"),
        ("trc", "squat.trc"),
        ("mot", "squat.mot"),
        ("c3d", "squat.c3d"),
    ],
)
def test_every_format_lies_next_to_the_clip(here: Here, clip: Path, kind: str, name: str) -> None:
    done = here("export", clip, "--format", kind)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Written: {clip.parent / name}\n"
    assert {file.name for file in clip.parent.iterdir()} == {"squat.mp4", name}
    data = (clip.parent / name).read_bytes()
    assert data.startswith(MAGIC[kind])


def test_another_table(here: Here, clip: Path) -> None:
    done = here("export", clip, "-f", "parquet", "--table", "reps", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert parquet.read_table(clip.parent / "squat_reps.parquet").num_rows == 3


def test_text_goes_to_standard_output(formcheck: CommandLine, clip: Path) -> None:
    done = formcheck.run("export", clip, "-f", "mot", "-o", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.encode().startswith(MAGIC["mot"])
    assert len(done.stdout.splitlines()) == 231
    assert list(clip.parent.iterdir()) == [clip]


def test_a_report_gives_what_it_reported(here: Here, report: Path, clip: Path) -> None:
    told = json.loads(report.read_text())
    for rep in told["reps"]:
        rep["index"] += 10  # the repetitions are the report's, whatever is found today
    told["formcheck"]["version"] = "0.0.1"
    report.write_text(json.dumps(told))
    done = here("export", report, "-f", "csv", "-o", "-")
    assert done.returncode == 0
    assert done.stderr.startswith("The report was made by formcheck 0.0.1; this is ")
    assert len(done.stderr.splitlines()) == 1
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["rep"] for row in rows} == {"", "11", "12", "13"}
    tall = here("export", report, "-f", "trc", "-o", "-").stdout
    plain = here("export", clip, "-f", "trc", "-o", "-").stdout
    heights = [float(text.splitlines()[6].split("\t")[3]) for text in (tall, plain)]
    assert heights[0] / heights[1] == pytest.approx(1.76 / 1.74, rel=1e-3)


def test_a_report_whose_clip_is_gone(here: Here, report: Path, clip: Path) -> None:
    clip.unlink()
    done = here("export", report, "-f", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Written: {report.parent / 'report_angles.csv'}\n"
    done = here("export", report, "-f", "trc")
    assert done.returncode == 3
    assert done.stderr.startswith("A TRC file cannot be made from the report alone: ")
    assert done.stderr.endswith(f"its clip {clip} is not there any more.\n")
    assert len(done.stderr.splitlines()) == 1
    assert not list(report.parent.glob("*.trc"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-f", "xls"], "--format: expected one of csv, parquet, trc, mot, c3d, got 'xls'."),
        (["-f", "csv", "--table", "feet"], "--table: expected one of angles, landmarks, reps"),
        (["-f", "trc", "--table", "reps"], "--table is for csv and parquet, not for trc."),
        (["-f", "c3d", "-o", "-"], "--out: c3d is not text; name a file instead of -."),
        (["-f", "csv", "--sample-rate", "1"], "--sample-rate: expected 5 to 120"),
        (["-f", "csv", "--exercise", "yoga"], "--exercise: expected one of squat, "),
    ],
)
def test_wrong_options_are_one_sentence(
    here: Here, clip: Path, options: list[str], sentence: str
) -> None:
    done = here("export", clip, *options)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1
    assert list(clip.parent.iterdir()) == [clip]


@pytest.mark.parametrize(
    "option", [("--start", "2"), ("--sample-rate", "20"), ("--bar", "low"), ("--rules", "my.toml")]
)
def test_a_report_keeps_its_settings(here: Here, report: Path, option: tuple[str, str]) -> None:
    done = here("export", report, "-f", "csv", *option)
    assert done.returncode == 2
    assert done.stderr == (
        f"{option[0]}: a report is exported as it was made; give the clip instead.\n"
    )


@pytest.mark.parametrize("pair", ["clip clip", "report report", "report clip"])
def test_what_is_exported_is_never_replaced(
    here: Here, clip: Path, report: Path, pair: str
) -> None:
    before = clip.read_bytes(), report.read_bytes()
    given, out = ({"clip": clip, "report": report}[name] for name in pair.split())
    done = here("export", given, "-f", "csv", "-o", out)
    assert done.returncode == 2
    assert done.stderr.endswith("is the source itself; choose another file with --out.\n")
    assert (clip.read_bytes(), report.read_bytes()) == before


def test_an_unreadable_clip_leaves_an_old_file_alone(here: Here, tmp_path: Path) -> None:
    clip, out = tmp_path / "clip.mp4", tmp_path / "clip.trc"
    clip.write_text("no video")
    out.write_text("old")
    assert here("export", clip, "-f", "trc").returncode == 3
    assert out.read_text() == "old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_device_is_written_to_not_replaced(here: Here, clip: Path) -> None:
    done = here("export", clip, "--format", "parquet", "--out", "/dev/full")
    assert done.returncode == 6
    assert "no space left on device" in done.stderr
    assert Path("/dev/full").is_char_device()


def test_a_folder_in_the_way(here: Here, clip: Path) -> None:
    (clip.parent / "squat.trc").mkdir()
    done = here("export", clip, "-f", "trc")
    assert done.returncode == 6
    assert "is a folder there" in done.stderr


@pytest.mark.parametrize(
    ("kind", "library", "sentence"),
    [
        ("c3d", "ezc3d", "A C3D file needs the extra 'c3d': pip install 'formcheck[c3d]'."),
        (
            "parquet",
            "pyarrow",
            "A Parquet file needs the extra 'parquet': pip install 'formcheck[parquet]'.",
        ),
    ],
)
def test_without_the_library(
    formcheck: CommandLine, clip: Path, tmp_path: Path, kind: str, library: str, sentence: str
) -> None:
    """A module that is None in `sys.modules` is one that is not installed."""
    code = f"import sys; sys.modules[{library!r}] = None; from formcheck.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "export", str(clip), "-f", kind],
        env=formcheck.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"{sentence}\n"
    assert list(tmp_path.iterdir()) == [clip]


def test_an_unknown_exercise_is_exported_without_repetitions(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "short.csv"
    clip = SAMPLES / "squat_side_good.mp4"
    done = here("export", clip, "-f", "csv", "-o", out, "--end", "0.9")
    assert done.returncode == 5
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert len(rows) > 15
    assert {row["rep"] for row in rows} == {""}


def test_help_imports_nothing_heavy() -> None:
    code = """
import sys
from formcheck.cli.app import app
try:
    app(["export", "--help"])
except SystemExit:
    pass
heavy = ("av", "cv2", "ezc3d", "numpy", "pandas", "pyarrow")
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_matroska_clip_keeps_its_rate(here: Here, tmp_path: Path) -> None:
    """103 pictures, 30 a second, with stamps rounded to a millisecond."""
    clip = Path(__file__).parents[1] / "export" / "cases" / "rate_30fps.mkv"
    file = tmp_path / "rate.trc"
    assert here("export", clip, "-f", "trc", "-o", file, "-q").returncode in (0, 5)
    _, names, values, *_ = (line.split("\t") for line in file.read_text().split("\n"))
    told = dict(zip(names, values, strict=True))
    assert (told["DataRate"], told["CameraRate"], told["NumFrames"]) == ("30", "30", "103")
