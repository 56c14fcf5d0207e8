"""``formcheck compare``: numbers, a page and a video of two clips."""

from __future__ import annotations

import base64
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from formcheck.compare.model import ComparisonReport
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import CommandLine, Here

LEANING = SAMPLES / "squat_side_lean.mp4"
FILES = ["comparison.html", "comparison.json", "comparison.svg"]


@pytest.fixture(scope="module")
def compared(
    formcheck: CommandLine, squat_clip: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("compared")
    done = formcheck.run("compare", squat_clip, LEANING, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    return out, done.stdout


def test_what_differs_is_the_fault_that_was_rendered(compared: tuple[Path, str]) -> None:
    out, printed = compared
    assert sorted(path.name for path in out.iterdir()) == FILES
    report = ComparisonReport.model_validate_json((out / "comparison.json").read_bytes())
    assert (report.exercise, report.a.reps, report.b.reps) == ("squat", [1, 2, 3], [1, 2, 3])
    clear = {m.name for m in report.measurements if m.clear}
    assert {"trunk_lean_bottom", "trunk_shin"} <= clear
    assert "knee_flexion_bottom" not in clear
    assert {len(c.difference) for c in report.curves} == {len(report.phase_percent)} == {101}
    words = " ".join(printed.split())
    assert "What differs" in words
    assert "forward lean" in words
    assert f"Files: {out}" in printed


def test_numbers_fit_together(compared: tuple[Path, str]) -> None:
    report = ComparisonReport.model_validate_json((compared[0] / "comparison.json").read_bytes())
    for m in report.measurements:
        if m.reason is None:
            assert None not in (m.a, m.b, m.difference, m.error)
            assert m.difference == pytest.approx((m.b or 0) - (m.a or 0), abs=2e-4)
            assert m.clear == (abs(m.difference or 0) > 2 * (m.error or 0))
        else:
            assert (m.difference, m.error, m.clear) == (None, None, False)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href", "data", "poster")]


def test_the_page_needs_nothing_else(compared: tuple[Path, str]) -> None:
    text = (compared[0] / "comparison.html").read_text(encoding="utf-8")
    page = Tags()
    page.feed(text)
    assert "script" not in page.tags
    assert all(address.startswith(("data:", "#")) for address in page.addresses)
    found = re.search(r"data:image/svg\+xml;base64,([\w+/=]+)", text)
    assert found is not None
    figure = base64.b64decode(found[1])
    assert figure == (compared[0] / "comparison.svg").read_bytes()
    assert ET.fromstring(figure).tag == "{http://www.w3.org/2000/svg}svg"
    assert "squat_side_lean.mp4" in text
    assert "forward lean" in text


def test_one_repetition_and_a_video(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = here("compare", f"{squat_clip}#2", f"{squat_clip}#3", "--out", out, "--video", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in out.iterdir()) == sorted([*FILES, "comparison.mp4"])
    report = ComparisonReport.model_validate_json((out / "comparison.json").read_bytes())
    assert (report.a.reps, report.b.reps) == ([2], [3])
    assert not [m.name for m in report.measurements if m.clear]  # even repetitions
    assert 'src="comparison.mp4"' in (out / "comparison.html").read_text(encoding="utf-8")


def test_names_are_text(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    """Also one that looks like a repetition, and the default folder."""
    name = "<script>alert('x')<\N{FULLWIDTH SOLIDUS}script> \"q\" {{ 1+1 }} \N{FLEXED BICEPS}#2.mp4"
    clip, other = tmp_path / name, tmp_path / "b#1"
    shutil.copy(squat_clip, clip)
    shutil.copy(squat_clip, other)
    done = here("compare", clip, other)
    assert done.returncode == 0, done.stderr
    (out,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert out.name.endswith("_vs_b#1_formcheck")
    text = (out / "comparison.html").read_text(encoding="utf-8")
    page = Tags()
    page.feed(text)
    assert "script" not in page.tags
    assert "&lt;script&gt;alert(" in text
    assert "{{ 1+1 }} \N{FLEXED BICEPS}#2.mp4" in text
    report = ComparisonReport.model_validate_json((out / "comparison.json").read_bytes())
    assert report.a.path.endswith(name)
    assert report.a.reps == report.b.reps == [1, 2, 3]


@pytest.mark.parametrize(
    ("second", "options", "sentence"),
    [
        ("row_side_good.mp4", [], "Clip A is a squat and clip B a bent-over row: only clips of"),
        ("squat_side_good.mp4#9", [], "Clip B has no rep 9 that counts; it has 1, 2, 3."),
        ("squat_side_good.mp4", ["--series", "x"], "--series: there is no series 'x'"),
        ("squat_side_good.mp4", ["--exercise", "yoga"], "--exercise: expected one of squat, "),
    ],
)
def test_refusals_are_one_sentence(
    here: Here,
    squat_clip: Path,
    tmp_path: Path,
    second: str,
    options: list[str],
    sentence: str,
) -> None:
    out = tmp_path / "out"
    done = here("compare", squat_clip, SAMPLES / second, "--out", out, *options)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1
    assert not out.exists()


def test_the_exercise_may_be_given(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = here(
        "compare", squat_clip, LEANING, "--out", out, "--exercise", "squat", "--series", "neck"
    )
    assert done.returncode == 0, done.stderr
    report = ComparisonReport.model_validate_json((out / "comparison.json").read_bytes())
    assert [curve.series for curve in report.curves] == ["neck"]


def test_a_report_is_no_clip(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    assert here("analyze", squat_clip, "--out", tmp_path, "--no-html").returncode == 0
    for source in (tmp_path, tmp_path / "report.json"):
        done = here("compare", squat_clip, source)
        assert done.returncode == 2
        assert done.stderr == (
            f"compare needs the clips themselves: instead of {source}, name {squat_clip}.\n"
        )


def test_a_missing_clip(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    done = here("compare", squat_clip, tmp_path / "gone.mp4#1", "--out", tmp_path / "o")
    assert done.returncode == 3
    assert "gone.mp4" in done.stderr
    assert not (tmp_path / "o").exists()
